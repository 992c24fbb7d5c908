// COMPLETED: a verified copy has its final name; with `copied: false` the same bytes were there already.
//
// Entered from VERIFYING. An end: when the source changes later, the path is discovered again.

import { sweepAt } from '../leftovers.ts';
import type { FileEvent } from '../messages/file-event.ts';
import type { CopyNote, CopyReport, ReadbackMethod } from '../model/copy.ts';
import { type CompletedFile, commonOf, isCompleted, type SourceEntry, type VerifyingFile } from '../model/file.ts';
import { copyId, sameFingerprint } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { restMs } from '../policy/growth.ts';
import { replacedBy } from '../policy/leftovers.ts';
import { plannedRemoval, watchRemovals } from '../removal/removal.ts';
import { newestOf, type Recheck, type RouteState } from '../state/state.ts';
import { ask, move, note, refresh, type Work } from '../state/work.ts';
import { discoverAgain, discoverNewer } from './discovered.ts';
import { becomeReady } from './ready.ts';

/** How it came to be there. */
interface CopyOutcome {
  readonly readback: ReadbackMethod;
  readonly copied: boolean;
  readonly notes: readonly CopyNote[];
}

/** What came to be there, as the journal keeps it. */
type Completion = Extract<FileEvent, { readonly kind: 'published' | 'already_there' | 'linked' }>;

/** Copied and verified. @param as which event says so; without it, what the outcome says */
export function complete(work: Work, route: RouteState, file: VerifyingFile, outcome: CopyOutcome, as?: Completion): void {
  const kind = outcome.copied ? 'published' : 'already_there';
  const completed: CompletedFile = {
    ...commonOf(file),
    status: 'COMPLETED',
    fingerprint: file.expected,
    growing: file.growing,
    hash: file.hash,
    ...plannedRemoval(route, {
      readback: outcome.readback,
      isSourceGone: file.sourceGone || outcome.notes.some(({ kind }) => kind === 'source_removed'),
    }),
    endedAt: work.wall,
    leftParts: leftParts(file, outcome),
    ...outcome,
    ...sourceOf(route, file),
    ...replacedBy(file, file.expected.sizeBytes),
  };
  route.movedFrom?.copiedSince.add(file.id);
  move(work, completed, as ?? { kind, as: file.destination, notes: outcome.notes });
  ask(work, { kind: 'forget', route: file.route, copyId: file.copyId });
  route.laneLimit *= 2;
  if (completed.leftParts.length > 0) sweepAt(route, completed, work.at + limits.sweepAfterMs);
  watchRemovals(work, route, completed);
  // What the source was seen as since it was verified was reported once, and is not reported again.
  if (isEmptied(completed, entryOf(file))) noteEmptied(work, route, completed);
  else observeCompleted(work, route, completed, entryOf(file));
}

/** Of what was copied: another file may have its path by now. */
function sourceOf({ sourceFiles, changes }: RouteState, file: VerifyingFile): Pick<CompletedFile, 'identity' | 'changedMs'> {
  if (!sameFingerprint(file.fingerprint, file.expected)) return {};
  const identity = sourceFiles.textOf(file.source);
  const changedMs = changes.get(file.source);
  return { ...(identity === null ? {} : { identity }), ...(changedMs === undefined ? {} : { changedMs }) };
}

/** A temporary name that could not be removed is left to the sweeps. */
function leftParts({ part, leftParts }: VerifyingFile, { notes }: CopyOutcome): readonly string[] {
  return part !== null && notes.some(({ kind }) => kind === 'part_left') ? [...leftParts, part] : leftParts;
}

function entryOf({ source, nameValid, fingerprint, mode, mayGrow, ...file }: VerifyingFile | CompletedFile): SourceEntry {
  const entry = { path: source, nameValid, fingerprint, identity: null, mode, mayGrow };
  return 'changedMs' in file && file.changedMs !== undefined ? { ...entry, changedMs: file.changedMs } : entry;
}

/**
 * An operator wants its copy looked after. The new attempt begins under the name of the old one: if the same bytes are there, nothing
 * is copied; if nothing is there, they are copied; if something else is there, they are copied under the next name.
 */
export function copyAgain(work: Work, route: RouteState, file: CompletedFile): void {
  const recheck = route.rechecks.get(file.id);
  route.rechecks.delete(file.id);
  // What is seen as moved has to come to rest first.
  const found = discoverAgain(work, route, recheck?.entry ?? entryOf(file), file);
  if (recheck === undefined) becomeReady(work, found, { growing: false }, { kind: 'source_unchanged' });
}

/** Whether nothing is left at the source of what was copied. */
export function isEmptied(file: CompletedFile, entry: SourceEntry): boolean {
  return entry.fingerprint.sizeBytes === 0 && file.fingerprint.sizeBytes > 0;
}

