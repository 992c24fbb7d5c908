/** A source, or a folder of it. */
export interface SafeAsked {
  readonly route: string;
  /** Below the source, `/` between the parts. Null: all of it. */
  readonly folder: string | null;
  /** Whether the bytes on both sides are read again. */
  readonly reads: boolean;
}

/** How far a check is. */
export interface SafeProgress {
  readonly files: number;
  readonly bytes: number;
  /** Totals. Null: not known yet. */
  readonly allFiles: number | null;
  readonly allBytes: number | null;
}

/** Whether a source may be cleared. */
export interface SafeReport {
  readonly isSafe: boolean;
  /** `SAFE TO CLEAR: …` or `NOT SAFE: …`. */
  readonly verdict: string;
  /** Files that must not be cleared, in the order of their paths; bounded. */
  readonly files: readonly UnsafeFile[];
  /** Further files that must not be cleared. */
  readonly more: number;
  /** What rules left alone, and weak proofs, in sentences. */
  readonly notes: readonly string[];
}

/** A file that must not be cleared. */
export interface UnsafeFile {
  readonly route: string;
  /** Below the source of the route. */
  readonly path: string;
  /** Why, and what to do. */
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
