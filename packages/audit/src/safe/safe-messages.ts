import { type Check, isAmount, isFlag, isText, listOf, orAbsent, orNull, shapeOf, unionOf } from '@sluice/child';
import type { ProvenFile } from '../model.ts';
import type { Progress } from '../process/progress.ts';

/** The request to a process that checks a source. */
export interface SafeInit {
  readonly journalPath: string;
  /** Path of the native part of better-sqlite3, in the packed executable. Null elsewhere. */
  readonly addonPath: string | null;
  /** The route whose source is checked. */
  readonly route: string;
  /** A folder below the source, `/` between the parts. Null: all of it. */
  readonly folder: string | null;
  /** Whether the bytes on both sides are read. */
  readonly reads: boolean;
  /** Largest number of files that the report names. */
  readonly namedFiles: number;
  /** Largest number of proven files of the route that are sent. */
  readonly provenFiles: number;
  /** Real paths of sources, by the names of their routes. Missing ones are looked up. */
  readonly realSources: Readonly<Record<string, string>>;
}

/** A file that must not be cleared. */
export interface ReportedFile {
  readonly route: string;
  /** Path relative to the source of the route. */
  readonly path: string;
  /** The reason, and the remedy. */
  readonly text: string;
}

/** The answer for people. Its size is bounded, however many files there are. */
export interface SafeReport {
  readonly isSafe: boolean;
  readonly verdict: string;
  /** Sorted by path. */
  readonly files: readonly ReportedFile[];
  /** Number of further files that must not be cleared. */
  readonly more: number;
  /** All of the source could be read, and there is no file in it. */
  readonly isEmpty: boolean;
  /** Number of files of the route that are safe to clear, sent or not. */
  readonly proven: number;
  /** Sentences about files that rules left alone, and about weak proofs. */
  readonly notes: readonly string[];
}

/** A message of such a process. */
export type SafeMessage =
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** A part of the proven files. All parts come before the report. */
  | { readonly kind: 'proven'; readonly files: readonly ProvenFile[] }
  | { readonly kind: 'report'; readonly report: SafeReport }
  /** The journal could not be read, or the program has a fault. */
  | { readonly kind: 'failed'; readonly why: string };

/** Checks a message of such a process. */
export const isSafeMessage: Check = unionOf<SafeMessage>({
  progress: {
    progress: shapeOf<Progress>({ files: isAmount, bytes: isAmount, allFiles: orNull(isAmount), allBytes: orNull(isAmount) }),
  },
  proven: {
    files: listOf(
      shapeOf<ProvenFile>({ route: isText, path: isText, sizeBytes: isAmount, id: isText, mtimeNs: isText, identity: orAbsent(isText) }),
    ),
  },
  report: {
    report: shapeOf<SafeReport>({
      isSafe: isFlag,
      verdict: isText,
      files: listOf(shapeOf<ReportedFile>({ route: isText, path: isText, text: isText })),
      more: isAmount,
      isEmpty: isFlag,
      proven: isAmount,
      notes: listOf(isText),
    }),
  },
  failed: { why: isText },
});
