// FAILED: this attempt is over. Its error says why, how far it came and what follows.
//
// Entered from COPYING, GROWING_COPY, VERIFYING and IN_QUEUE. An end: in the same batch the source is discovered again as a new
// tracked file, unless it is gone.
import { sweepAt } from '../leftovers.ts';
import { unreachable } from '../model/assert.ts';
import type { Mark } from '../model/copy.ts';
import { type CallFault, codeOfReason, type ErrorKind, type FailureReason, type Follows, isReason } from '../model/fault.ts';
import {
  commonOf,
  type DiscoveredFile,
  type FailedFile,
  type InQueueFile,
  isRunning,
  percentOf,
  type RunningFile,
  type SourceEntry,
  type TrackedFile,
} from '../model/file.ts';
import { fileId, id8, sameFingerprint } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { backoffMs } from '../policy/backoff.ts';
import { kindOfSource, kindWhileReachable } from '../policy/error-codes.ts';
import { firstSight } from '../policy/growth.ts';
import { addLeftover, withLast } from '../policy/leftovers.ts';
import { learnNameBytes, markedName } from '../policy/naming.ts';
import { enqueue } from '../queue.ts';
import { nameBytesFor, planName, staysTooLong } from '../state/names.ts';
import { bearsName, newestOf, type RouteState } from '../state/state.ts';
import { ask, create, move, note, noteLost, type Work } from '../state/work.ts';
import { discover } from './discovered.ts';
import { watchOn } from './growing.ts';
import { becomeHeld, becomeReady, needsPerson } from './ready.ts';
import { waitForSpace } from './waiting.ts';

type FailingFile = RunningFile | InQueueFile;

/** Fails a file because of an error of its source. No probe has to judge such an error. */
export function failFromSource(work: Work, route: RouteState, file: FailingFile, fault: CallFault): void {
  fail(work, route, file, kindOfSource(fault.code), { kind: 'call', fault });
}

/** Fails a queued file. Nothing was created for it. */
export function failQueued(work: Work, route: RouteState, file: InQueueFile, fault: CallFault): void {
  const kind = fault.side === 'source' ? kindOfSource(fault.code) : kindWhileReachable(fault.code, true);
  fail(work, route, file, kind, { kind: 'call', fault });
}

/** Ends an attempt as failed. In the same batch the source is discovered again as a new tracked file, unless it is gone. */
export function fail(work: Work, route: RouteState, file: FailingFile, kind: ErrorKind, reason: FailureReason): void {
  const code = codeOfReason(reason);
  if (sideOf(reason) === 'destination' && code === 'ENAMETOOLONG' && route.taken.nameBytes === null)
    route.nameBytes = learnNameBytes(nameTried(file), route.nameBytes);
  if (isTooBig(reason)) learnFileBytes(route, file);
  const isSettled = lastSeenSettled(file);
  const ended = endOf(work, route, file, kind, reason);
  const next = file.sourceGone ? null : planNext(work, route, ended, { isSettled, mayBeNamed: mayBeNamed(file) });
  const follows = next === null ? ({ kind: 'nothing' } as const) : followsOf(next, isAway(route));
  const failed: FailedFile = {
    ...(next === null ? withLast(ended) : ended),
    recoveredBy: next?.found.id ?? null,
    error: { ...ended.error, follows },
    isLost: next === null && kind !== 'skipped',
  };
  move(work, failed, { kind: 'failed', error: kind, code });
  if (failed.isLost === true) noteLost(work, route, failed.id);
  if (file.copyId !== null)
    ask(work, { kind: 'give_up', route: file.route, fileId: file.id, copyId: file.copyId, isHung: code === 'SILENT' });
  const found = next === null ? failed : findAgain(work, route, failed, next);
  // The sweep does not wait for the next attempt: removing the hidden temporary file may make room at a full destination.
  sweepAt(route, found, work.at);
}

