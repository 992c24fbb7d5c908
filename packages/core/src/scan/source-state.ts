import type { Event } from '../messages/event.ts';
import { observeFree } from '../policy/space.ts';
import type { RouteState } from '../state/state.ts';
import { noteRoute, type Work } from '../state/work.ts';
import { endHold } from '../states/ready.ts';

/** Applies a state of the source that the intake reports. */
export function sourceState(work: Work, route: RouteState, event: Extract<Event, { kind: 'source_state' }>): void {
  const { source } = route;
  const isNews = source.state !== event.state;
  // A source that is `ok` and has a code cannot be watched. Changes are found by listing it.
  const isListedOnly = event.state === 'ok' && event.code !== null && event.code !== source.code;
  source.freeBytes = event.freeBytes;
  source.totalBytes = event.totalBytes ?? null;
  source.filling = observeFree(source.filling, event.freeBytes, grownOfAll(work), work.at);
  source.cacheMs = event.cacheMs;
  source.description = event.description ?? source.description;
  source.folder = event.folder ?? source.folder;
  source.code = event.code;
  // The unread path is recorded only together with a new state: on a failing disk, another folder may fail first in every
  // listing.
  source.unreadPath = event.unreadPath;
  if (event.state === 'silent') forgetMeant(route);
  if (isListedOnly) noteRoute(work, route, { kind: 'source_not_watched', code: event.code });
  if (!isNews) return;
  source.state = event.state;
  source.since = work.wall;
  noteRoute(work, route, { kind: 'source_state', state: event.state, code: event.code, path: event.unreadPath });
  if (event.state === 'ok') endPauses(work, route);
}

/**
 * Cancels an operator's statement that missing files were removed. The source has not answered since, and may hold something else
 * when it does.
 */
function forgetMeant({ scanning }: RouteState): void {
  scanning.emptyIsMeant = false;
  if (scanning.listing !== null) scanning.listing = { ...scanning.listing, emptyIsMeant: false };
}

/** Ends the back-off of files that were not found while the source was offline. */
function endPauses(work: Work, route: RouteState): void {
  for (const id of [...route.byStatus.READY]) {
    const file = work.state.files.get(id);
    if (file?.status === 'READY' && file.hold === 'backoff') endHold(work, file);
  }
}

/** Returns the growth of all sources. They may share a disk, and a file that fills it fills it for all of them. */
function grownOfAll({ state }: Work): number {
  let bytes = 0;
  for (const { source } of state.routes.values()) bytes += source.grownBytes;
  return bytes;
}
