// FAILED: this attempt is over. Its error says why, how far it came and what follows.
//
// Entered from COPYING, GROWING_COPY, VERIFYING and IN_QUEUE. An end: in the same batch the source is discovered again as a new
// tracked file, unless it is gone.
import { unreachable } from '../model/assert.ts';
import { commonOf } from '../model/common.ts';
import { type SourceEntry, sameFingerprint } from '../model/entry.ts';
import type { CallFault, ErrorKind } from '../model/fault.ts';
import {
  type DiscoveredFile,
  type FailedFile,
  type InQueueFile,
  isRunning,
  type Mark,
  type RunningFile,
  type TrackedFile,
} from '../model/file.ts';
import { type FileId, fileId, id8 } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { backoffMs } from '../policy/backoff.ts';
import { kindOfSource, kindWhileReachable } from '../policy/error-codes.ts';
import { firstSight } from '../policy/growth.ts';
import { learnNameBytes, markedName } from '../policy/naming.ts';
import { fileError, percentOf, whatFollows } from '../policy/sentences.ts';
import { enqueue } from '../queue/enqueue.ts';
import { sweepAt } from '../requests/sweep.ts';
import { wantLook, watchOn } from '../requests/watching.ts';
import { planName } from '../state/names.ts';
import { newestOf, type RouteState } from '../state/state.ts';
import { ask, create, move, note, type Work } from '../state/work.ts';
import { discover } from './discovered.ts';
import { becomeHeld, becomeReady } from './ready.ts';
import { waitForSpace } from './waiting.ts';

type FailingFile = RunningFile | InQueueFile;

/** An error of the source: no probe has to judge it. */
export function failFromSource(work: Work, route: RouteState, file: FailingFile, fault: CallFault): void {
  fail(work, route, file, kindOfSource(fault.code), fault);
}

/** Failed before anything was created. */
export function failQueued(work: Work, route: RouteState, file: InQueueFile, fault: CallFault): void {
  if (fault.side === 'source' && fault.code === 'ENOENT') wantLook(route, file.source);
  fail(work, route, file, fault.side === 'source' ? kindOfSource(fault.code) : kindWhileReachable(fault.code, true), fault);
}

/**
 * The attempt is over. In the same batch the source is found again as a new tracked file, unless it is gone.
 */
export function fail(work: Work, route: RouteState, file: FailingFile, kind: ErrorKind, fault: CallFault): void {
  if (fault.side === 'destination' && fault.code === 'ENAMETOOLONG') route.nameBytes = learnNameBytes(nameTried(file), route.nameBytes);
  const begun = isRunning(file) && file.begun;
  const copiedBytes = isRunning(file) ? file.copiedBytes : 0;
  const left = leftover(file);
  const successor = file.sourceGone ? null : fileId(work.ids.fresh());
  const failed = move<FailedFile>(
    work,
    {
      ...commonOf(file),
      status: 'FAILED',
      growing: file.growing,
      begun,
      copiedBytes,
      left,
      endedAt: work.wall,
      recoveredBy: begun ? successor : null,
      countedAttempts: file.countedAttempts + (kind === 'network_interruption' ? 0 : 1),
      burned: burned(file),
      leftParts: leftParts(file, fault),
      leftVisible: left !== null && isVisible(file) ? [...file.leftVisible, left] : file.leftVisible,
      toMark: marks(route, file),
      error: fileError(kind, fault, percentOf(copiedBytes, file.fingerprint.sizeBytes), file.destination, ''),
    },
    kind,
    { code: fault.code },
  );
  if (file.copyId !== null) giveUpCopy(work, file, fault);
  const next = successor === null ? null : findAgain(work, route, failed, lastSeenSettled(file), successor);
  // Not only before the next attempt: a full destination has room again without what this one left hidden.
  sweepAt(route, next ?? failed, work.at);
  tellWhatFollows(work, failed, next, fault, route.gate.state === 'closed');
}

/** What a destination may have found too long: the part's name is the longer one. */
function nameTried(file: FailingFile): string {
  return isRunning(file) ? (file.part ?? file.destination) : file.destination;
}

/** The error's sentence says what happens next, which is only known once the successor is placed. */
function tellWhatFollows(work: Work, failed: FailedFile, next: TrackedFile | null, fault: CallFault, isClosed: boolean): void {
  const error = fileError(failed.error.kind, fault, failed.error.percent, failed.destination, whatFollows(next, isClosed));
  const told = { ...failed, error };
  const index = work.records.findIndex((record) => record.kind === 'transition' && record.file === failed);
  const record = work.records[index];
  if (record?.kind === 'transition') work.records[index] = { ...record, file: told };
  if (work.state.files.has(failed.id)) work.state.files.set(failed.id, told);
}

const isVisible = (file: FailingFile): boolean => isRunning(file) && file.part === null && file.begun;

/** What it leaves at the destination, by name. A part goes before the next attempt; a visible copy stays. */
function leftover(file: FailingFile): string | null {
  return isRunning(file) && file.begun ? (file.part ?? file.destination) : null;
}

/** A part that was ordered may have been created unheard; only what stopped at the source is known to have created none. */
function leftParts(file: FailingFile, fault: CallFault): readonly string[] {
  if (!isRunning(file) || file.part === null) return file.leftParts;
  const isComparing = file.status === 'COPYING' && file.comparing;
  const mayBeThere = file.begun || (fault.side === 'destination' && !isComparing);
  return mayBeThere ? [...file.leftParts, file.part] : file.leftParts;
}