/** Returns whether the destination cannot hold a file of this size. Another attempt would end at the same byte. */
function isTooBig(reason: FailureReason): boolean {
  return sideOf(reason) === 'destination' && codeOfReason(reason) === 'EFBIG';
}

function learnFileBytes(route: RouteState, file: FailingFile): void {
  const copiedBytes = isRunning(file) ? file.copiedBytes : 0;
  if (copiedBytes > 0 && copiedBytes < file.fingerprint.sizeBytes) route.fileBytes = Math.min(route.fileBytes, copiedBytes);
}

function endOf(work: Work, route: RouteState, file: FailingFile, kind: ErrorKind, reason: FailureReason): FailedFile {
  const copiedBytes = isRunning(file) ? file.copiedBytes : 0;
  const left = leftover(file);
  return {
    ...commonOf(file),
    status: 'FAILED',
    growing: file.growing,
    begun: isRunning(file) && file.begun,
    copiedBytes,
    left,
    endedAt: work.wall,
    countedAttempts: file.countedAttempts + (kind === 'network_interruption' ? 0 : 1),
    burned: burned(file),
    leftParts: leftParts(file, reason),
    leftVisible: left !== null && isVisible(file) ? [...file.leftVisible, left] : file.leftVisible,
    toMark: marks(route, file, reason),
    ...leftovers(work, file, reason),
    error: { kind, percent: percentOf(copiedBytes, file.fingerprint.sizeBytes), reason, follows: { kind: 'nothing' } },
  };
}

function sideOf(reason: FailureReason): 'source' | 'destination' {
  return reason.kind === 'call' ? reason.fault.side : 'destination';
}

/** Returns the longer of the names that the destination may have refused. The temporary name is longer than the final one. */
function nameTried(file: FailingFile): string {
  return isRunning(file) ? (file.part ?? file.destination) : file.destination;
}

const isVisible = (file: FailingFile): boolean => isRunning(file) && file.part === null && file.begun;

/**
 * Returns the name that the attempt leaves at the destination. A temporary file is removed before the next attempt; a visible
 * copy stays.
 */
function leftover(file: FailingFile): string | null {
  return isRunning(file) && file.begun ? (file.part ?? file.destination) : null;
}

/**
 * Returns the temporary files that may be left. A requested temporary file may exist without a report. None was created if the
 * copy stopped at the source first.
 */
function leftParts(file: FailingFile, reason: FailureReason): readonly string[] {
  if (!isRunning(file) || file.part === null) return file.leftParts;
  const isComparing = file.status === 'COPYING' && file.comparing;
  const mayBeThere = file.begun || (sideOf(reason) === 'destination' && !isComparing);
  return mayBeThere ? [...file.leftParts, file.part] : file.leftParts;
}

/**
 * Returns the visible leftovers to rename. After `LOST`, the name is gone or belongs to another file. A leftover is renamed only
 * if it was created for this copy, or if bytes of this copy arrived in it: after a create without an answer, the name may belong
 * to another program's file. After a crash only the report of the create is known.
 */
function marks(route: RouteState, file: FailingFile, reason: FailureReason): readonly Mark[] {
  if (codeOfReason(reason) === 'LOST') return file.toMark;
  if (route.settings.recovery.leftover === 'keep' || !isVisible(file) || !isRunning(file)) return file.toMark;
  if (file.isCreated !== true && file.copiedBytes === 0) return file.toMark;
  return [
    ...file.toMark,
    {
      from: file.destination,
      to: markedName(file.destination, id8(file.id), nameBytesFor(route, file.destination)),
      leastBytes: file.copiedBytes,
      ...(file.createdInode === undefined ? {} : { inode: file.createdInode }),
    },
  ];
}

