// A route that got another destination. Its journal counts files as copied that are not there.

import { isCompleted } from '../model/file.ts';
import type { RouteState } from '../state/state.ts';
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
  for (const id of isSameStorage ? [] : [...route.newest.values()]) {
    const file = work.state.files.get(id);
    if (file !== undefined && isCompleted(file) && !file.sourceGone && !movedFrom.copiedSince.has(id)) copyAgain(work, route, file);
  }
  // In the same step as the new attempts: a crash leaves both or neither.
  const { destination } = settings;
  if (gate.marker === null) noteRoute(work, route, { kind: 'destination_forgotten', destination });
  else noteRoute(work, route, { kind: 'destination_known', marker: gate.marker, destination });
}

/** Nothing counts as being at the source that is gone. */
function isAllSeen({ scanning }: RouteState): boolean {
  const { completedListings, unconfirmed, pathsToCheck, check } = scanning;
  return completedListings >= 2 && unconfirmed.size === 0 && pathsToCheck.size === 0 && check === null;
}