/** Only what bytes of ours were seen to arrive in: a create without an answer may have met somebody else's file. */
function marks(route: RouteState, file: FailingFile): readonly Mark[] {
  if (route.settings.recovery.leftover === 'keep' || !isVisible(file) || !isRunning(file) || file.copiedBytes === 0) return file.toMark;
  return [
    ...file.toMark,
    { from: file.destination, to: markedName(file.destination, id8(file.id), route.nameBytes), leastBytes: file.copiedBytes },
  ];
}

function giveUpCopy(work: Work, file: FailingFile, fault: CallFault): void {
  if (file.copyId === null) return;
  ask(work, { kind: 'give_up', route: file.route, fileId: file.id, copyId: file.copyId, isHung: fault.code === 'SILENT' });
}

/** Names whose create, link or rename was sent are never used again by this lineage: a late call may still arrive. */
function burned(file: FailingFile): readonly string[] {
  if (!isRunning(file)) return file.burned;
  const isNamed = isVisible(file) || (file.status === 'VERIFYING' && file.publishing.step !== 'none');
  return isNamed ? [...file.burned, file.destination] : file.burned;
}

/** The source is as the attempt knew it: nothing has to be waited for again. */
function lastSeenSettled(file: FailingFile): boolean {
  return !isRunning(file) || sameFingerprint(file.fingerprint, file.expected);
}

function findAgain(work: Work, route: RouteState, failed: FailedFile, isSettled: boolean, id: FileId): TrackedFile {
  const found = createSuccessor(work, route, failed, id);
  // An operator's word holds whatever its source does meanwhile.
  if (failed.error.kind === 'skipped') return place(work, route, failed, found);
  if (failed.error.kind === 'source_changed') {
    watchOn(work, route, found);
    return found;
  }
  if (!failed.growing && !isSettled) {
    watchOn(work, route, found);
    return found;
  }
  return place(work, route, failed, found);
}

function createSuccessor(work: Work, route: RouteState, failed: FailedFile, id: FileId): DiscoveredFile {
  // What bears a visible leftover is burned, and so is a name whose link or rename may still arrive.
  const isRenamed = failed.begun && (route.settings.recovery.rename === 'always' || failed.burned.includes(failed.destination));
  const name = isRenamed
    ? { ...planName(work, route, failed, null, 1), nameReason: 'recovery' as const }
    : { destination: failed.destination, nameNumber: failed.nameNumber, nameReason: failed.nameReason };
  const successor: DiscoveredFile = {
    ...commonOf(failed),
    ...name,
    id,
    attempt: failed.attempt + 1,
    countedAttempts: failed.error.kind === 'source_changed' ? 1 : failed.countedAttempts,
    recoveryOf: failed.begun ? failed.id : null,
    recoveredBy: null,
    discoveredAt: work.wall,
    startedAt: null,
    endedAt: null,
    status: 'DISCOVERED',
    growth: firstSight(work.at),
  };
  create(work, successor, 'found again', { after: failed.id });
  return successor;
}

/** Where the file found again waits, by what ended the attempt before it. */
function place(work: Work, route: RouteState, failed: FailedFile, found: DiscoveredFile): TrackedFile {
  const { growing } = failed;
  const counted = found.countedAttempts;
  const event = 'source as it was';
  switch (failed.error.kind) {
    case 'network_interruption':
      return becomeReady(work, found, { growing }, event);
    case 'skipped':
      return becomeHeld(work, found, { growing, hold: 'operator', retryAt: null }, event);
    case 'agent_stopped':
      return counted < route.settings.maxAttempts ? becomeReady(work, found, { growing }, event) : giveUp(work, found, growing);
    case 'destination_full':
      if (counted < route.settings.maxAttempts) return waitRoom(work, route, becomeReady(work, found, { growing }, event));
      return giveUp(work, found, growing);
    case 'destination_denied':
    case 'destination_error':
    case 'source_unreadable':
    case 'source_changed':
    case 'checksum_mismatch':
      if (counted >= route.settings.maxAttempts) return giveUp(work, found, growing);
      return becomeHeld(work, found, { growing, hold: 'backoff', retryAt: work.wall + backoffMs(counted) }, event);
    default:
      return unreachable(failed.error.kind);
  }
}

function waitRoom(work: Work, route: RouteState, ready: Extract<TrackedFile, { status: 'READY' }>): TrackedFile {
  waitForSpace(work, route, enqueue(work, route, ready));
  return newestOf(work.state, route, ready.source) ?? ready;
}

/** It failed too often: a person is asked, and it is still tried now and then, hidden, so that nothing more is left to be seen. */
function giveUp(work: Work, found: DiscoveredFile, growing: boolean): TrackedFile {
  return becomeHeld(work, found, { growing, hold: 'needs_you', retryAt: work.wall + limits.backoffLastMs }, 'failed too often');
}

/** A path whose newest attempt FAILED with its source gone is seen again. */
export function rediscover(work: Work, route: RouteState, failed: FailedFile, entry: SourceEntry): void {
  if (!failed.begun) {
    discover(work, route, entry, failed);
    return;
  }
  const id = fileId(work.ids.fresh());
  note(work, { ...failed, recoveredBy: id }, 'found again', { by: id });
  const found = discover(work, route, entry, failed, id);
  note(work, { ...found, recoveryOf: failed.id, attempt: failed.attempt + 1 }, 'found again', { after: failed.id });
}
