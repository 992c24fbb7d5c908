// VERIFYING: all bytes are synced. They are read back, then the temporary file gets its final name.
//
// Entered from COPYING and GROWING_COPY.
// Ended by COMPLETED, FAILED, GROWING_COPY (the source changed after all) or READY (withdrawn). While it is published it does
// not fail with its destination: what became of the last request has to be found out first.
import type { FileEvent } from '../messages/file-event.ts';
import { unreachable } from '../model/assert.ts';
import type { ContentHash, CopyReport, PublishOrder } from '../model/copy.ts';
import { type ActiveCopy, commonOf, type RunningFile, type VerifyingFile } from '../model/file.ts';
import type { Fingerprint } from '../model/ids.ts';
import { nextName } from '../state/names.ts';
import { copiedSource } from '../state/sightings.ts';
import type { RouteState } from '../state/state.ts';
import { ask, askProbe, isPublishing, move, note, noteRoute, orderAgain, refresh, type Work, wantCheck } from '../state/work.ts';
import { complete } from './completed.ts';
import { failFromSource } from './failed.ts';
import { becomeReady } from './ready.ts';
import { interrupt, suspect, suspectSilence } from './suspicion.ts';

/** Moves a copy to VERIFYING: all bytes are synced, and have to be read back. */
export function startVerifying(
  work: Work,
  file: ActiveCopy,
  copied: { readonly hash: ContentHash; readonly fingerprint: Fingerprint },
): VerifyingFile {
  return move(
    work,
    {
      ...commonOf(file),
      status: 'VERIFYING',
      copyId: file.copyId,
      part: file.part,
      begun: file.begun,
      ...createdBy(file),
      expected: copied.fingerprint,
      fingerprint: copied.fingerprint,
      copiedBytes: copied.fingerprint.sizeBytes,
      bytesPerSecond: 0,
      suspicion: null,
      aliveAt: work.at,
      growing: file.growing,
      hash: copied.hash,
      readback: null,
      phaseDone: null,
      publishing: { step: 'none' },
      freshSince: null,
      isReadFresh: false,
    },
    { kind: 'copied', hash: copied.hash.value, bytes: copied.fingerprint.sizeBytes },
  );
}

/** Returns what is known of the file that the copy is written to. */
function createdBy({ isCreated = false, createdInode }: RunningFile): Pick<RunningFile, 'isCreated' | 'createdInode'> {
  return createdInode === undefined ? { isCreated } : { isCreated, createdInode };
}

/** Applies a report of the carrier about a copy that is being verified and published. */
export function verifyingReport(work: Work, route: RouteState, file: VerifyingFile, report: CopyReport): void {
  switch (report.kind) {
    case 'progress':
      readBackProgress(work, route, file, report.phaseDone);
      return;
    case 'direct_refused':
      refresh(work, { ...file, freshSince: work.at, aliveAt: work.at });
      askProbe(work, route);
      return;
    case 'verified':
      if (report.readback === 'direct') route.gate.lastSignAt = work.at;
      if (report.sourceGone && !file.sourceGone) {
        route.foundGone.add(file.id);
        wantCheck(route, file.source);
      }
      publish(work, route, { ...file, readback: report.readback, sourceGone: file.sourceGone || report.sourceGone });
      return;
    case 'source_moved':
      sourceMoved(work, route, file, report.sizeBytes);
      return;
    case 'link_refused':
      noteRoute(work, route, { kind: 'links_refused', code: report.code });
      route.linksRefused = true;
      claim(work, route, file, null);
      return;
    case 'claimed':
      route.gate.lastSignAt = work.at;
      claim(work, route, file, report.identity);
      return;
    case 'name_taken':
      publishUnderNextName(work, route, file);
      return;
    case 'already_there':
      complete(work, route, file, { readback: report.readback, copied: false, notes: [] });
      return;
    case 'published':
      route.gate.lastSignAt = work.at;
      complete(work, route, file, { readback: file.readback ?? 'size', copied: true, notes: report.notes });
      return;
    case 'stalled':
      suspectSilence(work, route, file, report);
      return;
    case 'failed':
      if (report.fault.side === 'source') failFromSource(work, route, file, report.fault);
      else suspect(work, route, file, report.fault, true);
      return;
    case 'withdrawn':
      withdrawnVerified(work, file, report.left);
      return;
    case 'preflight':
    case 'held_by_writer':
    case 'creating':
    case 'created':
    case 'source_grew':
    case 'copied':
    case 'linked':
    case 'not_linked':
    case 'source_hashed':
      // A late report of another phase is ignored.
      return;
    default:
      unreachable(report);
  }
}

