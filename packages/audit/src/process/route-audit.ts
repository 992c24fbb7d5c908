import type { KnownRoute } from '../routes.ts';
import type { AuditTask } from './messages.ts';
import type { Listener, RunningAudit } from './start-audit.ts';
import { startAudit } from './start-audit.ts';

/** The journal that audits read. */
export interface AuditPlace {
  readonly journalPath: string;
  /** Path of the native addon of better-sqlite3, in the packed executable. Null elsewhere. */
  readonly addonPath: string | null;
  /** All routes of the agent. */
  readonly routes: readonly KnownRoute[];
}

/** Starts an audit of one route. @param folder a folder below its source; null: the whole source */
export function startRouteAudit(
  { journalPath, addonPath, routes }: AuditPlace,
  { settings, marker, plainFolderMeant }: KnownRoute,
  task: AuditTask,
  folder: string | null,
  listener: Listener,
): RunningAudit {
  const ownMarkers = routes.flatMap((each) => each.marker ?? []);
  const init = { task, route: settings, marker, plainFolderMeant, ownMarkers, journalPath, addonPath, folder };
  return startAudit(init, listener, settings.stallMaxMs);
}
