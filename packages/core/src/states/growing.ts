// GROWING: the size or mtime of the file changes, or its writer denies reading it.
//
// Entered from DISCOVERED and READY when a scan sees a change, and from IN_QUEUE when the writer holds the file.
// Ended by READY (no change for `stable_after`, or it grows as a recording does and may be copied meanwhile) or REMOVED.

import type { FileEvent } from '../messages/file-event.ts';
import {
  commonOf,
  type DiscoveredFile,
  type GrowingFile,
  type ReadyFile,
  type SourceEntry,
  type TrackedFile,
  type WaitingForNetworkFile,
  type WaitingForSpaceFile,
} from '../model/file.ts';
import { sameFingerprint } from '../model/ids.ts';
import { firstSight, isRecording, observeMove, restMs, settledAfter } from '../policy/growth.ts';
import { isStillGrowing } from '../queue.ts';
import { isBelow } from '../state/sightings.ts';
import type { RouteState } from '../state/state.ts';
import { ask, move, note, refresh, type Work, wakeAt, wantCheck } from '../state/work.ts';
import { becomeReady, hasValidName } from './ready.ts';
import { endEmptied } from './removed.ts';

/** A file that has to come to rest before it is copied. */
type UnsettledFile = DiscoveredFile | GrowingFile;

/** Returns whether the file has to become stable before it is copied. */
export function isUnsettled(file: TrackedFile): file is UnsettledFile {
  return file.status === 'DISCOVERED' || file.status === 'GROWING';
}

/** Applies a new size or modification time of a file that has not settled. */
export function observeUnsettled(work: Work, route: RouteState, file: UnsettledFile, entry: SourceEntry, isReplaced: boolean): void {
  if (!isReplaced && sameFingerprint(file.fingerprint, entry.fingerprint)) return;
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
  // This uses the monotonic clock: a jump of the wall clock would make every changing file stuck at once.
  if (!grown.stuck && work.at - grown.growth.since >= stuckAfterMs) reportStuck(work, grown);
  watchOn(work, route, grown);
}

function reportStuck(work: Work, file: GrowingFile): void {
  note(work, { ...file, stuck: true }, { kind: 'stuck' });
  ask(work, { kind: 'attention', route: file.route, name: 'files_need_you', condition: { kind: 'file_stuck', source: file.source } });
}

/** Moves a file to GROWING because its source changes, or because its writer denies reading it. */
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

/**
 * Requests a check of the source after the file's alarm. A full listing that runs and was requested since `dueAt`, the earliest alarm
 * that rings now, is such a check.
 */
export function checkAgain(work: Work, route: RouteState, file: UnsettledFile, dueAt: number): void {
  const { scanning, settings } = route;
  const { listing } = scanning;
  const isListed = listing !== null && !listing.isQuick && listing.requestedAt >= dueAt;
  if (!isListed) wantCheck(route, file.source);
  const pauseMs = isListed || scanning.wantsFullListing ? settings.scanEveryMs : settings.growing.pollMs;
  wakeAt(work, file.id, work.at + Math.max(pauseMs, 250));
}

/** Applies a check or complete listing, requested at `requestedAt`, that shows no change of the file. */
export function unmoved(work: Work, route: RouteState, file: UnsettledFile, requestedAt: number): void {
  if (requestedAt < settlesAt(route, file)) watchOn(work, route, file);
  else if (file.fingerprint.sizeBytes === 0) endEmptied(work, route, file);
  else becomeReady(work, file, { growing: false }, { kind: 'settled' });
}

/** Sets when the file is next checked: every `poll` while it may be a recording, otherwise when it may have settled. */
export function watchOn(work: Work, route: RouteState, file: UnsettledFile): void {
  const { growing } = route.settings;
  const settled = settlesAt(route, file);
  const mayBeRecording = file.mayGrow && growing.enabled && work.at < settled;
  wakeAt(work, file.id, Math.max(work.at + 1, mayBeRecording ? Math.min(work.at + growing.pollMs, settled) : settled));
}

/** Returns when the file has settled, see `settledAfter`. Monotonic milliseconds. */
export function settlesAt({ settings, source }: RouteState, file: UnsettledFile): number {
  return settledAfter(file.growth, restMs(settings, file.pauses), source.cacheMs);
}

/** Applies a change of a READY file. A recording is expected to change; any other file has to settle again. */
export function observeReady(work: Work, route: RouteState, file: ReadyFile, entry: SourceEntry, isReplaced: boolean): void {
  if (!isReplaced && sameFingerprint(file.fingerprint, entry.fingerprint)) return;
  if (file.growing || file.hold === 'operator' || !hasValidName(file))
    refresh(work, { ...file, fingerprint: entry.fingerprint, mode: entry.mode, movedAt: work.at });
  else moveAgain(work, route, file, entry);
}

/**
 * Ends the recordings that wait and are at rest by now: their recorders have stopped, and they are copied as stable files.
 * @param unread folders that could not be read; nothing is known about the files in them
 */
export function endRecordings(work: Work, route: RouteState, unread: readonly string[]): void {
  for (const id of [...route.readyGrowing]) {
    const file = work.state.files.get(id);
    if (file?.status !== 'READY' || isStillGrowing(route, file) || isBelow(file.source, unread)) continue;
    note(work, { ...file, growing: false }, { kind: 'settled' });
  }
}

/** Makes a waiting file settle again after it changed. */
export function moveAgain(
  work: Work,
  route: RouteState,
  file: TrackedFile,
  entry: Pick<SourceEntry, 'fingerprint' | 'mode' | 'mayGrow'>,
): void {
  const growth = observeMove(firstSight(work.at), file.fingerprint.sizeBytes, entry.fingerprint.sizeBytes, work.at, 0);
  const seen = { fingerprint: entry.fingerprint, mode: entry.mode, mayGrow: entry.mayGrow, growth };
  watchOn(work, route, becomeGrowing(work, { ...file, ...seen }, { kind: 'source_changes' }, false));
}

/** Applies another fingerprint of a waiting file. */
export function observeWaiting(
  work: Work,
  route: RouteState,
  file: WaitingForNetworkFile | WaitingForSpaceFile,
  entry: SourceEntry,
  isReplaced: boolean,
): void {
  if (!isReplaced && sameFingerprint(file.fingerprint, entry.fingerprint)) return;
  if (file.growing) refresh(work, { ...file, fingerprint: entry.fingerprint });
  else moveAgain(work, route, becomeReady(work, file, file, { kind: 'source_changes' }), entry);
}
