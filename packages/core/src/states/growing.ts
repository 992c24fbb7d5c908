// GROWING: the size or mtime of the file changes, or its writer denies reading it.
//
// Entered from DISCOVERED and READY when a scan sees a change, and from IN_QUEUE when the writer holds the file.
// Ended by READY (no change for `stable_after`, or it grows as a recording does and may be copied meanwhile) or REMOVED.

import type { FileEvent } from '../messages/file-event.ts';
import { commonOf } from '../model/common.ts';
import type { SourceEntry } from '../model/entry.ts';
import { sameFingerprint } from '../model/entry.ts';
import type { GrowingFile, TrackedFile } from '../model/file.ts';
import { firstSight, isRecording, observeMove } from '../policy/growth.ts';
import { settlesAt, type UnsettledFile, wantLook, watchOn } from '../requests/watching.ts';
import type { RouteState } from '../state/state.ts';
import { ask, move, note, refresh, type Work, wakeAt } from '../state/work.ts';
import { becomeReady } from './ready.ts';

export function isUnsettled(file: TrackedFile): file is UnsettledFile {
  return file.status === 'DISCOVERED' || file.status === 'GROWING';
}

/** A file that is not settled yet was seen with another size or mtime. */
export function observeUnsettled(work: Work, route: RouteState, file: UnsettledFile, entry: SourceEntry): void {
  if (sameFingerprint(file.fingerprint, entry.fingerprint)) return;
  const { growing, stuckAfterMs } = route.settings;
  const growth = observeMove(file.growth, file.fingerprint.sizeBytes, entry.fingerprint.sizeBytes, work.at, growing.pollMs);
  const seen = { fingerprint: entry.fingerprint, mode: entry.mode, mayGrow: entry.mayGrow, growth };
  const grown: GrowingFile =
    file.status === 'GROWING'
      ? refresh(work, { ...file, ...seen, heldByWriter: false })
      : becomeGrowing(work, { ...file, ...seen }, { kind: 'source_changes' }, false);
  if (grown.mayGrow && isRecording(growth, grown.fingerprint.sizeBytes, growing)) {
    becomeReady(work, grown, { growing: true }, { kind: 'recording' });
    return;
  }
  // Not by the wall clock: one that jumps would make every file that changes stuck at once.
  if (!grown.stuck && work.at - grown.growth.since >= stuckAfterMs) tellStuck(work, grown);
  watchOn(work, route, grown);
}

function tellStuck(work: Work, file: GrowingFile): void {
  note(work, { ...file, stuck: true }, { kind: 'stuck' });
  ask(work, { kind: 'attention', route: file.route, condition: { kind: 'file_stuck', source: file.source } });
}

/** A source moves, or its writer holds it. */
export function becomeGrowing(
  work: Work,
  file: TrackedFile & { readonly growth?: UnsettledFile['growth'] },
  event: FileEvent,
  heldByWriter: boolean,
): GrowingFile {
  return move(
    work,
    {
      ...commonOf(file),
      status: 'GROWING',
      growth: { ...(file.growth ?? firstSight(work.at)), since: work.at },
      growingSince: work.wall,
      heldByWriter,
      stuck: false,
    },
    event,
  );
}

/** Its alarm rang: ask the source. */
export function lookAgain(work: Work, route: RouteState, file: UnsettledFile): void {
  wantLook(route, file.source);
  wakeAt(work, file.id, work.at + Math.max(route.settings.growing.pollMs, 250));
}

/** A look or a complete listing that was asked for at `requestedAt` shows the file as it was known. */
export function unmoved(work: Work, route: RouteState, file: UnsettledFile, requestedAt: number): void {
  if (requestedAt >= settlesAt(route, file)) becomeReady(work, file, { growing: false }, { kind: 'settled' });
  else watchOn(work, route, file);
}
