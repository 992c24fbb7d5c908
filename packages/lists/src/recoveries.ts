import type { FileId } from '@sluice/core/model';
import type { IdMap } from './order/id-map.ts';
import type { Listed } from './rows/listed.ts';

/** An entry of the catalogue, as far as recoveries use it. */
export interface RecoveryEntry {
  readonly file: Listed;
  /** Its original can no longer be read. */
  readonly hasLostOriginal: boolean;
}

/** Which listed file recovers which, and whether a recovery shows its original above it. */
export class Recoveries {
  readonly #entries: IdMap<RecoveryEntry>;
  readonly #shownSince: () => number;
  /** From an original to its recovery. */
  readonly #recoveries = new Map<FileId, FileId>();

  /** @param shownSince wall clock: originals of recoveries that ended before this are not shown */
  constructor(entries: IdMap<RecoveryEntry>, shownSince: () => number) {
    this.#entries = entries;
    this.#shownSince = shownSince;
  }

  /** Updates the link of a file that is listed, has changed, or is no longer listed. */
  link(before: Listed | undefined, after: Listed | undefined): void {
    if (before?.recoveryOf === after?.recoveryOf) return;
    // A newer file may recover the same original: its link stays.
    if (before !== undefined && before.recoveryOf !== null && this.#recoveries.get(before.recoveryOf) === before.id) {
      this.#recoveries.delete(before.recoveryOf);
    }
    if (after !== undefined && after.recoveryOf !== null) this.#recoveries.set(after.recoveryOf, after.id);
  }

  idOf(original: FileId): FileId | undefined {
    return this.#recoveries.get(original);
  }

  /**
   * Returns whether this file shows its original above it. Only an original that names this file as its recovery is shown there;
   * any other has its own row and would be shown twice. An original that is not listed counts as naming it.
   */
  showsOriginal({ file, hasLostOriginal }: RecoveryEntry): boolean {
    const original = file.recoveryOf === null ? undefined : this.#entries.get(file.recoveryOf);
    const isNamedBack = original === undefined || original.file.recoveredBy === file.id;
    return isNamedBack && !hasLostOriginal && (file.endedAt === null || file.endedAt >= this.#shownSince());
  }

  /** Returns the recovery that shows this file above it, if there is one: the recovery must name this file as its original. */
  shownBy(file: Listed): Listed | undefined {
    const entry = file.recoveredBy === null ? undefined : this.#entries.get(file.recoveredBy);
    return entry?.file.recoveryOf === file.id && this.showsOriginal(entry) ? entry.file : undefined;
  }
}
