// IN_QUEUE: the file is copied next. With a copy id it holds a lane, and the carrier checks both sides.
//
// Entered from READY, never more files than twice the lanes.
// Ended by COPYING or GROWING_COPY (the checks passed), a wait, READY (the destination went away), GROWING (the writer holds the
// file, or it changed), FAILED (the checks failed) or REMOVED.
import type { FileEvent } from '../messages/file-event.ts';
import { unreachable } from '../model/assert.ts';
import type { CopyOrder, CopyReport, Preflight } from '../model/copy.ts';
import type { CallFault } from '../model/fault.ts';
import type { InQueueFile } from '../model/file.ts';
import { copyId, id8, sameFingerprint } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { isFullCode, isNetworkCode } from '../policy/error-codes.ts';
import { partName } from '../policy/naming.ts';
import { fits } from '../policy/space.ts';
import { isTooLongCode, nameBytesFor, nextName, pathTooLong } from '../state/names.ts';
import { sourceIdentity } from '../state/sightings.ts';
import type { RouteState } from '../state/state.ts';
import { ask, askProbe, mayBeSeen, note, refresh, type Work, wantCheck } from '../state/work.ts';
import { startCopy } from './copying.ts';
import { failQueued } from './failed.ts';
import { becomeGrowing, moveAgain, watchOn } from './growing.ts';
import { becomeHeld, becomeReady } from './ready.ts';
import { waitForNetwork, waitForSpace } from './waiting.ts';

/** Starts the preflight of a file for which a lane is free: the carrier checks both sides before it creates anything. */
export function startPreflight(work: Work, route: RouteState, file: InQueueFile): void {
  const queued = refresh(work, { ...file, copyId: copyId(work.ids.fresh()) });
  ask(work, { kind: 'preflight', order: orderFor(route, queued, false) });
}

/** Returns the order for the carrier. */
function orderFor(route: RouteState, file: InQueueFile, compare: boolean): CopyOrder {
  const isVisible = file.growing && mayBeSeen(route, file);
  return {
    route: file.route,
    fileId: file.id,
    copyId: file.copyId ?? copyId(''),
    source: file.source,
    sourceIdentity: sourceIdentity(route, file.source),
    destination: file.destination,
    part: isVisible ? null : partName(file.destination, id8(file.id), nameBytesFor(route, file.destination)),
    growing: file.growing,
    expected: file.fingerprint,
    mode: file.mode,
    compare,
    removeFirst: file.leftParts,
    mount: route.gate.mount ?? { path: route.settings.destination, mountId: null },
  };
}

/** Applies the result of a preflight, or its failure. */
export function queuedReport(work: Work, route: RouteState, file: InQueueFile, report: CopyReport): void {
  switch (report.kind) {
    case 'preflight':
      judge(work, route, file, report.preflight);
      return;
    case 'held_by_writer':
      leaveLane(work, file);
      watchOn(work, route, becomeGrowing(work, file, { kind: 'held_by_writer' }, true));
      return;
    case 'failed':
      leaveLane(work, file);
      if (report.fault.side === 'source' && report.fault.code === 'ENOENT') sourceIsGone(work, route, file);
      else if (report.fault.side === 'source') failQueued(work, route, file, report.fault);
      else notReached(work, route, file, report.fault);
      return;
    case 'creating':
    case 'created':
    case 'name_taken':
    case 'already_there':
    case 'linked':
    case 'not_linked':
    case 'progress':
    case 'source_grew':
    case 'copied':
    case 'direct_refused':
    case 'verified':
    case 'source_moved':
    case 'link_refused':
    case 'claimed':
    case 'published':
    case 'source_hashed':
    case 'stalled':
    case 'withdrawn':
      // A sign of life, or a late report of an earlier run, is ignored.
      return;
    default:
      unreachable(report);
  }
}

/**
 * Pauses a file whose source was not found. This is not a failure: the file may have been removed, or may be about to be
 * replaced. A check of the source decides.
 */
function sourceIsGone(work: Work, route: RouteState, file: InQueueFile): void {
  wantCheck(route, file.source);
  const pauseMs = route.source.state === 'ok' ? 2 * route.settings.scanEveryMs : limits.sourceAwayMs;
  const retryAt = work.wall + Math.max(limits.backoffFirstMs, pauseMs);
  becomeHeld(work, file, { growing: file.growing, hold: 'backoff', retryAt }, { kind: 'source_missing' });
}