function readBackProgress(work: Work, route: RouteState, file: VerifyingFile, phaseDone: number | null): void {
  if (phaseDone !== file.phaseDone) route.gate.lastSignAt = work.at;
  const suspicion = file.suspicion?.isFinal === true ? file.suspicion : null;
  refresh(work, { ...file, phaseDone, aliveAt: work.at, suspicion });
}

/**
 * Starts the readback through the page cache, in another process. A probe that was sent after `direct_refused` was answered well.
 */
export function readBackFresh(work: Work, route: RouteState, file: VerifyingFile): void {
  refresh(work, { ...file, freshSince: null, isReadFresh: true });
  const order = orderAgain(route, { ...file, status: 'COPYING', growing: false, comparing: false }, false);
  ask(work, {
    kind: 'read_back_fresh',
    order: { ...order, growing: file.growing },
    hash: file.hash,
    sizeBytes: file.expected.sizeBytes,
  });
}

/** Publishes a verified file. The intent is committed before the carrier links anything. */
function publish(work: Work, route: RouteState, file: VerifyingFile): void {
  const publishing = route.linksRefused && file.part !== null ? ({ step: 'claim', claimed: null } as const) : ({ step: 'link' } as const);
  const of = isPublishing(file) ? {} : copiedSource(route, file);
  const event = { kind: 'publish', as: file.destination, readback: file.readback } as const;
  const intent = note(work, { ...file, ...of, publishing, aliveAt: work.at }, event);
  askPublish(work, route, intent);
}

function claim(work: Work, route: RouteState, file: VerifyingFile, claimed: { device: string; inode: string } | null): void {
  const as = file.destination;
  const event: FileEvent = claimed === null ? { kind: 'claim', as } : { kind: 'claimed', as, identity: claimed };
  const intent = note(work, { ...file, publishing: { step: 'claim', claimed }, aliveAt: work.at }, event);
  askPublish(work, route, intent);
}

/** Asks again for a publication. What became of the earlier request is not known. */
export function askPublishAgain(work: Work, route: RouteState, file: VerifyingFile): void {
  askPublish(work, route, file, { isAgain: true });
}

function askPublish(work: Work, route: RouteState, file: VerifyingFile, again: { readonly isAgain?: true } = {}): void {
  const order: PublishOrder = {
    route: file.route,
    fileId: file.id,
    copyId: file.copyId,
    destination: file.destination,
    part: file.part,
    sizeBytes: file.expected.sizeBytes,
    mtimeNs: file.expected.mtimeNs,
    mode: file.mode,
    hash: file.hash,
    claim: file.publishing.step === 'claim' ? { claimed: file.publishing.claimed, ...again } : null,
    mount: route.gate.mount ?? { path: route.settings.destination, mountId: null },
  };
  ask(work, { kind: 'publish', order });
}

function publishUnderNextName(work: Work, route: RouteState, file: VerifyingFile): void {
  const next = nextName(work, route, file);
  const nameReason = file.nameReason ?? 'name_taken';
  publish(work, route, note(work, { ...file, ...next, nameReason }, { kind: 'name_taken', taken: file.destination }));
}

/**
 * Moves a file back to a growing copy, because its source changed during the verification. The carrier follows it and settles
 * again.
 */
function sourceMoved(work: Work, route: RouteState, file: VerifyingFile, sizeBytes: number): void {
  move(
    work,
    {
      ...commonOf(file),
      status: 'GROWING_COPY',
      copyId: file.copyId,
      part: file.part,
      begun: file.begun,
      ...createdBy(file),
      expected: file.expected,
      fingerprint: { ...file.fingerprint, sizeBytes },
      copiedBytes: file.copiedBytes,
      bytesPerSecond: 0,
      suspicion: null,
      aliveAt: work.at,
      growing: true,
      phase: 'following',
      phaseDone: null,
    },
    { kind: 'source_changes' },
  );
  // While the file was being published, it did not fail with the destination. Now it is a copy like any other.
  if (isPublishing(file) && route.gate.state === 'closed') {
    interrupt(work, route);
    return;
  }
  if (!file.isReadFresh) return;
  ask(work, { kind: 'follow_again', route: file.route, fileId: file.id, copyId: file.copyId });
}

function withdrawnVerified(work: Work, file: VerifyingFile, left: boolean): void {
  const leftParts = left && file.part !== null ? [...file.leftParts, file.part] : file.leftParts;
  ask(work, { kind: 'forget', route: file.route, copyId: file.copyId });
  becomeReady(work, { ...file, leftParts }, { growing: false }, { kind: 'withdrawn' });
}
