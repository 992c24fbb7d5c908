// A route that got another destination. Its journal counts files as copied that may not be at the new destination.

import type { EndedFiles } from '../messages/ports.ts';
import { type CompletedFile, isCompleted } from '../model/file.ts';
import { limits } from '../model/limits.ts';
import { type CoreState, leftFileOf, type RouteState } from '../state/state.ts';
import { noteRoute, type Work } from '../state/work.ts';
import { copyAgain } from '../states/completed.ts';
import { isConfirmed } from './idle.ts';

/**
 * Compares every file that is still at the source with the new destination, once that is online and the source is listed. A file
 * that is missing there is copied. If the known storage is only mounted at another path, it has the copies, and nothing is
 * compared.
 */
export function pursueMoved(work: Work, route: RouteState): void {
  const { movedFrom, gate, settings } = route;
  if (movedFrom === null || gate.state !== 'open' || !isAllSeen(route)) return;
  route.movedFrom = null;
  const isSameStorage = gate.marker !== null && gate.marker === movedFrom.marker;
  for (const file of isSameStorage ? [] : [...copiedFiles(work.state, route)]) {
    if (!file.sourceGone && !movedFrom.copiedSince.has(file.id)) copyAgain(work, route, file);
  }
  // This is in the same step as the new attempts: after a crash the journal has both or neither.
  const { destination } = settings;
  if (gate.marker === null) noteRoute(work, route, { kind: 'destination_forgotten', destination });
  else noteRoute(work, route, { kind: 'destination_known', marker: gate.marker, destination });
}

/** Yields the newest copy of each path, held by core or left to the journal. */
function* copiedFiles(state: CoreState, route: RouteState): Generator<CompletedFile> {
  for (const id of route.newest.values()) {
    const file = state.files.get(id);
    if (file !== undefined && isCompleted(file)) yield file;
  }
  for (let number: number | null = 0; number !== null && state.ended !== null; ) {
    const piece: ReturnType<EndedFiles['after']> = state.ended.after(route.settings.name, number, limits.confirmedFiles);
    for (const path of piece.paths) {
      const left = leftFileOf(state, route, path.source);
      if (left?.number === path.number && isCompleted(left.file)) yield left.file;
    }
    number = piece.next;
  }
}

/** Returns whether no file that is gone still counts as being at the source. */
function isAllSeen(route: RouteState): boolean {
  const { completedListings, pathsToCheck, check } = route.scanning;
  return completedListings >= 2 && isConfirmed(route) && pathsToCheck.size === 0 && check === null;
}
