// COMPLETED: a verified copy has its final name; with `copied: false` the same bytes were there already.
//
// Entered from VERIFYING. An end: when the source changes later, the path is discovered again.

import { sweepAt } from '../leftovers.ts';
import type { FileEvent } from '../messages/file-event.ts';
import type { CopyNote, CopyReport, ReadbackMethod } from '../model/copy.ts';
import { type CompletedFile, commonOf, isCompleted, type SourceEntry, type VerifyingFile } from '../model/file.ts';
import { copyId, identityOf, identityText, isOtherFile, sameFingerprint } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { restMs } from '../policy/growth.ts';
import { replacedBy } from '../policy/leftovers.ts';
import { plannedRemoval, watchRemovals } from '../removal/removal.ts';
import { copiedSource, lastSeen, seenOf } from '../state/sightings.ts';
import { newestOf, type Recheck, type RouteState } from '../state/state.ts';
import { ask, move, note, refresh, type Work } from '../state/work.ts';
import { discoverAgain, discoverNewer } from './discovered.ts';
import { becomeReady } from './ready.ts';

/** How the bytes of a completed file came to the destination. */
interface CopyOutcome {
  readonly readback: ReadbackMethod;
  readonly copied: boolean;
  readonly notes: readonly CopyNote[];
}

/** The event that the journal keeps of a completion. */
type Completion = Extract<FileEvent, { readonly kind: 'published' | 'already_there' | 'linked' }>;

/** Completes a copied and verified file. @param as the event to record; by default it follows from the outcome */
export function complete(work: Work, route: RouteState, file: VerifyingFile, outcome: CopyOutcome, as?: Completion): void {
  const kind = outcome.copied ? 'published' : 'already_there';
  const completed: CompletedFile = {
    ...commonOf(file),
    status: 'COMPLETED',
    fingerprint: file.expected,
    growing: file.growing,
    hash: file.hash,
    ...(route.settings.afterCopy === 'keep' ? { afterCopy: 'none' } : plannedRemoval(route, file, outcome)),
    endedAt: work.wall,
    leftParts: leftParts(file, outcome),
    ...outcome,
    ...copiedSource(route, file),
    ...(file.leftovers === undefined ? {} : replacedBy(file, file.expected.sizeBytes)),
  };
  // The intake reported the latest change of the source once, and does not report it again.
  const now = lastSeen(route, entryOf(completed), file);
  route.movedFrom?.copiedSince.add(file.id);
  move(work, completed, as ?? { kind, as: file.destination, notes: outcome.notes });
  ask(work, { kind: 'forget', route: file.route, copyId: file.copyId });
  route.laneLimit *= 2;
  if (completed.leftParts.length > 0) sweepAt(route, completed, work.at + limits.sweepAfterMs);
  if (route.settings.afterCopy !== 'keep' || areRemovalsWanted(work)) watchRemovals(work, route, completed);
  if (isEmptied(completed, now)) noteEmptied(work, route, completed);
  else observeCompleted(work, route, completed, now);
}

/** Returns whether a source is to be removed on any route: it may wait for this copy. */
function areRemovalsWanted({ state }: Work): boolean {
  for (const { removals } of state.routes.values()) if (removals.wanted.size > 0) return true;
  return false;
}

/** Returns the temporary files to sweep, including one that the carrier could not remove. */
function leftParts({ part, leftParts }: VerifyingFile, { notes }: CopyOutcome): readonly string[] {
  return part !== null && notes.some(({ kind }) => kind === 'part_left') ? [...leftParts, part] : leftParts;
}

function entryOf({ source, nameValid, fingerprint, mode, mayGrow, ...seen }: CompletedFile): SourceEntry {
  return { path: source, nameValid, fingerprint, identity: null, mode, mayGrow, ...seenOf(seen) };
}

/**
 * Checks a copy again because an operator asked for it. The new attempt begins under the name of the old one. If the same bytes
 * are there, nothing is copied. If nothing is there, the file is copied. If something else is there, the file is copied under the
 * next name.
 */
export function copyAgain(work: Work, route: RouteState, file: CompletedFile): void {
  const recheck = route.rechecks.get(file.id);
  route.rechecks.delete(file.id);
  // A file that was seen to change has to come to rest first.
  const found = discoverAgain(work, route, recheck?.entry ?? entryOf(file), file);
  if (recheck === undefined) becomeReady(work, found, { growing: false }, { kind: 'source_unchanged' });
}

/** Returns whether the source of a copied file is empty now. */
export function isEmptied(file: CompletedFile, entry: SourceEntry): boolean {
  return entry.fingerprint.sizeBytes === 0 && file.fingerprint.sizeBytes > 0;
}

/** Records once that the source was emptied. Its copy stays as it is, and no empty copy is made. */
export function noteEmptied(work: Work, route: RouteState, file: CompletedFile): void {
  route.rechecks.delete(file.id);
  if (!file.sourceGone) note(work, { ...file, sourceGone: true }, { kind: 'emptied' });
}

/**
 * Handles a copied file that is seen with another fingerprint, with another change time, since a program may set size and
 * modification time back, or on another medium. A file of the same size may hold the same bytes, so they are hashed.
 */
