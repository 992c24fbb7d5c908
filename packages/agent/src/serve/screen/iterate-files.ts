import type { CoreState } from '@sluice/core';
import type { FileId, Status } from '@sluice/core/model';
import type { EndedBrief } from '@sluice/lists';
import type { ScreenJournal } from './journal.ts';
import { screenLimits as limits } from './limits.ts';

/** States by the attention that they need: files that are shown first are applied first. */
const walkOrder: readonly Status[] = [
  'GROWING_COPY',
  'COPYING',
  'VERIFYING',
  'IN_QUEUE',
  'WAITING_FOR_NETWORK',
  'WAITING_FOR_SPACE',
  'READY',
  'GROWING',
  'DISCOVERED',
];
const movingStatuses: readonly Status[] = ['GROWING_COPY', 'COPYING', 'VERIFYING', 'GROWING'];

/**
 * Yields every file of core, live ones first. A file may come twice. Files that are new meanwhile are journaled, and may be left
 * out.
 */
export function* coreFiles(state: CoreState): Generator<FileId, void> {
  for (const route of state.routes.values()) {
    for (const status of walkOrder) yield* route.byStatus[status];
  }
  yield* state.files.keys();
}

/** Yields the files whose progress or size changes without a record, at most `limits.movingFiles`. */
export function* movingFiles(state: CoreState): Generator<FileId, void> {
  let left: number = limits.movingFiles;
  for (const route of state.routes.values()) {
    for (const status of movingStatuses) {
      for (const id of route.byStatus[status]) {
        if (left <= 0) return;
        left -= 1;
        yield id;
      }
    }
  }
}

/** The ended files of the journal, newest first, in pieces. About `limits.endedFiles` at most. */
export class EndedWalk {
  readonly #reader: Pick<ScreenJournal, 'ended'>;
  /** The last file of the last piece. */
  #before: { readonly endedAt: number; readonly id: string } | null = null;
  #count = 0;
  #isDone = false;

  constructor(reader: Pick<ScreenJournal, 'ended'>) {
    this.#reader = reader;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /**
   * Reads the next piece.
   *
   * @param since wall clock, milliseconds: files that ended earlier are left out
   * @param limit number of files
   */
  next(since: number, limit: number): readonly EndedBrief[] {
    const briefs = this.#reader.ended({ since, before: this.#before, limit });
    this.#count += briefs.length;
    const last = briefs.at(-1);
    if (last === undefined || this.#count >= limits.endedFiles) this.#isDone = true;
    else this.#before = { endedAt: last.endedAt, id: last.id };
    return briefs;
  }
}