/** Returns the leftovers of a failed file. A LOST one no longer has its name, or another file has it. */
function leftovers(work: Work, file: FailingFile, reason: FailureReason): Pick<FailedFile, 'leftovers'> {
  if (!isVisible(file) || !isRunning(file) || codeOfReason(reason) === 'LOST') return {};
  const { id, destination, copiedBytes, createdInode } = file;
  const inode = createdInode === undefined ? {} : { inode: createdInode };
  return addLeftover(file, { name: destination, attempt: id, failedAt: work.wall, leastBytes: copiedBytes, ...inode });
}

/**
 * Returns the names that this lineage never uses again, because a create, link or rename was sent for them: a late call may still
 * arrive.
 */
function burned(file: FailingFile): readonly string[] {
  if (!isRunning(file)) return file.burned;
  const isNamed = isVisible(file) || (file.status === 'VERIFYING' && file.publishing.step !== 'none');
  return isNamed ? [...file.burned, file.destination] : file.burned;
}

/** Returns whether the verified bytes may have their final name although the request failed. */
function mayBeNamed(file: FailingFile): boolean {
  return file.status === 'VERIFYING' && file.part !== null && file.publishing.step !== 'none';
}

/** Returns whether the source is unchanged since the attempt began, so that it need not settle again. */
function lastSeenSettled(file: FailingFile): boolean {
  return !isRunning(file) || sameFingerprint(file.fingerprint, file.expected);
}

/** The attempt that follows a failed one: its tracked file, and its first step. */
interface Next {
  readonly found: DiscoveredFile;
  readonly does: 'settles' | 'takes_turn' | 'waits_for_space' | 'backs_off' | 'needs_you' | 'is_held';
}

/** Plans the next attempt. @param failed the failed file, not recorded yet */
function planNext(work: Work, route: RouteState, failed: FailedFile, of: { isSettled: boolean; mayBeNamed: boolean }): Next {
  const found = successorOf(work, route, failed, of.mayBeNamed);
  return { found, does: firstStep(route, failed, found, of.isSettled) };
}

function firstStep(route: RouteState, failed: FailedFile, found: DiscoveredFile, isSettled: boolean): Next['does'] {
  const isLastAttempt = found.countedAttempts >= route.settings.maxAttempts;
  // A decision of an operator stays valid, whatever happens to the source.
  if (failed.error.kind === 'skipped') return 'is_held';
  if (failed.error.kind === 'source_changed' || (!failed.growing && !isSettled)) return 'settles';
  if (isForPerson(route, failed, found)) return 'needs_you';
  switch (failed.error.kind) {
    case 'network_interruption':
      return 'takes_turn';
    case 'agent_stopped':
      return isLastAttempt ? 'needs_you' : 'takes_turn';
    case 'destination_full':
      return isLastAttempt ? 'needs_you' : 'waits_for_space';
    case 'destination_denied':
    case 'destination_error':
    case 'source_unreadable':
    case 'checksum_mismatch':
      return isLastAttempt ? 'needs_you' : 'backs_off';
    default:
      return unreachable(failed.error.kind);
  }
}

/** Returns whether a destination is known to be offline. That is not known if it was not probed since the agent started. */
function isAway({ gate }: RouteState): boolean {
  return gate.state === 'closed' && (gate.cause !== 'unknown' || isReason(gate.finding));
}

function followsOf({ found, does }: Next, isClosed: boolean): Follows {
  const as = found.destination;
  switch (does) {
    case 'settles':
    case 'takes_turn':
      return { kind: 'attempt', as, waitsFor: isClosed ? 'network' : 'turn' };
    case 'waits_for_space':
      return { kind: 'attempt', as, waitsFor: 'space' };
    case 'backs_off':
      return { kind: 'attempt', as, waitsFor: 'backoff' };
    case 'needs_you':
      return { kind: 'attempt', as, waitsFor: 'needs_you' };
    case 'is_held':
      return { kind: 'attempt', as, waitsFor: 'operator' };
    default:
      return unreachable(does);
  }
}

