import type { FileId, Fingerprint, RouteName } from '../model/ids.ts';

/** The operator who requested an action, and why, for the journal. */
export interface Operator {
  /** The user, and where the session came from. */
  readonly by: string;
  readonly reason: string | null;
}

/**
 * An action on one source file. It applies to the newest attempt of the file at the time of the action.
 *
 * - `retry`: the next attempt begins at once, and attempts are counted from zero.
 * - `skip`: the file is not copied until it is retried.
 * - `first`: the file is copied before all others.
 * - `acknowledge`: the file vanished before it was copied, and is no longer reported.
 */
export interface FileAction {
  readonly do: 'retry' | 'skip' | 'first' | 'acknowledge';
  readonly route: RouteName;
  /** Relative to the source root. */
  readonly source: string;
}

/** A file that was proven to be copied, with the source fingerprint of that moment. */
export interface ProvenFile extends Fingerprint {
  readonly id: FileId;
  /** `identityText` of the source file that was compared, if its disk was mounted again since it was copied. */
  readonly identity?: string;
}

/** An action on a route. */
export type RouteAction =
  /** No new copies start; running ones finish. `until`: wall clock, null: until it is released. */
  | { readonly do: 'hold'; readonly route: RouteName; readonly until: number | null }
  | { readonly do: 'release'; readonly route: RouteName }
  | { readonly do: 'rescan'; readonly route: RouteName }
  /** For all files that vanished before they were copied. */
  | { readonly do: 'acknowledge'; readonly route: RouteName }
  /** Removes leftovers at the destination that were replaced by a complete copy. */
  | { readonly do: 'remove_leftovers'; readonly route: RouteName }
  /** Removes old records from the journal. The agent does that; core records who requested it. */
  | { readonly do: 'prune'; readonly route: RouteName; readonly before: number }
  /**
   * The sources of these files are to be removed, whatever `after_copy` is set to. The requester has just proven that each copy
   * exists and has these bytes.
   */
  | { readonly do: 'remove_sources'; readonly route: RouteName; readonly files: readonly ProvenFile[] }
  /** The disk or folder at the destination's path is accepted as the destination. */
  | { readonly do: 'adopt'; readonly route: RouteName };

/** An action of the user on files or routes. */
export type Action = FileAction | RouteAction;
