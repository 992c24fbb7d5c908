// COMPLETED: a verified copy has its final name; with `copied: false` the same bytes were there already.
//
// Entered from VERIFYING. An end: when the source changes later, the path is discovered again.

import type { CopyNote, ReadbackMethod } from '../model/copy.ts';
import type { CompletedFile, SourceEntry, VerifyingFile } from '../model/file.ts';
import { commonOf } from '../model/file.ts';
import { sameFingerprint } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { sweepAt } from '../requests/sweep.ts';
import { type RouteState } from '../state/state.ts';
import { ask, move, type Work } from '../state/work.ts';
import { discover } from './discovered.ts';
import { wantRecheck } from './recheck.ts';

/** How it came to be there. */
interface CopyOutcome {
  readonly readback: ReadbackMethod;
  readonly copied: boolean;
  readonly notes: readonly CopyNote[];
}

/** Carried and proven. */
export function complete(work: Work, route: RouteState, file: VerifyingFile, outcome: CopyOutcome): void {
  const completed: CompletedFile = {
    ...commonOf(file),
    status: 'COMPLETED',
    fingerprint: file.expected,
    growing: file.growing,
    hash: file.hash,
    afterCopy: 'none',
    endedAt: work.wall,
    ...outcome,
  };
  move(work, completed, { kind: outcome.copied ? 'published' : 'already_there', as: file.destination, notes: outcome.notes });
  ask(work, { kind: 'forget', route: file.route, copyId: file.copyId });
  route.laneLimit *= 2;
  sweepAt(route, completed, work.at + limits.sweepAfterMs);
  // What the source was seen as since it was proven was told once, and is not told again.
  observeCompleted(work, route, completed, entryOf(file));
}

function entryOf({ source, nameValid, fingerprint, mode, mayGrow }: VerifyingFile): SourceEntry {
  return { path: source, nameValid, fingerprint, mode, mayGrow };
}

/** A file that was carried is seen with another fingerprint. The same size may hold the same bytes: they are hashed. */
export function observeCompleted(work: Work, route: RouteState, file: CompletedFile, entry: SourceEntry): void {
  if (sameFingerprint(file.fingerprint, entry.fingerprint)) {
    // A time that was set back: what was to be hashed is not there any more, and would be asked for again and again.
    route.rechecks.delete(file.id);
    return;
  }
  if (entry.fingerprint.sizeBytes === file.fingerprint.sizeBytes && file.hash !== null) wantRecheck(work, route, file, entry);
  else discover(work, route, entry, file);
}
