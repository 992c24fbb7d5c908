import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../limits.ts';
import type { Judged, SafeAnswer } from '../model.ts';
import { isIn } from '../process/folder.ts';
import { type Progress, ProgressSum } from '../process/progress.ts';
import { type AuditPlace, startRouteAudit } from '../process/route-audit.ts';
import type { RunningAudit } from '../process/start-audit.ts';
import type { KnownRoute } from '../routes.ts';
import { combine, type RouteJudged } from './combine.ts';

/** The options of `safe`. */
export interface SafeQuestion {
  readonly place: AuditPlace;
  /** The routes whose sources are judged. */
  readonly routes: readonly KnownRoute[];
  /** A folder below the source of the route. Null: the whole source. */
  readonly folder: string | null;
  /** Whether the bytes on both sides are read. */
  readonly reads: boolean;
  readonly onProgress: (progress: Progress) => void;
  /** Real paths of sources, by the names of their routes. Missing ones are looked up, which hangs if their source hangs. */
  readonly realSources?: ReadonlyMap<string, string>;
}

/** Lists sources as they are now, and judges each file for every route that reads it. @throws AuditFailed */
export async function askSafe({ place, routes, folder, reads, onProgress, realSources }: SafeQuestion): Promise<SafeAnswer> {
  const real = new Map(await Promise.all(place.routes.map(async (route) => [route, await realSource(route, realSources)] as const)));
  const areas = routes.map((route) => (folder === null ? sourceOf(route, real) : join(sourceOf(route, real), folder)));
  const sum = new ProgressSum(onProgress);
  const running: RunningAudit[] = [];
  const audits = place.routes.flatMap((route) => {
    const part = partOf(sourceOf(route, real), areas);
    if (part === null) return [];
    const files: Judged[] = [];
    const listener = { ...sum.add(), judged: (more: readonly Judged[]): void => void files.push(...more) };
    const audit = startRouteAudit(place, route, { kind: 'safe', reads }, part.folder, listener);
    running.push(audit);
    return audit.end.then((end): RouteJudged => ({ audit: end.route, source: sourceOf(route, real), folder: part.folder, files }));
  });
  try {
    return combine(await Promise.all(audits), areas);
  } finally {
    for (const audit of running) audit.abandon();
  }
}

function sourceOf(route: KnownRoute, real: ReadonlyMap<KnownRoute, string>): string {
  return real.get(route) ?? route.settings.source;
}

/** Returns the real path of a source. A source that does not answer keeps its configured path. */
async function realSource({ settings }: KnownRoute, known: SafeQuestion['realSources']): Promise<string> {
  const path = known?.get(settings.name);
  if (path !== undefined) return path;
  const given = pause(limits.realPathMs, settings.source, { ref: false });
  return await Promise.race([realpath(settings.source).catch(() => settings.source), given]);
}

/** Returns which part of a source is in one of the areas. Null: none is. A null folder is the whole source. */
function partOf(source: string, areas: readonly string[]): { readonly folder: string | null } | null {
  if (areas.some((area) => isIn(source, area))) return { folder: null };
  const below = areas.filter((area) => isIn(area, source)).map((area) => relative(source, area).split(sep).join('/'));
  const [only] = below;
  if (only === undefined) return null;
  // For several folders of one source, all of it is listed, and the areas decide which files count.
  return { folder: below.length === 1 ? only : null };
}
