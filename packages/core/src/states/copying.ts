// COPYING: a stable copy into a hidden temporary file. GROWING_COPY: a copy that follows a source which is still written.
//
// Entered from IN_QUEUE; the committed transition is the intent of everything that the carrier creates. COPYING becomes
// GROWING_COPY when its source grows, VERIFYING becomes it when the source changes after all.
// Ended by VERIFYING (all bytes are synced), FAILED, or READY (withdrawn, with nothing left).
import type { FileEvent } from '../messages/file-event.ts';
import { unreachable } from '../model/assert.ts';
import type { CopyOrder, CopyReport, NotLinked, Preflight } from '../model/copy.ts';
import { type ActiveCopy, commonOf, type InQueueFile } from '../model/file.ts';
import { id8, sameFingerprint } from '../model/ids.ts';
import { partName } from '../policy/naming.ts';
import { forgetFirst, growingLaneIsFree } from '../queue.ts';
import { nameBytesFor, nextName } from '../state/names.ts';
import type { RouteState } from '../state/state.ts';
import { ask, move, note, orderAgain, progressed, refresh, type Work } from '../state/work.ts';
import { complete } from './completed.ts';
import { failFromSource } from './failed.ts';
import { becomeReady } from './ready.ts';
import { suspect, suspectSilence } from './suspicion.ts';
import { startVerifying } from './verifying.ts';

/** Starts the copy. This record is the committed intent of everything that the carrier creates. */
export function startCopy(work: Work, route: RouteState, file: InQueueFile, order: CopyOrder): void {
  const running = {
    ...commonOf(file),
    startedAt: work.wall,
    copyId: order.copyId,
    part: order.part,
    begun: false,
    expected: order.expected,
    copiedBytes: 0,
    bytesPerSecond: 0,
    suspicion: null,
    aliveAt: work.at,
  };
  const { part, compare, linkFrom } = order;
  const begins: FileEvent = linkFrom === undefined ? { kind: 'copy_begins', part, compare } : { kind: 'link_begins', from: linkFrom };
  if (order.growing) {
    move(work, { ...running, status: 'GROWING_COPY', growing: true, phase: 'following', phaseDone: null }, begins);
  } else {
    move(work, { ...running, status: 'COPYING', growing: false, comparing: compare || linkFrom !== undefined }, begins);
  }
  forgetFirst(route, file.source);
  ask(work, { kind: 'copy', order });
}

/** Applies a report of the carrier about a running copy. */
export function copyingReport(work: Work, route: RouteState, file: ActiveCopy, report: CopyReport): void {
  switch (report.kind) {
    case 'creating':
      refresh(work, { ...file, begun: true, aliveAt: work.at });
      return;
    case 'created':
      // An exclusive create is never answered from a cache, so it is a sign of life of the destination.
      route.gate.lastSignAt = work.at;
      note(
        work,
        { ...file, begun: true, isCreated: true, createdInode: report.identity.inode, aliveAt: work.at },
        { kind: 'created', part: file.part, identity: { ...report.identity } },
      );
      return;
    case 'progress':
      progress(work, route, file, report);
      return;
    case 'name_taken':
      useNextName(work, route, file);
      return;
    case 'preflight':
      goOnUnder(work, route, file, report.preflight);
      return;
    case 'already_there':
      compared(work, route, file, report);
      return;
    case 'linked':
      linked(work, route, file, report);
      return;
    case 'not_linked':
      notLinked(work, route, file, report.why);
      return;
    case 'source_grew':
      sourceGrew(work, route, file, report.sizeBytes);
      return;
    case 'copied':
      route.gate.lastSignAt = work.at;
      // What the intake saw last may be newer than what was copied, and it reports each state of a file once.
      if (!sameFingerprint(file.fingerprint, report.fingerprint)) route.scanning.again.add(file.source);
      startVerifying(work, file, report);
      if (report.readsBack !== true) ask(work, { kind: 'read_back', route: file.route, fileId: file.id, copyId: file.copyId });
      return;
    case 'stalled':
      suspectSilence(work, route, file, report);
      return;
    case 'failed':
      if (report.fault.side === 'source') failFromSource(work, route, withBytes(work, file, report), report.fault);
      else suspect(work, route, withBytes(work, file, report), report.fault, true);
      return;
    case 'withdrawn':
      withdrawn(work, file, report.left);
      return;
    case 'held_by_writer':
    case 'direct_refused':
    case 'verified':
    case 'source_moved':
    case 'link_refused':
    case 'claimed':
    case 'published':
    case 'source_hashed':
      // A late report of another phase is ignored.
      return;
    default:
      unreachable(report);
  }
}

/**
 * Completes a file whose bytes were at the destination already. The carrier was the last to check it; what the intake saw of the
 * source since then is kept.
 */
function compared(work: Work, route: RouteState, file: ActiveCopy, report: Compared, as?: Parameters<typeof complete>[4]): void {
  const verified = { ...startVerifying(work, file, report), fingerprint: file.fingerprint };
  complete(work, route, verified, { readback: report.readback, copied: false, notes: [] }, as);
}

