// A route that got another destination. Its journal counts files as copied that are not there.

import { type CompletedFile, isCompleted } from '../model/file.ts';
import { limits } from '../model/limits.ts';
import { leftFileOf, type RouteState } from '../state/state.ts';
import { noteRoute, type Work } from '../state/work.ts';
import { copyAgain } from '../states/completed.ts';

/**
 * Once the new destination is online and the source is listed, every file that is still at the source is compared with the
 * destination, and copied where it is missing. The storage that was known, mounted at another path, has the copies: nothing is
 * compared then.
 */
export function pursueMoved(work: Work, route: RouteState): void {
  const { movedFrom, gate, settings } = route;
  if (movedFrom === null || gate.state !== 'open' || !isAllSeen(route)) return;
  route.movedFrom = null;
  const isSameStorage = gate.marker !== null && gate.marker === movedFrom.marker;
  for (const file of isSameStorage ? [] : [...copiedFiles(work, route)]) {
    if (!file.sourceGone && !movedFrom.copiedSince.has(file.id)) copyAgain(work, route, file);
  }
  // In the same step as the new attempts: a crash leaves both or neither.
  const { destination } = settings;
  if (gate.marker === null) noteRoute(work, route, { kind: 'destination_forgotten', destination });
  else noteRoute(work, route, { kind: 'destination_known', marker: gate.marker, destination });
}

/** Those that core holds, and those that are left to the journal. */
function* copiedFiles({ state }: Work, route: RouteState): Iterable<CompletedFile> {
  for (const id of route.newest.values()) {
    const file = state.files.get(id);
    if (file !== undefined && isCompleted(file)) yield file;
  }
  for (let from: number | null = 0; from !== null && state.ended !== null; ) {
    const { paths, next } = state.ended.after(route.settings.name, from, limits.confirmedFiles);
    for (const { source, number } of paths) {
      const left = leftFileOf(state, route, source);
      if (left?.number === number) yield left.file;
    }
    from = next;
  }
}

/** Nothing counts as being at the source that is gone. */
function isAllSeen({ scanning }: RouteState): boolean {
  const { completedListings, unconfirmed, endedWalk, pathsToCheck, check } = scanning;
  return completedListings >= 2 && endedWalk === null && unconfirmed.size === 0 && pathsToCheck.size === 0 && check === null;
}
