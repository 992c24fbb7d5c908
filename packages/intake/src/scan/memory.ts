import { createSourceDiff } from '@sluice/core';
import type { Selection } from '@sluice/core/model';
import { limits, type SourceEntry } from '@sluice/core/model';
import type { Listing } from '../listing/listing.ts';
import type { Tree } from '../listing/tree.ts';
import type { Root } from './root.ts';

/** What a complete scan found, for a quick one after it. */
export interface Found {
  readonly tree: Tree;
  readonly selection: Selection;
  /** The destinations of the agent that were known then, in one text. */
  readonly ownMarkers: string;
}

/** What core expects of a listing. */
export interface Expected {
  readonly unseen?: number;
  readonly nothingWaits?: boolean;
}

/** What the process knows of its source from earlier scans. */
export class SourceMemory {
  readonly diff = createSourceDiff();
  #root: Root | null = null;
  /** Paths first seen under a strange root: finding them is no evidence that the root is the known one. */
  readonly #strangers = new Set<string>();

  /** Of the last complete scan; null: a quick one has nothing to begin from. */
  #found: Found | null = null;

  get found(): Found | null {
    return this.#found;
  }

  /** After a scan. @param found null where it was not complete */
  remember(found: Found | null): void {
    this.#found = found;
  }

  /** The root of the last complete scan. */
  get root(): Root | null {
    return this.#root;
  }

  /**
   * Whether a full source is empty now, or another device holds none of the known files.
   *
   * @param unseen files that an earlier process knew, and this one has not seen
   * @param nothingWaits all that was known is copied: another device with files, such as the next card, is the source from now on
   */
  isStrange({ anything, entries }: Listing, root: Root, { unseen = 0, nothingWaits = false }: Expected = {}): boolean {
    if (anything === 0 && (unseen > 0 || this.diff.size() >= limits.fullSourceEntries)) return true;
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
