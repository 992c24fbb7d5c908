import type { Operator, ProvenFile } from '../messages/action.ts';
import type { FileEvent, RestoreReason } from '../messages/file-event.ts';
import { unreachable } from '../model/assert.ts';
import { type CompletedFile, isBeingRemoved, isCompleted, type VerifyingFile } from '../model/file.ts';
import { id8, identityOf, removalId, sameFingerprint } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import type { Removal, RemovalOrder, RemovalWait } from '../model/removal.ts';
import { doneName } from '../policy/naming.ts';
import { type CoreState, fileOf, newestOf, type RouteState } from '../state/state.ts';
import { ask, monotonic, move, note, type Work, wakeAt } from '../state/work.ts';
import { isOnOtherDisk } from './other-disk.ts';
import { dueAt, isProven, targetNow, targetOf } from './policy.ts';
import { otherReaders } from './readers.ts';
import { endRemoval, isRemovable, noteStep, type RemovableFile, removableFile } from './records.ts';
import { copiedElsewhere, leavingAlone, removedElsewhere, waitOf } from './waits.ts';

/** Returns the fields of a completed file's record that describe the removal of its source. */
export function plannedRemoval(
  { settings, source }: RouteState,
  { sourceGone }: Pick<VerifyingFile, 'sourceGone'>,
  { readback, notes }: Pick<CompletedFile, 'readback' | 'notes'>,
): Pick<CompletedFile, 'afterCopy' | 'removal'> {
  const to = targetOf(settings);
  const isSourceGone = sourceGone || notes.some(({ kind }) => kind === 'source_removed');
  if (to === null || isSourceGone || !isProven(settings, readback)) return { afterCopy: 'none' };
  return { afterCopy: 'pending', removal: { to, by: 'policy', step: 'waits', failures: 0, code: null, ...folderNow(source) } };
}

/** Returns the folder in which a file is to be removed: the one that it is in now. */
function folderNow({ folder }: RouteState['source']): Pick<Removal, 'folder'> {
  return folder === null ? {} : { folder };
}

/** Called when a copy is completed. Its own source may be due, and so may those that waited for it. */
export function watchRemovals(work: Work, route: RouteState, file: CompletedFile): void {
  if (isRemovable(file)) watchRemoval(work, route, file);
  else if (targetOf(route.settings) !== null && !file.sourceGone) {
    route.removals.unproven += 1;
    note(work, file, { kind: 'removal_unproven', readback: file.readback });
  }
  for (const { route: other, path } of otherReaders(work.state, route, file.source)) {
    const theirs = other.removals.wanted.size === 0 ? null : newestOf(work.state, other, path);
    if (theirs !== null && other.removals.waiting.has(theirs.id)) wakeAt(work, theirs.id, work.at);
  }
}

/** Sets the moment at which the next step of a removal is due; also after a restart. */
export function watchRemoval(work: Work, route: RouteState, file: RemovableFile): void {
  const { settings, source } = route;
  const { code, step, retryAt } = file.removal;
  if (step === 'waits') {
    wakeAt(work, file.id, retryAt === undefined ? dueNow(work, route, file) : monotonic(work, retryAt, removalPauseMs(code)));
  } else wakeAt(work, file.id, step === 'hidden' ? work.at + settings.stableAfterMs + source.cacheMs : work.at);
}

/** Returns the longest pause after a failure with this code. */
function removalPauseMs(code: string | null): number {
  return code === 'NO_LINKS' ? limits.removalNoLinksMs : limits.backoffLastMs;
}

/** Returns when a removal is due, monotonic. A clock that was set back does not delay one that was due before and failed. */
export function dueNow(work: Work, { settings }: RouteState, file: RemovableFile): number {
  return file.removal.failures > 0 ? work.at : monotonic(work, dueAt(settings, file), settings.afterCopyWaitMs);
}

/** Called at the start. Removals that were under way continue, and failed ones are tried again at once. */
export function resumeRemovals(work: Work, route: RouteState): void {
  for (const id of route.removals.wanted) {
    const file = removableFile(work.state, id);
    if (file === null) continue;
    if (file.removal.by === 'operator' && file.removal.step === 'waits') endPutOff(work, file);
    else if (file.removal.retryAt === undefined) watchRemoval(work, route, file);
    else wakeAt(work, id, work.at);
  }
}

