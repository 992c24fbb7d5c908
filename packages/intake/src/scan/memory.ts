import { createSourceDiff } from '@sluice/core';
import { limits, type SourceEntry } from '@sluice/core/model';
import type { Listing } from '../listing.ts';
import type { Root } from '../root.ts';

/** What the process knows of its source from earlier scans. */
export class SourceMemory {
  readonly diff = createSourceDiff();
  #root: Root | null = null;
  /** Paths first seen under a strange root: finding them is no evidence that the root is the known one. */
  readonly #strangers = new Set<string>();

  /** The root of the last complete scan. */
  get root(): Root | null {
    return this.#root;
  }

  /**
   * Whether a full source is empty now, or another device holds none of the known files.
   *
   * @param nothingWaits all that was known is copied: another device with files, such as the next card, is the source from now on
   */
  isStrange({ anything, entries }: Listing, root: Root, nothingWaits = false): boolean {
    if (anything === 0 && this.diff.size() >= limits.fullSourceEntries) return true;
    if (this.#root === null || this.#root.device === root.device || this.diff.size() === 0) return false;
    if (nothingWaits && entries.length > 0) return false;
    return !entries.some(({ path }) => this.diff.has(path) && !this.#strangers.has(path));
  }

  /** To be called before the diff takes in these entries of a strange root. */
  addStrangers(entries: readonly SourceEntry[]): void {
    for (const { path } of entries) if (!this.diff.has(path)) this.#strangers.add(path);
  }

  /** Makes this the known root. @returns whether another one was known, or none */
  acceptRoot(root: Root): boolean {
    const isOther = this.#root?.key !== root.key;
    if (isOther) this.diff.doubtMissing();
    this.#root = root;
    this.#strangers.clear();
    return isOther;
  }
}
