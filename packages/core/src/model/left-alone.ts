/** Why a file or folder of a source is left alone. */
export type LeftAloneRule =
  | 'dotfile'
  | 'temporary'
  | 'system_file'
  | 'system_folder'
  | 'empty'
  | 'symlink'
  | 'special'
  | 'excluded'
  | 'not_included'
  /** A destination of this agent. */
  | 'destination';

/** What one rule, or one pattern of `exclude`, left alone in a listing. A folder counts once, whatever it holds. */
export interface LeftAlone {
  readonly rule: LeftAloneRule;
  /** Of `excluded`: which one. */
  readonly pattern: string | null;
  readonly count: number;
  /** How many of them are folders. */
  readonly folders: number;
  /** Relative to the source root: the first few, in the order of their paths. */
  readonly examples: readonly string[];
}

/** A pattern of a route that matched nothing in a listing. */
export interface UnmatchedPattern {
  readonly setting: 'include' | 'exclude';
  readonly pattern: string;
}

/** A listing that left nothing alone. */
export const nothingLeft: Selection = { leftAlone: [], unmatched: [] };

/** What a listing did not take in. Bounded: what left most alone comes first. */
export interface Selection {
  readonly leftAlone: readonly LeftAlone[];
  readonly unmatched: readonly UnmatchedPattern[];
}
