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
  /** The rule that left them alone. */
  readonly rule: LeftAloneRule;
  /** The pattern of `exclude`, if `rule` is `excluded`. Otherwise null. */
  readonly pattern: string | null;
  /** Number of files and folders. */
  readonly count: number;
  /** How many of them are folders. */
  readonly folders: number;
  /** Paths of the first few, relative to the source folder, sorted. */
  readonly examples: readonly string[];
}

/** A pattern of a route that matched nothing in a listing. */
export interface UnmatchedPattern {
  /** The setting that has the pattern. */
  readonly setting: 'include' | 'exclude';
  /** The pattern, as the configuration has it. */
  readonly pattern: string;
}

/** A listing that left nothing alone. */
export const nothingLeft: Selection = { leftAlone: [], unmatched: [] };

/** What a listing left out. Bounded: the rows with the highest counts come first. */
export interface Selection {
  /** What the rules and patterns left alone. */
  readonly leftAlone: readonly LeftAlone[];
  /** Patterns that matched nothing. */
  readonly unmatched: readonly UnmatchedPattern[];
}