/** Its copy stays as it is, and an empty one is not made. Recorded once. */
export function noteEmptied(work: Work, route: RouteState, file: CompletedFile): void {
  route.rechecks.delete(file.id);
  if (!file.sourceGone) note(work, { ...file, sourceGone: true }, { kind: 'emptied' });
}

/**
 * A file that was copied is seen with another fingerprint, or another change time: a program may set size and time back. The same size
 * may hold the same bytes: they are hashed.
 */
export function observeCompleted(work: Work, route: RouteState, file: CompletedFile, entry: SourceEntry): void {
  if (sameFingerprint(file.fingerprint, entry.fingerprint) && !wasTouched(file, entry)) {
    // A time that was set back: what was to be hashed is not there any more, and would be asked for again and again.
    route.rechecks.delete(file.id);
    if (file.changedMs === undefined && entry.changedMs !== undefined) refresh(work, { ...file, changedMs: entry.changedMs });
    return;
  }
  if (entry.fingerprint.sizeBytes === file.fingerprint.sizeBytes && file.hash !== null) wantRecheck(work, route, file, entry);
  else goOn(work, route, entry, file, work.wall);
}

/** Whether it may have other bytes in spite of its size and time. What was never seen says nothing. */
function wasTouched(file: CompletedFile, { changedMs }: SourceEntry): boolean {
  return file.hash !== null && file.changedMs !== undefined && changedMs !== undefined && file.changedMs !== changedMs;
}

function wantRecheck(work: Work, route: RouteState, file: CompletedFile, entry: SourceEntry): void {
  const before = route.rechecks.get(file.id);
  const isKnown = before !== undefined && sameFingerprint(before.entry.fingerprint, entry.fingerprint);
  if (isKnown && before.entry.changedMs === entry.changedMs) return;
  // A hash under way is of what it was before, and is not wanted any more.
  route.rechecks.set(file.id, { fileId: file.id, entry, movedAt: work.at, copyId: null });
  route.quiet.lastChangeAt = work.at;
}

/** Starts one where it is at rest and none runs. Hashing a source needs no destination. */
export function pursueRechecks(work: Work, route: RouteState): void {
  if (route.rechecks.size === 0 || work.state.stopping !== null) return;
  for (const recheck of route.rechecks.values()) if (recheck.copyId !== null) return;
  const { scanning, settings, source } = route;
  for (const recheck of route.rechecks.values()) {
    if (scanning.evidenceAt < recheck.movedAt + restMs(settings, work.state.files.get(recheck.fileId)?.pauses) + source.cacheMs) continue;
    const id = copyId(work.ids.fresh());
    route.rechecks.set(recheck.fileId, { ...recheck, copyId: id });
    const { path, identity, fingerprint } = recheck.entry;
    const asked = { route: settings.name, fileId: recheck.fileId, copyId: id };
    ask(work, { kind: 'hash_source', ...asked, source: path, sourceIdentity: identity, expected: fingerprint });
    return;
  }
}

/** The answer of the carrier; anything but a hash of the expected file means: look again later. */
export function recheckReport(work: Work, route: RouteState, recheck: Recheck, report: CopyReport): void {
  if (report.kind !== 'source_hashed' && report.kind !== 'failed') return;
  const file = newestOf(work.state, route, recheck.entry.path);
  route.rechecks.delete(recheck.fileId);
  if (file?.id !== recheck.fileId || !isCompleted(file)) return;
  if (report.kind === 'failed') {
    // What cannot be read is tried again now and then; nothing waits for it.
    if (report.fault.code !== 'ENOENT') route.rechecks.set(file.id, { ...recheck, movedAt: work.at, copyId: null, hasFailed: true });
    return;
  }
  if (report.hash.value === file.hash?.value) refreshRecord(work, file, recheck.entry);
  else goOn(work, route, recheck.entry, file, work.wall - (work.at - recheck.movedAt));
}

/**
 * Its source went on: what it is now is another tracked file. Soon after the copy that was a pause of the writer.
 *
 * @param movedAt when its source was first seen to have moved; wall clock
 */
function goOn(work: Work, route: RouteState, entry: SourceEntry, file: CompletedFile, movedAt: number): void {
  const isPause = file.endedAt !== null && movedAt - file.endedAt < route.settings.stuckAfterMs;
  discoverNewer(work, route, entry, file, isPause ? (file.pauses ?? 0) + 1 : 0);
}

function refreshRecord(work: Work, file: CompletedFile, { fingerprint, changedMs }: SourceEntry): void {
  const seen = changedMs === undefined ? { fingerprint } : { fingerprint, changedMs };
  note(work, { ...file, ...seen }, { kind: 'same_bytes', mtimeNs: fingerprint.mtimeNs });
}
