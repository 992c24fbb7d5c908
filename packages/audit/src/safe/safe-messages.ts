import { type Check, isAmount, isFlag, isText, listOf, orNull, shapeOf, unionOf } from '@sluice/child';
import type { Progress } from '../process/progress.ts';

/** What a process that answers `safe` is asked. */
export interface SafeInit {
  readonly journalPath: string;
  /** Of better-sqlite3's native part, in the packed executable; null elsewhere. */
  readonly addonPath: string | null;
  /** The route whose source is asked for. */
  readonly route: string;
  /** A folder below the source, `/` between the parts; null: all of it. */
  readonly folder: string | null;
  /** The bytes on both sides are read. */
  readonly reads: boolean;
  /** Files that the report names at most. */
  readonly namedFiles: number;
}

/** A file that must not be cleared. */
export interface ReportedFile {
  readonly route: string;
  /** Relative to the source of the route. */
  readonly path: string;
  /** Why, and what to do. */
  readonly text: string;
}

/** The answer for people. It has a bound, however many files there are. */
export interface SafeReport {
  readonly isSafe: boolean;
  readonly verdict: string;
  /** In the order of their paths. */
  readonly files: readonly ReportedFile[];
  /** Further files that must not be cleared. */
  readonly more: number;
  /** What rules left alone, and weak proofs, in sentences. */
  readonly notes: readonly string[];
}

/** What such a process says. */
export type SafeMessage =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'report'; readonly report: SafeReport }
  /** The journal could not be read, or the program has a fault. */
  | { readonly kind: 'failed'; readonly why: string };

/** Whether a message is one that such a process sends. */
export const isSafeMessage: Check = unionOf<SafeMessage>({
  progress: {
    progress: shapeOf<Progress>({ files: isAmount, bytes: isAmount, allFiles: orNull(isAmount), allBytes: orNull(isAmount) }),
  },
  report: {
    report: shapeOf<SafeReport>({
      isSafe: isFlag,
      verdict: isText,
      files: listOf(shapeOf<ReportedFile>({ route: isText, path: isText, text: isText })),
      more: isAmount,
      notes: listOf(isText),
    }),
  },
  failed: { why: isText },
});
