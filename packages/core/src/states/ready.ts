// READY: the file may be copied, and waits for its turn or for what its hold names.
//
// Entered when a file has settled or grows like a recording, when a wait is over, and when a copy was withdrawn.
// Ended by IN_QUEUE (the destination is online and nothing holds the file), GROWING (its source changes), DISCOVERED
// (an operator ended its hold; it has to settle again) or REMOVED.

import type { Condition } from '../messages/effect.ts';
import type { FileEvent } from '../messages/file-event.ts';
import { commonOf, type ReadyFile, type TrackedFile } from '../model/file.ts';
import { limits } from '../model/limits.ts';
import { backoffMs } from '../policy/backoff.ts';
import { ask, monotonic, move, note, type Work, wakeAt } from '../state/work.ts';

/** Returns whether a destination can have the name as it is. */
export function hasValidName(file: TrackedFile): boolean {
  return file.nameValid;
}

/** The properties that a file keeps until its copy. */
interface PendingCopy {
  readonly growing: boolean;
  readonly networkTries?: number;
}

/** Makes a file READY without a hold. */
export function becomeReady(work: Work, file: TrackedFile, pending: PendingCopy, event: FileEvent): ReadyFile {
  const { growing, networkTries = 0 } = pending;
  const free = { hold: null, retryAt: null, movedAt: work.at };
  return move(work, { ...commonOf(file), status: 'READY', growing, networkTries, ...free }, event);
}

/** Makes a file READY with a hold, until `retryAt` (wall clock) or until a person ends it. */
export function becomeHeld(
  work: Work,
  file: TrackedFile,
  held: Pick<ReadyFile, 'growing' | 'hold' | 'retryAt'>,
  event: FileEvent,
): ReadyFile {
  const ready = move(work, { ...commonOf(file), status: 'READY', movedAt: work.at, networkTries: 0, ...held }, event);
  watchRetry(work, ready);
  return ready;
}

/** Gives a file the hold `needs_you`: a person has to act, at the source or on the cause of the failures. */
export function needsPerson(
  work: Work,
  file: TrackedFile,
  why: { readonly event: FileEvent; readonly condition: Condition },
  held: Pick<ReadyFile, 'growing' | 'retryAt'> = { growing: false, retryAt: null },
): ReadyFile {
  const ready = becomeHeld(work, file, { ...held, hold: 'needs_you' }, why.event);
  ask(work, { kind: 'attention', route: file.route, name: 'files_need_you', condition: why.condition });
  return ready;
}

/** Sets the alarm that ends a hold. @param longestMs the longest time that the hold may last, whatever the wall clock was set to */
function watchRetry(work: Work, file: ReadyFile, longestMs: number = limits.backoffLastMs): void {
  if (file.retryAt !== null) wakeAt(work, file.id, monotonic(work, file.retryAt, longestMs));
}

/**
 * Sets the alarm again after a restart. If the wall clock was set back meanwhile, the hold lasts no longer than a hold of its
 * kind may.
 */
export function watchRetryAgain(work: Work, file: ReadyFile): void {
  watchRetry(work, file, file.hold === 'needs_you' ? limits.backoffLastMs : Math.max(backoffMs(file.countedAttempts), limits.pauseAgainMs));
}

/** Ends the hold of a file whose pause is over. */
export function endHold(work: Work, file: ReadyFile): void {
  note(work, { ...file, hold: null, retryAt: null }, { kind: 'pause_over' });
}
