/** A source, or a folder of it. */
export interface SafeAsked {
  readonly route: string;
  /** Path below the source, `/` between the parts. Null: all of it. */
  readonly folder: string | null;
  /** Whether the bytes on both sides are read again. */
  readonly reads: boolean;
}

/** The progress of a check. */
export interface SafeProgress {
  readonly files: number;
  readonly bytes: number;
  /** The totals. Null: not counted yet. */
  readonly allFiles: number | null;
  readonly allBytes: number | null;
}

/** The answer of a check. */
export interface SafeReport {
  readonly isSafe: boolean;
  /** `SAFE TO CLEAR: …` or `NOT SAFE: …`. */
  readonly verdict: string;
  /** Files that must not be cleared, sorted by path. Their number is bounded. */
  readonly files: readonly UnsafeFile[];
  /** Number of further files that must not be cleared. */
  readonly more: number;
  /** Sentences about files that rules left alone, and about weak proofs. */
  readonly notes: readonly string[];
}

/** A file that must not be cleared. */
export interface UnsafeFile {
  readonly route: string;
  /** Path below the source of the route. */
  readonly path: string;
  /** The reason, and the remedy. */
  readonly text: string;
}

/** Checks whether sources may be cleared, in other processes. */
export interface SafeAsker {
  /**
   * Checks one source. It ends at once when `signal` is aborted.
   * @throws Error if it cannot be checked
   */
  ask(asked: SafeAsked, onProgress: (progress: SafeProgress) => void, signal: AbortSignal): Promise<SafeReport>;
}