/** Called when the time of a removal has come. */
export function removalDue({ removals }: RouteState, file: RemovableFile): void {
  if (removals.ordered.has(file.id)) return;
  (file.removal.step === 'waits' ? removals.due : removals.dueSteps).add(file.id);
}

/** Begins due removals, as many as may run at the same time. */
export function pursueRemovals(work: Work, route: RouteState): void {
  const { removals } = route;
  // A hidden file cannot be found while its source is away: another folder is at the path, or none.
  for (const id of answers(route) ? [...removals.dueSteps] : []) {
    const file = removableFile(work.state, id);
    if (file !== null && isOnOtherDisk(route, file)) continue;
    removals.dueSteps.delete(id);
    if (file !== null) takeStep(work, route, file);
  }
  if (isPaused(route)) return endAsked(work, route);
  if (work.at < removals.notBefore) return;
  for (const id of [...removals.due]) {
    if (!hasRoom(work.state, route)) return;
    removals.due.delete(id);
    const file = removableFile(work.state, id);
    if (file !== null && file.removal.step === 'waits') begin(work, route, file);
  }
}

/** Returns when removals need a tick. Monotonic milliseconds; infinite if they need none. */
export function removalWake(state: CoreState, route: RouteState): number {
  const { due, notBefore } = route.removals;
  // Without a failure, a due removal begins with the event that makes room for it.
  return due.size === 0 || isPaused(route) || !hasRoom(state, route) || !Number.isFinite(notBefore) ? Number.POSITIVE_INFINITY : notBefore;
}

/** Returns whether no removal may begin: an operator holds the route, its source is not available, or its destination is not online. */
export function isPaused(route: RouteState): boolean {
  return route.hold !== null || route.gate.state !== 'open' || !isListed(route);
}

/** Returns whether the source folder answers. It may be empty because Sluice has hidden all of its files. */
function answers(route: RouteState): boolean {
  return isListed(route) || route.source.state === 'suddenly_empty';
}

function isListed({ source }: RouteState): boolean {
  return source.state === 'ok' || (source.state === 'unreadable' && source.unreadPath !== null);
}

/** Ends the due removals that an operator asked for. What was proven then may not hold later, so they do not wait. */
function endAsked(work: Work, { removals }: RouteState): void {
  for (const id of [...removals.asked]) {
    const file = removals.due.has(id) ? removableFile(work.state, id) : null;
    if (file !== null) endPutOff(work, file);
  }
}

/** Ends a removal that an operator asked for and that cannot begin now. */
export function endPutOff(work: Work, file: RemovableFile): void {
  endAskedRemoval(work, file, { kind: 'removal_off', why: policyOf(file) === null ? 'put_off' : 'put_off_to_policy' });
}

/** Ends a removal that an operator asked for. What the policy had planned before applies again. */
export function endAskedRemoval(work: Work, file: RemovableFile, event: FileEvent): void {
  const planned = policyOf(file);
  const { sourceGone } = file;
  if (planned === null) return void endRemoval(work, file, { afterCopy: 'none', sourceGone }, event);
  work.state.routes.get(file.route)?.removals.due.delete(file.id);
  const removal = { ...planned, by: 'policy', step: 'waits', failures: 0, code: null, ...lastHiddenName(file) } as const;
  const waits: CompletedFile = { ...file, status: 'COMPLETED', afterCopy: 'pending', removal };
  const noted = file.status === 'COMPLETED' ? note(work, waits, event) : move(work, waits, event);
  // As after every removal that could not begin, some time passes before the next attempt.
  wakeAt(work, noted.id, work.at + limits.removalAgainMs);
}

/** Returns whether another removal may begin. While removals fail, only one runs at a time. */
function hasRoom(state: CoreState, route: RouteState): boolean {
  const { removals } = route;
  const most = removals.failures > 0 ? 1 : limits.removalsAtOnce;
  return activeOf(state, route) < most && removals.ordered.size < most;
}

/** Returns the number of removals under way, without those that only a person can continue. */
function activeOf(state: CoreState, route: RouteState): number {
  const { failed, underWay } = route.removals;
  let active = underWay.size;
  for (const id of underWay) {
    const file = removableFile(state, id);
    if (failed.has(id) || (file !== null && isOnOtherDisk(route, file))) active -= 1;
  }
  return active;
}