/**
 * Returns the tracked file of the next attempt. @param mayBeNamed whether it begins by comparing with the file that has the name
 * of the failed attempt
 */
function successorOf(work: Work, route: RouteState, failed: FailedFile, mayBeNamed: boolean): DiscoveredFile {
  // The name of a visible leftover is burned, and so is a name whose link or rename may still arrive.
  const isRenamed =
    failed.begun && !mayBeNamed && (route.settings.recovery.rename === 'always' || failed.burned.includes(failed.destination));
  // A name that the failed file no longer uses may be planned again.
  const own = bearsName(failed) ? null : failed.id;
  const name = isRenamed
    ? { ...planName(work, route, failed, own, 1), nameReason: 'recovery' as const }
    : { destination: failed.destination, nameNumber: failed.nameNumber, nameReason: failed.nameReason };
  return {
    ...commonOf(failed),
    ...name,
    id: fileId(work.ids.fresh()),
    attempt: failed.attempt + 1,
    countedAttempts: failed.error.kind === 'source_changed' ? 1 : failed.countedAttempts,
    recoveryOf: failed.id,
    recoveredBy: null,
    discoveredAt: work.wall,
    startedAt: null,
    endedAt: null,
    status: 'DISCOVERED',
    growth: firstSight(work.at),
  };
}

function findAgain(work: Work, route: RouteState, failed: FailedFile, { found, does }: Next): TrackedFile {
  create(work, found, { kind: 'found_again', after: failed.id });
  const { growing } = failed;
  const unchanged = { kind: 'source_unchanged' } as const;
  switch (does) {
    case 'settles':
      watchOn(work, route, found);
      return found;
    case 'takes_turn':
      return becomeReady(work, found, { growing }, unchanged);
    case 'waits_for_space':
      return waitRoom(work, route, becomeReady(work, found, { growing }, unchanged));
    case 'backs_off':
      return becomeHeld(work, found, { growing, hold: 'backoff', retryAt: work.wall + backoffMs(found.countedAttempts) }, unchanged);
    // It is still tried from time to time, under a hidden name, so that no more visible leftovers appear.
    case 'needs_you':
      return callPerson(work, route, failed, found);
    case 'is_held':
      return becomeHeld(work, found, { growing, hold: 'operator', retryAt: null }, unchanged);
    default:
      return unreachable(does);
  }
}

function callPerson(work: Work, route: RouteState, failed: FailedFile, found: DiscoveredFile): TrackedFile {
  const { growing, source, destination, error } = failed;
  const isFinal = isForPerson(route, failed, found);
  const event = { kind: isFinal ? 'no_use_trying' : 'failed_too_often' } as const;
  const why = { event, condition: { kind: 'failed_too_often', source, destination, error } } as const;
  return needsPerson(work, found, why, { growing, retryAt: isFinal ? null : work.wall + limits.backoffLastMs });
}

/** Returns whether every later attempt would fail in the same way. */
function isForPerson(route: RouteState, { error }: FailedFile, { destination }: DiscoveredFile): boolean {
  return isTooBig(error.reason) || staysTooLong(route, error.reason, destination);
}

function waitRoom(work: Work, route: RouteState, ready: Extract<TrackedFile, { status: 'READY' }>): TrackedFile {
  waitForSpace(work, route, enqueue(work, route, ready));
  return newestOf(work.state, route, ready.source) ?? ready;
}

/** Handles a path that is seen again after its newest attempt failed and its source was gone. */
export function rediscover(work: Work, route: RouteState, failed: FailedFile, entry: SourceEntry): void {
  const id = fileId(work.ids.fresh());
  note(work, { ...failed, recoveredBy: id }, { kind: 'recovery_found', by: id });
  const found = discover(work, route, entry, failed, { id });
  note(work, { ...found, recoveryOf: failed.id, attempt: failed.attempt + 1 }, { kind: 'found_again', after: failed.id });
}
