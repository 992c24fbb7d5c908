/** What could be started if no agent runs, or why nothing can be. */
export type Offer =
  /** `by`: the file or option that says so. */
  | { readonly kind: 'start'; readonly by: string; readonly stateDir: string; readonly routes: readonly OfferedRoute[] }
  /** There is no configuration. One would be written to `file`. */
  | { readonly kind: 'set_up'; readonly file: string }
  /** Reasons in sentences for people. */
  | { readonly kind: 'cannot'; readonly problems: readonly string[] };

/** A route of the agent that could be started. */
export interface OfferedRoute {
  readonly name: string;
  readonly source: string;
  readonly destination: string;
}

/** Folders as they were typed. */
export interface TypedFolders {
  readonly source: string;
  readonly destination: string;
}

/** One of the two folders of a route. */
export type Side = 'source' | 'destination';

/** The result of checking a folder. */
export interface FolderCheck {
  /** The absolute path. */
  readonly path: string;
  readonly text: string;
  /** `doubtful`: it does not answer, or has a problem that may be gone when it is needed. */
  readonly verdict: 'good' | 'doubtful' | 'impossible';
}

/** What can be done while no agent runs. */
export interface Starter {
  /** Returns what could be started. Never rejects. */
  offer(): Promise<Offer>;
  /** Starts an agent. Resolves when it answers. @throws Error with its output */
  start(): Promise<void>;
  /** Checks a folder once and changes nothing. @throws Error if it cannot be checked */
  check(side: Side, folders: TypedFolders): Promise<FolderCheck>;
  /** Writes a new configuration, and never replaces one. @throws Error if it cannot be written */
  write(folders: TypedFolders): Promise<void>;
}