export function observeCompleted(work: Work, route: RouteState, file: CompletedFile, entry: SourceEntry): void {
  if (sameFingerprint(file.fingerprint, entry.fingerprint) && !mayBeOther(file, entry)) {
    // The modification time was set back. The fingerprint that was to be hashed no longer exists, and would be requested again
    // and again.
    route.rechecks.delete(file.id);
    if (file.changedMs === undefined && entry.changedMs !== undefined) refresh(work, { ...file, changedMs: entry.changedMs });
    return;
  }
  if (entry.fingerprint.sizeBytes === file.fingerprint.sizeBytes && file.hash !== null) wantRecheck(work, route, file, entry);
  else goOn(work, route, entry, file, work.wall);
}

/** Returns whether it may be another file, or have other bytes, although size and modification time are the same. */
function mayBeOther(file: CompletedFile, entry: SourceEntry): boolean {
  return wasTouched(file, entry) || isOnOtherMedium(file, entry) || hasOtherInode(file, entry);
}

/** A medium that is not known may be another one. */
function isOnOtherMedium(file: Pick<CompletedFile, 'medium'>, { medium }: SourceEntry): boolean {
  return medium !== undefined && file.medium !== medium;
}

/** The device is not compared: it is another one after the same disk was mounted again. */
function hasOtherInode({ hash, identity }: CompletedFile, entry: SourceEntry): boolean {
  return hash !== null && identity !== undefined && entry.identity !== null && identityOf(identity).inode !== entry.identity.inode;
}

/** Returns whether the change time moved. One that was never seen proves nothing. */
function wasTouched(file: CompletedFile, { changedMs }: SourceEntry): boolean {
  return file.hash !== null && file.changedMs !== undefined && changedMs !== undefined && file.changedMs !== changedMs;
}

function wantRecheck(work: Work, route: RouteState, file: CompletedFile, entry: SourceEntry): void {
  const before = route.rechecks.get(file.id);
  if (before !== undefined && isSameSight(before.entry, entry)) return;
  // A running hash is of the earlier fingerprint, and its result will be ignored.
  route.rechecks.set(file.id, { fileId: file.id, entry, movedAt: work.at, copyId: null });
  route.quiet.lastChangeAt = work.at;
}

function isSameSight(a: SourceEntry, b: SourceEntry): boolean {
  const isSame = sameFingerprint(a.fingerprint, b.fingerprint) && a.changedMs === b.changedMs && a.medium === b.medium;
  return isSame && !isOtherFile(a.identity, b.identity);
}

/** Starts hashing a source that is at rest, if no hash runs. This does not need the destination. */
export function pursueRechecks(work: Work, route: RouteState): void {
  if (route.rechecks.size === 0 || work.state.stopping !== null) return;
  const { lastRecheck, scanning, settings, source } = route;
  // A card that was put in again has all of its files here: they are not searched for the one that is being hashed.
  if (lastRecheck !== null && (route.rechecks.get(lastRecheck)?.copyId ?? null) !== null) return;
  for (const recheck of route.rechecks.values()) {
    if (scanning.evidenceAt < recheck.movedAt + restMs(settings, work.state.files.get(recheck.fileId)?.pauses) + source.cacheMs) continue;
    const id = copyId(work.ids.fresh());
    route.rechecks.set(recheck.fileId, { ...recheck, copyId: id });
    route.lastRecheck = recheck.fileId;
    const { path, identity, fingerprint } = recheck.entry;
    const asked = { route: settings.name, fileId: recheck.fileId, copyId: id };
    ask(work, { kind: 'hash_source', ...asked, source: path, sourceIdentity: identity, expected: fingerprint });
    return;
  }
}

/** Applies the carrier's answer to a hash. Anything except a hash of the expected file is tried again later. */
export function recheckReport(work: Work, route: RouteState, recheck: Recheck, report: CopyReport): void {
  if (report.kind !== 'source_hashed' && report.kind !== 'failed') return;
  const file = newestOf(work.state, route, recheck.entry.path);
  route.rechecks.delete(recheck.fileId);
  if (file?.id !== recheck.fileId || !isCompleted(file)) return;
  if (report.kind === 'failed') {
    // A file that cannot be read is tried again from time to time. Nothing waits for it. A process that ended shows nothing of it.
    const failed = report.fault.side === 'source' ? ({ hasFailed: true } as const) : {};
    if (report.fault.code !== 'ENOENT') route.rechecks.set(file.id, { ...recheck, movedAt: work.at, copyId: null, ...failed });
    return;
  }
  if (report.hash.value === file.hash?.value) refreshRecord(work, file, recheck.entry);
  else goOn(work, route, recheck.entry, file, work.wall - (work.at - recheck.movedAt));
}

/**
 * Follows a source that changed after its copy: the new content is another tracked file. A change soon after the copy counts as a
 * pause of the writer.
 *
 * @param movedAt when the source was first seen to have changed; wall clock
 */
function goOn(work: Work, route: RouteState, entry: SourceEntry, file: CompletedFile, movedAt: number): void {
  const isPause = file.endedAt !== null && movedAt - file.endedAt < route.settings.stuckAfterMs;
  discoverNewer(work, route, entry, file, isPause ? (file.pauses ?? 0) + 1 : 0);
}

function refreshRecord(work: Work, file: CompletedFile, entry: SourceEntry): void {
  const { fingerprint, identity } = entry;
  const sameFile = identity === null ? {} : { identity: identityText(identity) };
  const isPutIn = isOnOtherMedium(file, entry) && sameFingerprint(file.fingerprint, fingerprint);
  const event = { kind: 'same_bytes', mtimeNs: fingerprint.mtimeNs, ...(isPutIn ? { onMedium: true } : {}) } as const;
  note(work, { ...file, fingerprint, ...sameFile, ...seenOf(entry) }, event);
}