function begin(work: Work, route: RouteState, file: RemovableFile): void {
  const { removals, settings } = route;
  const to = targetNow(settings, file.removal, file.readback);
  if (to === null)
    return void endRemoval(work, file, { afterCopy: 'none', sourceGone: file.sourceGone }, { kind: 'removal_off', why: 'settings' });
  // Another file may have its path by now.
  if (file.sourceGone || route.newest.get(file.source) !== file.id) {
    endRemoval(work, file, { afterCopy: 'none', sourceGone: true }, { kind: 'removal_off', why: 'source_gone' });
    return;
  }
  const due = dueNow(work, route, file);
  if (due > work.at) return wakeAt(work, file.id, due);
  const wait = waitOf(work.state, route, file) ?? removedElsewhere(work.state, route, file);
  if (wait !== null) return file.removal.by === 'operator' ? endPutOff(work, file) : waitFor(work, route, file, wait);
  // A removal that had to wait or failed is checked first. Otherwise every try would need a rename, and records of it.
  if (removals.waiting.has(file.id) || file.removal.failures > 0)
    order(work, route, { ...file, removal: { ...file.removal, to } }, 'check');
  else hide(work, route, { ...file, removal: { ...file.removal, to } });
}

function waitFor(work: Work, { removals }: RouteState, { id }: RemovableFile, wait: RemovalWait): void {
  const before = removals.waiting.get(id);
  const times = (before?.times ?? 0) + 1;
  removals.waiting.set(id, { wait, since: before?.since ?? work.at, times });
  wakeAt(work, id, work.at + Math.min(limits.removalAgainMs * 2 ** Math.min(times - 1, 30), limits.removalAgainLastMs));
}

/** Returns a hidden name that no earlier rename of the file has, because that one may still be under way. */
function nextHiddenName(work: Work, { source, id, removal: { by, hiddenAs } }: RemovableFile): string {
  // When the removals of a file are over, the hidden name is not kept. Only the policy plans a single one, with the copy.
  const isFirst = by === 'policy' && hiddenAs === undefined;
  return doneName(source, id8(id), isFirst ? null : work.ids.fresh().slice(0, 8));
}

/** Orders the rename to the hidden name. Its intent is committed first. */
function hide(work: Work, route: RouteState, file: RemovableFile): void {
  const hiddenAs = nextHiddenName(work, file);
  route.removals.leftAloneBy.set(file.id, leavingAlone(work.state, route, file));
  const copiedBy = copiedElsewhere(work.state, route, file);
  const more = { hiddenAs, ...(copiedBy.length === 0 ? {} : { copiedBy }) };
  const hiding = noteStep(work, file, 'hiding', { kind: 'removal_begins', as: hiddenAs }, more);
  order(work, route, hiding, 'hide');
}

/** Orders the next step of a removal that is under way. */
function takeStep(work: Work, route: RouteState, file: RemovableFile): void {
  const { step } = file.removal;
  switch (step) {
    case 'waits':
      return;
    case 'hiding':
      // It is unknown whether the file was renamed, and which change time it then had.
      return restore(work, route, file, 'interrupted');
    case 'hidden': {
      const now = targetNow(route.settings, file.removal, file.readback);
      if (now === null) return restore(work, route, file, 'settings');
      if (isPaused(route)) return restore(work, route, file, 'paused');
      if (mustStay(work, route, file)) return restore(work, route, file, 'not_everywhere');
      const archive = now.kind === 'archive' ? now.folder : null;
      return order(work, route, noteStep(work, file, 'removing', { kind: 'source_to_remove', archive }, { to: now }), 'remove');
    }
    case 'removing':
      return file.removal.by === 'nobody' ? restore(work, route, file, 'settings') : order(work, route, file, 'remove');
    case 'restoring':
      return order(work, route, file, 'restore');
    default:
      return unreachable(step);
  }
}

/** Returns whether a hidden file must not be removed: a route may have been added since, or copies to another destination now. */
export function mustStay(work: Work, route: RouteState, file: RemovableFile): boolean {
  const leftAloneBy = route.removals.leftAloneBy.get(file.id) ?? new Set();
  return waitOf(work.state, route, file, leftAloneBy) !== null;
}

