import type { Event } from '../messages/event.ts';
import type { FileEvent } from '../messages/file-event.ts';
import { unreachable } from '../model/assert.ts';
import { type CompletedFile, isCompleted, isCopied } from '../model/file.ts';
import { sameFingerprint } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import type { RemovalReport } from '../model/removal.ts';
import { backoffMs } from '../policy/backoff.ts';
import { departFile, dropFile, newestOf, type RouteState } from '../state/state.ts';
import { move, note, refresh, type Work, wakeAt, wantCheck } from '../state/work.ts';
import { otherReaders } from './readers.ts';
import { endRemoval, isRemovable, noteStep, type RemovableFile, removableFile } from './records.ts';
import { endAskedRemoval, endPutOff, hideChecked, mustStay, removalDue, removeByBytes, restore, watchRemoval } from './removal.ts';

type Of<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>;

/** Applies the report of a remover. A report of a step that has ended already is recognised by its id, and dropped. */
export function removalReported(work: Work, route: RouteState, { fileId, removalId, report }: Of<'removal_reported'>): void {
  if (route.removals.ordered.get(fileId) !== removalId) return;
  route.removals.ordered.delete(fileId);
  const file = removableFile(work.state, fileId);
  if (file === null) return;
  if (file.removal.step === 'waits') return ofCheck(work, route, file, report);
  const { hiddenAs } = file.removal;
  ofStep(work, route, file, report);
  const isOver = hiddenAs !== undefined && !route.removals.underWay.has(fileId);
  if (isOver && route.scanning.listing !== null) route.removals.givenUp.add(hiddenAs);
}

function ofStep(work: Work, route: RouteState, file: RemovableFile, report: RemovalReport): void {
  switch (report.kind) {
    case 'put_off':
      return putOff(work, route, noteStep(work, file, 'waits', { kind: 'removal_put_off', why: report.why }), report.why);
    case 'hidden':
      return hidden(work, route, file, report.changeNs);
    case 'not_removed':
      return notRemoved(work, route, file, report.why);
    case 'removed':
      return removed(work, route, file, report);
    case 'restored':
      return restored(work, route, file);
    case 'name_taken':
      return nameTaken(work, route, file);
    case 'failed':
      return failed(work, route, file, report);
    case 'removable':
      return;
    default:
      return unreachable(report);
  }
}

/** Handles the answer to `check`. Nothing has been done, and nothing is recorded, because a file may be open for days. */
function ofCheck(work: Work, route: RouteState, file: RemovableFile, report: RemovalReport): void {
  if (report.kind === 'removable') return hideChecked(work, route, file);
  if (report.kind === 'failed') return failed(work, route, file, report);
  if (report.kind === 'put_off') putOff(work, route, file, report.why);
}

function putOff(work: Work, route: RouteState, file: RemovableFile, why: 'open_for_writing' | 'changed' | 'missing'): void {
  const { id, source } = file;
  const { waiting } = route.removals;
  if (file.removal.by === 'operator') {
    endPutOff(work, file);
    return wantCheck(route, source);
  }
  const before = waiting.get(id);
  const times = (before?.times ?? 0) + 1;
  const wait = why === 'open_for_writing' ? ({ kind: 'open_for_writing' } as const) : ({ kind: 'changed' } as const);
  waiting.set(id, { wait, since: before?.since ?? work.at, times });
  wakeAt(work, id, work.at + Math.min(limits.removalAgainMs * 2 ** Math.min(times, 30), limits.removalAgainLastMs));
  // The intake determines what happened to it.
  if (why !== 'open_for_writing') wantCheck(route, source);
}

function hidden(work: Work, route: RouteState, file: RemovableFile, changeNs: string): void {
  takeAway(work, route, file);
  route.removals.waiting.delete(file.id);
  const resting = noteStep(work, file, 'hidden', { kind: 'source_hidden', as: file.removal.hiddenAs ?? '' }, { changeNs });
  watchRemoval(work, route, resting);
}

/** Notes for every route that reads the path that Sluice itself has emptied it. */
function takeAway(work: Work, route: RouteState, { source }: RemovableFile): void {
  route.removals.takenAway.add(source);
  for (const { route: other, path } of otherReaders(work.state, route, source)) other.removals.takenAway.add(path);
}

/** Handles a hidden file that has changed or is being written to. It cannot be restored if its name is taken. */
function notRemoved(work: Work, route: RouteState, file: RemovableFile, why: 'open_for_writing' | 'changed'): void {
  const isNameTaken = file.removal.step === 'removing' && file.removal.changeNs === undefined;
  if (isNameTaken) return failed(work, route, file, { kind: 'failed', code: 'NAME_TAKEN', operation: `restore ${file.source}` });
  restore(work, route, file, why);
}

function removed(
  work: Work,
  route: RouteState,
  file: RemovableFile,
  { archivedAs, folders }: Extract<RemovalReport, { kind: 'removed' }>,
): void {
  const { to } = file.removal;
  const { removals } = route;
  removals.failures = 0;
  removals.notBefore = Number.NEGATIVE_INFINITY;
  takeAway(work, route, file);
  const archive = to.kind === 'archive' ? to.folder : null;
  const how = { kind: 'source_removed', archive, archivedAs, folders } as const;
  const done = endRemoval(work, file, { afterCopy: 'done', sourceGone: true }, how);
  const isNewest = route.newest.get(done.source) === done.id;
  release(work, route, done);
  if (!isNewest) return;
  for (const { route: other, path } of otherReaders(work.state, route, file.source)) departThere(work, other, path, { removed: done, how });
}