/**
 * Returns whether the trouble is of this file only: a preflight shows it directly, or the destination answers probes but has
 * refused this file too often.
 */
function isOwnTrouble(file: InQueueFile, code: string): boolean {
  return (
    code === 'SAME_FILE' || code === 'LINKED' || isTooLongCode(code) || (file.networkTries >= limits.networkTries && !isNetworkCode(code))
  );
}

/**
 * Handles a preflight that failed at the destination. A destination that answers its probes but refuses this one file repeatedly
 * does not count as offline.
 */
function notReached(work: Work, route: RouteState, file: InQueueFile, fault: CallFault): void {
  if (isFullCode(fault.code)) waitForSpace(work, route, file);
  else if (isOwnTrouble(file, fault.code)) failQueued(work, route, file, fault);
  else waitForNetwork(work, route, file, fault.code);
  askProbe(work, route);
}

function judge(work: Work, route: RouteState, file: InQueueFile, found: Preflight): void {
  if (found.isOther || (!file.growing && !sameFingerprint(found.sourceFingerprint, file.fingerprint))) {
    leaveLane(work, file);
    const seen = { ...file, fingerprint: found.sourceFingerprint };
    moveAgain(work, route, becomeReady(work, file, { growing: false }, { kind: 'source_changes' }), seen);
    return;
  }
  if (found.sourceFingerprint.sizeBytes > route.fileBytes) {
    leaveLane(work, file);
    failQueued(work, route, file, tooBig(route, file));
    return;
  }
  const longPath = pathTooLong(route, file.destination);
  if (longPath !== null) {
    leaveLane(work, file);
    const operation = `create ${file.destination}`;
    failQueued(work, route, file, { side: 'destination', code: 'PATH_TOO_LONG', operation, message: longPath });
    return;
  }
  const disk = found.freeBytes === null ? route.space.disk : { ...route.space.disk, freeBytes: found.freeBytes };
  if (!fits(found.sourceFingerprint.sizeBytes, route.lanes.unwrittenBytes, disk, route.settings.space)) {
    leaveLane(work, file);
    waitForSpace(work, route, file);
    return;
  }
  const here = refresh(work, { ...file, fingerprint: found.sourceFingerprint });
  if (!file.growing && found.existingSizeBytes === file.fingerprint.sizeBytes) {
    startCopy(work, route, here, orderFor(route, here, true));
  } else if (isBurned(file)) useNextName(work, route, here, { kind: 'name_given_up', from: file.destination });
  else if (found.existingSizeBytes === null) startCopy(work, route, here, { ...orderFor(route, here, false), ...linkOf(route, here) });
  else useNextName(work, route, here, { kind: 'name_taken', taken: file.destination });
}

/** Returns the earlier copy to link from, if the bytes were copied under an earlier name and the new name is to have them too. */
function linkOf({ settings, linksRefused }: RouteState, { growing, renamedFrom }: InQueueFile): Pick<CopyOrder, 'linkFrom'> {
  const from = renamedFrom?.copy ?? null;
  return from === null || growing || linksRefused || settings.onRename === 'copy' ? {} : { linkFrom: from };
}

/** Returns the fault that the destination would report again after the same number of bytes. */
function tooBig(route: RouteState, file: InQueueFile): CallFault {
  const message = `it stopped at ${route.fileBytes} bytes`;
  return { side: 'destination', code: 'EFBIG', operation: `create ${file.destination}`, message };
}

/**
 * Returns whether the name may belong to the preceding attempt, which was publishing under it. The file may then only be compared
 * with the file of that name.
 */
function isBurned({ burned, destination }: InQueueFile): boolean {
  return burned.includes(destination);
}

/** Continues with the next name: the destination has another file under this one, or the name may not be used. */
function useNextName(work: Work, route: RouteState, file: InQueueFile, event: FileEvent): void {
  const nameReason = file.nameReason ?? (isBurned(file) ? 'recovery' : 'name_taken');
  const renamed = note(work, { ...file, ...nextName(work, route, file), nameReason }, event);
  ask(work, { kind: 'preflight', order: orderFor(route, renamed, false) });
}

function leaveLane(work: Work, file: InQueueFile): void {
  if (file.copyId !== null) ask(work, { kind: 'forget', route: file.route, copyId: file.copyId });
}

/** Makes a queued file READY again, because the gate closed or the agent stops. */
export function leaveQueue(work: Work, file: InQueueFile, event: FileEvent): void {
  leaveLane(work, file);
  becomeReady(work, file, file, event);
}