/** Gives a hidden file its name back. The intent is committed first. */
export function restore(work: Work, route: RouteState, file: RemovableFile, why: RestoreReason): void {
  order(work, route, noteStep(work, file, 'restoring', { kind: 'source_to_restore', why }), 'restore');
}

/** Orders the removal of a file with an unknown change time: its bytes are compared with its copy. */
export function removeByBytes(work: Work, route: RouteState, file: RemovableFile): void {
  const { changeNs: _, ...removal } = file.removal;
  const archive = removal.to.kind === 'archive' ? removal.to.folder : null;
  order(work, route, noteStep(work, { ...file, removal }, 'removing', { kind: 'source_to_remove', archive }), 'remove');
}

/** Begins the removal of a file after the check. */
export function hideChecked(work: Work, route: RouteState, file: RemovableFile): void {
  const wait = waitOf(work.state, route, file) ?? removedElsewhere(work.state, route, file);
  const mayNot = wait !== null || isPaused(route);
  if (mayNot && file.removal.by === 'operator') endPutOff(work, file);
  else if (wait !== null) waitFor(work, route, file, wait);
  else if (mayNot) removalDue(route, file);
  else hide(work, route, file);
}

function order(work: Work, route: RouteState, file: RemovableFile, step: RemovalOrder['step']): void {
  const { removal, identity } = file;
  const id = removalId(work.ids.fresh());
  route.removals.ordered.set(file.id, id);
  ask(work, {
    kind: 'remove_source',
    order: {
      route: file.route,
      fileId: file.id,
      removalId: id,
      step,
      source: file.source,
      hiddenAs: removal.hiddenAs ?? doneName(file.source, id8(file.id)),
      expected: file.fingerprint,
      identity: identity === undefined ? null : identityOf(identity),
      changedMs: file.changedMs ?? null,
      changeNs: removal.changeNs ?? null,
      hash: file.hash,
      to: removal.to,
      removeEmptyDirs: route.settings.removeEmptyDirs,
      readers: otherReaders(work.state, route, file.source).map(({ route: other }) => other.settings.name),
    },
  });
}

/** Returns the removal of a file that an operator requested. */
function askedRemoval({ source }: RouteState, file: CompletedFile): Removal {
  const policy = isRemovable(file) ? policyOf(file) : null;
  const before = policy === null ? {} : { policy };
  const last = { ...lastHiddenName(file), ...folderNow(source) };
  return { to: { kind: 'delete' }, by: 'operator', step: 'waits', failures: 0, code: null, ...before, ...last };
}

/** Returns the last hidden name for the removal that follows this one: that one must not use the first name of the policy again. */
function lastHiddenName({ removal }: CompletedFile): Pick<Removal, 'hiddenAs'> {
  return removal?.hiddenAs === undefined ? {} : { hiddenAs: removal.hiddenAs };
}

/** Returns the removal that the policy has planned for a file, also if an operator has asked for another one since. Null: none. */
function policyOf({ removal }: RemovableFile): Pick<Removal, 'to' | 'folder'> | null {
  const { by, folder, policy, to } = removal;
  if (by !== 'policy') return policy ?? null;
  return folder === undefined ? { to } : { to, folder };
}

/** Handles a request to remove the sources of proven files. A file that has changed since it was proven stays. */
export function askRemovals(work: Work, route: RouteState, files: readonly ProvenFile[], { by, reason }: Operator): void {
  for (const { id, identity, ...proven } of files) {
    const file = fileOf(work.state, id);
    if (file === undefined || file.route !== route.settings.name || !isCompleted(file)) continue;
    if (file.sourceGone || isBeingRemoved(file) || !sameFingerprint(file.fingerprint, proven)) continue;
    if (newestOf(work.state, route, file.source)?.id !== id) continue;
    const afterCopy = file.status === 'COMPLETED' ? 'pending' : file.afterCopy;
    const now = identity === undefined ? {} : { identity };
    note(work, { ...file, ...now, afterCopy, removal: askedRemoval(route, file) }, { kind: 'removal_asked', by, reason });
    wakeAt(work, id, work.at);
  }
}

/** Returns whether removals are due or under way that need no person. `--until-idle` waits for these. */
export function isRemoving(state: CoreState, route: RouteState): boolean {
  const { removals } = route;
  if (activeOf(state, route) > 0) return true;
  return removals.failures === 0 && !isPaused(route) && (removals.due.size > 0 || removals.ordered.size > 0);
}
