import type { KeptBecause } from '@sluice/core/model';
import type { Time } from './replies.ts';

/** The partial file that a failed growing copy left at a destination under a visible name. */
export interface LeftoverJson {
  /** Version of this format. */
  readonly v: 1;
  /** Name of the route. */
  readonly route: string;
  /** Path of the file whose copy failed, relative to the source. */
  readonly source: string;
  /** Path of the partial file, relative to the destination. */
  readonly destination: string;
  /** `id` of the attempt that failed. */
  readonly attempt: string;
  /** When that attempt failed. */
  readonly failedAt: Time;
  /** Time since then. */
  readonly ageMs: number;
  /** Bytes that were written and synced before it failed. */
  readonly copiedBytes: number;
  /** Size of the partial file now. Null: no file has its name, or the destination was not queried. */
  readonly sizeBytes: number | null;
  /** The complete copy that replaced it. Null: there is none. */
  readonly replacedBy: LeftoverReplacement | null;
  /** `removable`: `leftovers remove` removes it. `kept`: it stays, see `kept`. `gone`: no file has its name. */
  readonly state: 'removable' | 'kept' | 'being_removed' | 'gone' | 'unknown';
  /** Why it stays. Null: `state` is not `kept`. */
  readonly kept: KeptBecause | null;
  /** Why it stays or is unknown, in one sentence. Null: it can be removed, or is gone. */
  readonly reason: string | null;
}

/** What `clear` deleted at a source, or would delete. */
export interface ClearJson {
  /** Version of this format. */
  readonly v: 1;
  /** Name of the route. */
  readonly route: string;
  /** Its source folder. */
  readonly source: string;
  /** The requested folder, relative to the source. Null: all of the source. */
  readonly folder: string | null;
  /** Whether this was a dry run, which deletes nothing. */
  readonly dryRun: boolean;
  /** The verdict. `ok`: every file at the source was deleted, or would be, or there is none. */
  readonly verdict: ClearVerdict;
  /** Number of files that were proven to be copied: these are deleted. */
  readonly files: number;
  /** Their sizes together, bytes. */
  readonly bytes: number;
  /** Paths of the first thousand of them, relative to the source. */
  readonly names: readonly string[];
  /** Number of files that were deleted. Null: a dry run. */
  readonly deleted: number | null;
  /** The first thousand files that were proven and not deleted. */
  readonly kept: readonly KeptFile[];
  /** Number of files that stay because they are not safe to clear. */
  readonly notSafe: number;
  /** The first thousand of them. */
  readonly unsafe: readonly KeptFile[];
}

/** The result of `clear` in one sentence. */
export interface ClearVerdict {
  /** Whether the request was carried out completely. */
  readonly ok: boolean;
  /** The same in words. */
  readonly text: string;
}

/** A file that stays at the source. */
export interface KeptFile {
  /** Path relative to the source. */
  readonly source: string;
  /** Why it stays, in one sentence. */
  readonly text: string;
}

/** A complete copy that replaced a leftover. */
export interface LeftoverReplacement {
  /** `id` of the attempt that made it. */
  readonly id: string;
  /** Path of the copy, relative to the destination. */
  readonly destination: string;
}