/** Drops the file from memory. Another file may have its path now. */
function release({ state }: Work, route: RouteState, file: CompletedFile): void {
  if (route.newest.get(file.source) === file.id) departFile(state, route, file);
  else dropFile(state, route, file.id);
}

/** Marks the file as gone in another route that reads it. That route's listings do not report it as missing. */
function departThere(
  work: Work,
  route: RouteState,
  path: string,
  { removed, how }: { readonly removed: CompletedFile; readonly how: FileEvent },
): void {
  const file = newestOf(work.state, route, path);
  if (file === null || !isCopied(file.status) || file.sourceGone || route.removals.underWay.has(file.id)) return;
  // A new file may have the path by now.
  if (!sameFingerprint(file.fingerprint, removed.fingerprint)) return;
  const gone = isCompleted(file) && isRemovable(file) ? endRemoval(work, file, { afterCopy: 'done', sourceGone: true }, how) : file;
  departFile(work.state, route, gone.sourceGone ? gone : refresh(work, { ...file, sourceGone: true }));
}

function restored(work: Work, route: RouteState, file: RemovableFile): void {
  const { changeNs: _, ...removal } = file.removal;
  compareSeen(work, route, file);
  if (route.newest.get(file.source) !== file.id) {
    // Core knows no file of its path, or another one. The restored file is found like a new one, and compared with its copy.
    return release(
      work,
      route,
      endRemoval(work, { ...file, removal }, { afterCopy: 'none', sourceGone: true }, { kind: 'source_restored' }),
    );
  }
  // If it counted as gone, the intake may have reported it while it had its hidden name too, and would not again.
  if (file.sourceGone) route.removals.takenAway.add(file.source);
  // What an operator had proven has changed since, so it is not tried again.
  if (removal.by !== 'policy') {
    endAskedRemoval(work, file, { kind: 'source_restored' });
    return wantCheck(route, file.source);
  }
  const waits = noteStep(work, { ...file, removal }, 'waits', { kind: 'source_restored' });
  wantCheck(route, file.source);
  if (waits.removal.retryAt !== undefined) watchRemoval(work, route, waits);
  else wakeAt(work, file.id, work.at + limits.removalAgainMs);
}

/**
 * Has the bytes of a restored file compared if its change time moved: a link or a rename does that, and so does a program that writes
 * to it. Until then the file counts as changed, and is not removed.
 */
function compareSeen(work: Work, { rechecks, removals }: RouteState, { id, changedMs, hash }: RemovableFile): void {
  const entry = removals.seen.get(id);
  removals.seen.delete(id);
  if (entry?.changedMs === undefined || changedMs === undefined || entry.changedMs === changedMs || hash === null) return;
  rechecks.set(id, { fileId: id, entry, movedAt: work.at, copyId: null });
}

/** Handles a restore whose name is taken by a new file. The hidden file is removed if its bytes equal those of the copy. */
function nameTaken(work: Work, route: RouteState, file: RemovableFile): void {
  if (file.hash === null || file.removal.by === 'nobody' || mustStay(work, route, file))
    return failed(work, route, file, { kind: 'failed', code: 'NAME_TAKEN', operation: `restore ${file.source}` });
  if (file.removal.failures === 0) note(work, file, { kind: 'source_name_taken', as: file.removal.hiddenAs ?? '' });
  removeByBytes(work, route, file);
}

function failed(work: Work, route: RouteState, file: RemovableFile, { code, operation }: Extract<RemovalReport, { kind: 'failed' }>): void {
  const { removals } = route;
  const { step } = file.removal;
  const failures = file.removal.failures + 1;
  const againMs = code === 'NO_LINKS' ? limits.removalNoLinksMs : backoffMs(failures);
  const isNameTaken = code === 'NAME_TAKEN';
  // A taken name concerns only this file. It must not delay the others until somebody frees the name.
  if (!isNameTaken) {
    removals.failures += 1;
    removals.notBefore = work.at + backoffMs(removals.failures);
  }
  const removal = { ...file.removal, failures, code, retryAt: work.wall + againMs, ...(isNameTaken ? { step: 'restoring' as const } : {}) };
  const event = { kind: 'removal_failed', step, code, operation } as const;
  const after: Failed = { ...file, status: 'COMPLETED_DELETE_FAILED', afterCopy: 'failed', removal };
  const noted = noteFailure(work, file, after, event);
  // It gets its name back until the next attempt.
  if (!isNameTaken && (step === 'hiding' || step === 'removing')) return restore(work, route, noted, 'failed');
  wakeAt(work, file.id, work.at + againMs);
}

type Failed = RemovableFile & { readonly status: 'COMPLETED_DELETE_FAILED' };

/** Records a failure. A check that fails for the same reason as the try before adds nothing to the timeline. */
function noteFailure(work: Work, file: RemovableFile, after: Failed, event: Extract<FileEvent, { kind: 'removal_failed' }>): RemovableFile {
  if (file.status !== 'COMPLETED_DELETE_FAILED') return move(work, after, event);
  const isSame = event.step === 'waits' && file.removal.code === event.code;
  return isSame ? refresh(work, after) : note(work, after, event);
}

/** Handles the loss of the remover. The results of its orders are unknown; the next process determines each. */
export function removerLost(work: Work, route: RouteState): void {
  const { removals } = route;
  if (removals.ordered.size === 0) return;
  removals.failures += 1;
  const againAt = work.at + backoffMs(removals.failures);
  removals.notBefore = againAt;
  for (const id of [...removals.ordered.keys()]) {
    removals.ordered.delete(id);
    const file = removableFile(work.state, id);
    if (file !== null && file.removal.step === 'waits') removalDue(route, file);
    else wakeAt(work, id, againAt);
  }
}
