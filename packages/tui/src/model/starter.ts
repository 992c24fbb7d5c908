/** What could be started where no agent runs, or what keeps it from being. */
export type Offer =
  /** `by`: what says so. */
  | { readonly kind: 'start'; readonly by: string; readonly stateDir: string; readonly routes: readonly OfferedRoute[] }
  /** There is no configuration; one would be written to `file`. */
  | { readonly kind: 'set_up'; readonly file: string }
  /** In sentences for people. */
  | { readonly kind: 'cannot'; readonly problems: readonly string[] };

export interface OfferedRoute {
  readonly name: string;
  readonly source: string;
  readonly destination: string;
}

/** Folders as somebody typed them. */
export interface TypedFolders {
  readonly source: string;
  readonly destination: string;
}

export type Side = 'source' | 'destination';

/** What a folder is. */
export interface FolderCheck {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** `doubtful`: it does not answer, or not as it should; it may by the time it is needed. */
  readonly verdict: 'good' | 'doubtful' | 'impossible';
}

/** What can be done while no agent runs. */
export interface Starter {
  /** Never rejects. */
  offer(): Promise<Offer>;
  /** Resolves when the agent answers. @throws Error with what it said */
  start(): Promise<void>;
  /** Checks a folder once and changes nothing. @throws Error where it cannot be checked */
  check(side: Side, folders: TypedFolders): Promise<FolderCheck>;
  /** Writes a configuration, never over one. @throws Error where it cannot be written */
  write(folders: TypedFolders): Promise<void>;
}
