// WAITING_FOR_NETWORK: the checks before the copy did not reach the destination. WAITING_FOR_SPACE: they did, and there is no room.
//
// Entered from IN_QUEUE; the recovery of a copy that filled the destination passes through IN_QUEUE at once.
// Ended by READY (the destination answers well and the pause is over, or the file fits) or REMOVED.

import { commonOf, type InQueueFile } from '../model/file.ts';
import { backoffMs } from '../policy/backoff.ts';
import { fits } from '../policy/space.ts';
import { reservedBytes } from '../state/running.ts';
import type { RouteState } from '../state/state.ts';
import { move, type Work } from '../state/work.ts';
import { becomeReady } from './ready.ts';

/** The preflight did not reach the destination. */
export function waitForNetwork(work: Work, file: InQueueFile, code: string): void {
  const networkTries = file.networkTries + 1;
  const retryAt = networkTries < 2 ? work.wall : work.wall + backoffMs(networkTries - 1);
  move(
    work,
    { ...commonOf(file), status: 'WAITING_FOR_NETWORK', growing: file.growing, networkTries, retryAt },
    { kind: 'destination_not_reached', code },
  );
}

/** The destination was reached, and there is no room. */
export function waitForSpace(work: Work, route: RouteState, file: InQueueFile): void {
  const retryAt = work.wall + route.settings.space.retryEveryMs;
  move(work, { ...commonOf(file), status: 'WAITING_FOR_SPACE', growing: file.growing, networkTries: 0, retryAt }, { kind: 'no_room' });
}

/** The destination has just answered well: what waited for that moves on, and what fits by now. */
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
  let reserved = reservedBytes(work.state, route);
  for (const id of [...route.byStatus.WAITING_FOR_SPACE]) {
    const file = work.state.files.get(id);
    if (file?.status !== 'WAITING_FOR_SPACE' || file.retryAt > work.wall) continue;
    if (!fits(file.fingerprint.sizeBytes, reserved, route.space.disk, route.settings.space)) continue;
    reserved += file.fingerprint.sizeBytes;
    becomeReady(work, file, file, { kind: 'room_again' });
  }
}
