// WAITING_FOR_NETWORK: the checks before the copy did not reach the destination. WAITING_FOR_SPACE: they did, and there is no room.
//
// Entered from IN_QUEUE; the recovery of a copy that filled the destination passes through IN_QUEUE at once.
// Ended by READY (the destination answers well and the pause is over, or the file fits) or REMOVED.

import { commonOf, type InQueueFile, type WaitingForNetworkFile, type WaitingForSpaceFile } from '../model/file.ts';
import { backoffMs } from '../policy/backoff.ts';
import { fits } from '../policy/space.ts';
import type { RouteState } from '../state/state.ts';
import { monotonic, move, refresh, type Work, wakeAt } from '../state/work.ts';
import { becomeReady } from './ready.ts';

type WaitingFile = WaitingForNetworkFile | WaitingForSpaceFile;

/** Makes a file wait because its preflight did not reach the destination. */
export function waitForNetwork(work: Work, route: RouteState, file: InQueueFile, code: string): void {
  const networkTries = file.networkTries + 1;
  const retryAt = networkTries < 2 ? work.wall : work.wall + backoffMs(networkTries - 1);
  const waiting: WaitingForNetworkFile = { ...commonOf(file), status: 'WAITING_FOR_NETWORK', growing: file.growing, networkTries, retryAt };
  watchWait(work, route, move(work, waiting, { kind: 'destination_not_reached', code }));
}

/** Makes a file wait because the destination has no room for it. */
export function waitForSpace(work: Work, route: RouteState, file: InQueueFile): void {
  const retryAt = work.wall + route.settings.space.retryEveryMs;
  const waiting: WaitingForSpaceFile = { ...commonOf(file), status: 'WAITING_FOR_SPACE', growing: file.growing, networkTries: 0, retryAt };
  watchWait(work, route, move(work, waiting, { kind: 'no_room' }));
}

/** Sets the alarm that ends the pause, also after a restart. The pause does not depend on how the wall clock is set meanwhile. */
export function watchWait(work: Work, route: RouteState, file: WaitingFile): void {
  const longestMs = file.status === 'WAITING_FOR_SPACE' ? route.settings.space.retryEveryMs : backoffMs(file.networkTries - 1);
  wakeAt(work, file.id, monotonic(work, file.retryAt, longestMs));
}

/** Ends the pause of a file. The file moves on after the next good probe. */
export function endPause(work: Work, file: WaitingFile): void {
  refresh(work, { ...file, retryAt: Number.MIN_SAFE_INTEGER });
}

/** Moves waiting files on after a good probe: those that waited for an answer, and those that fit now. */
export function wakeWaiting(work: Work, route: RouteState): void {
  for (const id of [...route.byStatus.WAITING_FOR_NETWORK]) {
    const file = work.state.files.get(id);
    if (file?.status === 'WAITING_FOR_NETWORK' && file.retryAt <= work.wall) {
      becomeReady(work, file, file, { kind: 'destination_answers' });
    }
  }
  wakeForSpace(work, route);
}

function wakeForSpace(work: Work, route: RouteState): void {
  if (route.byStatus.WAITING_FOR_SPACE.size === 0 || route.space.isFull) return;
  let reserved = route.lanes.unwrittenBytes;
  for (const id of [...route.byStatus.WAITING_FOR_SPACE]) {
    const file = work.state.files.get(id);
    if (file?.status !== 'WAITING_FOR_SPACE' || file.retryAt > work.wall) continue;
    if (!fits(file.fingerprint.sizeBytes, reserved, route.space.disk, route.settings.space)) continue;
    reserved += file.fingerprint.sizeBytes;
    becomeReady(work, file, file, { kind: 'room_again' });
  }
}