type Compared = Pick<Extract<CopyReport, { kind: 'already_there' }>, 'hash' | 'readback' | 'fingerprint'>;

function linked(work: Work, route: RouteState, file: ActiveCopy, report: Compared): void {
  compared(work, route, file, report, { kind: 'linked', as: file.destination, from: file.renamedFrom?.copy ?? '' });
}

/**
 * Copies a renamed file after a link was not possible. No later attempt tries a link. The record is the intent of what the
 * carrier creates now.
 */
function notLinked(work: Work, route: RouteState, file: ActiveCopy, why: NotLinked): void {
  const { renamedFrom } = file;
  if (file.status !== 'COPYING' || renamedFrom === undefined || renamedFrom.copy === null) return;
  const alone = { ...file, comparing: false, renamedFrom: { ...renamedFrom, copy: null }, aliveAt: work.at };
  note(work, alone, { kind: 'not_linked', from: renamedFrom.copy, why });
  ask(work, { kind: 'copy', order: { ...orderAgain(route, alone, false), removeFirst: file.leftParts } });
}

function withBytes(work: Work, file: ActiveCopy, report: Extract<CopyReport, { kind: 'failed' }>): ActiveCopy {
  const sizeBytes = Math.max(report.sizeBytes, report.syncedBytes);
  const fingerprint = sizeBytes > 0 ? { ...file.fingerprint, sizeBytes } : file.fingerprint;
  const begun = file.begun && report.isUncreated !== true;
  return refresh(work, { ...file, begun, copiedBytes: report.syncedBytes, fingerprint });
}

function progress(work: Work, route: RouteState, file: ActiveCopy, report: Extract<CopyReport, { kind: 'progress' }>): void {
  if (report.syncedBytes > file.copiedBytes) route.gate.lastSignAt = work.at;
  const seen = progressed(work, file, report.syncedBytes, report.sizeBytes);
  if (seen.status === 'COPYING') refresh(work, seen);
  else refresh(work, { ...seen, phase: report.phase ?? seen.phase, phaseDone: report.phaseDone });
}

/**
 * Continues with the next name because this one is taken by another file. The file with the next name may have the same bytes and
 * is compared too.
 */
function useNextName(work: Work, route: RouteState, file: ActiveCopy): void {
  const next = nextName(work, route, file);
  const isPart = file.status === 'COPYING' || file.part !== null;
  const { createdInode: _, ...uncreated } = file;
  const renamed = note(
    work,
    {
      ...uncreated,
      ...next,
      nameReason: file.nameReason ?? 'name_taken',
      part: isPart ? partName(next.destination, id8(file.id), nameBytesFor(route, next.destination)) : null,
      begun: false,
      isCreated: false,
    },
    { kind: 'name_taken', taken: file.destination },
  );
  ask(work, { kind: 'preflight', order: orderAgain(route, renamed, false) });
}

function goOnUnder(work: Work, route: RouteState, file: ActiveCopy, found: Preflight): void {
  const isSame = found.existingSizeBytes === file.fingerprint.sizeBytes && file.status === 'COPYING';
  if (found.existingSizeBytes !== null && !isSame) {
    useNextName(work, route, file);
    return;
  }
  const begins: FileEvent = { kind: 'copy_begins', part: file.part, compare: isSame };
  const again = file.status === 'COPYING' ? note(work, { ...file, comparing: isSame }, begins) : file;
  ask(work, { kind: 'copy', order: orderAgain(route, again, isSame) });
}

/** Turns a stable copy into a growing one, because its source grows. The copy continues in its temporary file, on a growing lane. */
function sourceGrew(work: Work, route: RouteState, file: ActiveCopy, sizeBytes: number): void {
  const fingerprint = { ...file.fingerprint, sizeBytes: Math.max(sizeBytes, file.fingerprint.sizeBytes) };
  if (file.status === 'GROWING_COPY') {
    refresh(work, { ...file, fingerprint, aliveAt: work.at });
    return;
  }
  if (!growingLaneIsFree(work.state, route)) {
    ask(work, { kind: 'withdraw', route: file.route, fileId: file.id, copyId: file.copyId });
    return;
  }
  const { comparing: _, ...kept } = file;
  const following = { status: 'GROWING_COPY', growing: true, phase: 'following', phaseDone: null } as const;
  move(work, { ...kept, fingerprint, aliveAt: work.at, ...following }, { kind: 'source_grew' });
}

/**
 * Applies that a copy was withdrawn on request. Nothing visible is left. @param left whether the temporary file could not be
 * removed
 */
export function withdrawn(work: Work, file: ActiveCopy, left: boolean): void {
  const leftParts = left && file.part !== null ? [...file.leftParts, file.part] : file.leftParts;
  ask(work, { kind: 'forget', route: file.route, copyId: file.copyId });
  becomeReady(work, { ...file, leftParts }, { growing: file.growing }, { kind: 'withdrawn' });
}
