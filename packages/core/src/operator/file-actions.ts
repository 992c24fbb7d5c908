import type { FileAction, Operator } from '../messages/action.ts';
import { unreachable } from '../model/assert.ts';
import {
  type CompletedFile,
  commonOf,
  isBeingRemoved,
  isCompleted,
  isLost,
  isRunning,
  type ReadyFile,
  type TrackedFile,
} from '../model/file.ts';
import { firstSight } from '../policy/growth.ts';
import { forgetFirst, putFirst } from '../queue.ts';
import { isRemovable } from '../removal/records.ts';
import { waitOf } from '../removal/waits.ts';
import { forgetLimits } from '../state/names.ts';
import { newestOf, type RouteState, routeOf } from '../state/state.ts';
import { askProbe, move, note, refresh, type Work, wakeAt } from '../state/work.ts';
import { copyAgain } from '../states/completed.ts';
import { fail } from '../states/failed.ts';
import { watchOn } from '../states/growing.ts';
import { leaveQueue } from '../states/queued.ts';
import { becomeHeld, becomeReady } from '../states/ready.ts';

/** Does an action that `refusal` has not refused. */
export function actOnFile(work: Work, file: TrackedFile, action: FileAction, who: Operator): void {
  const route = routeOf(work.state, file.route);
  const noted: TrackedFile = note(work, withAnswer(file, action.do), { kind: 'asked', action: action.do, by: who.by, reason: who.reason });
  switch (action.do) {
    case 'retry':
      retry(work, route, noted);
      return;
    case 'skip':
      skip(work, route, noted, who);
      return;
    case 'first':
      goFirst(work, route, noted);
      return;
    case 'acknowledge':
      // The record has the answer already: see `withAnswer`.
      return;
    default:
      unreachable(action.do);
  }
}

/** Returns the file with the change that is part of the record of the request itself. */
function withAnswer(file: TrackedFile, doing: FileAction['do']): TrackedFile {
  if (doing === 'retry') return withoutAttempts(file);
  return doing === 'acknowledge' && isLost(file) ? { ...file, isLost: false } : file;
}

/** Resets the counts of attempts. The reset is in the record of the request: after a crash, the old counts would apply again. */
function withoutAttempts(file: TrackedFile): TrackedFile {
  return 'networkTries' in file ? { ...file, countedAttempts: 0, networkTries: 0 } : { ...file, countedAttempts: 0 };
}

function retry(work: Work, route: RouteState, file: TrackedFile): void {
  // An operator's retry is tried even if its size or name was refused before.
  forgetLimits(route);
  if (file.status === 'COMPLETED_DELETE_FAILED' && mayGoOn(work, route, file)) {
    route.removals.notBefore = Number.NEGATIVE_INFINITY;
    wakeAt(work, file.id, work.at);
    return;
  }
  if (isCompleted(file)) copyAgain(work, route, file);
  else if (file.status === 'READY') endHoldBy(work, route, file);
  else if (file.status === 'WAITING_FOR_NETWORK' || file.status === 'WAITING_FOR_SPACE') refresh(work, { ...file, retryAt: work.wall });
  askProbe(work, route);
}

/**
 * Returns whether a removal that failed is to be tried again. One that has not begun may wait for another copy, which is made first. A file
 * that may have a hidden name gets its own name back first.
 */
function mayGoOn(work: Work, route: RouteState, file: CompletedFile): boolean {
  return isRemovable(file) && (isBeingRemoved(file) || waitOf(work.state, route, file) === null);
}

/** Ends the hold of a file. A file that an operator held may have changed, so it has to settle again. */
function endHoldBy(work: Work, route: RouteState, file: ReadyFile): void {
  if (file.hold !== 'operator') {
    note(work, { ...file, hold: null, retryAt: null }, { kind: 'hold_ended' });
    return;
  }
  const { movedAt } = file;
  watchOn(work, route, move(work, { ...commonOf(file), status: 'DISCOVERED', growth: firstSight(movedAt) }, { kind: 'hold_ended' }));
}

function skip(work: Work, route: RouteState, file: TrackedFile, who: Operator): void {
  forgetFirst(route, file.source);
  if (isRunning(file)) {
    fail(work, route, file, 'skipped', { kind: 'skipped', by: who.by });
    return;
  }
  if (file.status === 'IN_QUEUE') leaveQueue(work, file, { kind: 'skipped' });
  else if (file.status === 'WAITING_FOR_NETWORK' || file.status === 'WAITING_FOR_SPACE') becomeReady(work, file, file, { kind: 'skipped' });
  const waiting = newestOf(work.state, route, file.source) ?? file;
  const held = { hold: 'operator', retryAt: null } as const;
  if (waiting.status === 'READY') note(work, { ...waiting, ...held }, { kind: 'held' });
  else becomeHeld(work, waiting, { growing: false, ...held }, { kind: 'skipped' });
}

/** Puts a file first. Its back-off ends; any other reason to wait stays. */
function goFirst(work: Work, route: RouteState, file: TrackedFile): void {
  if (file.status === 'READY' && file.hold === 'backoff') note(work, { ...file, hold: null, retryAt: null }, { kind: 'hold_ended' });
  putFirst(work, route, file.source);
}
