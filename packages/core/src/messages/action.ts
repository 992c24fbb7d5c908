import type { RouteName } from '../model/ids.ts';

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

/** An action on a route. */
export type RouteAction =
  /** No new copies start; running ones finish. `until`: wall clock, null: until it is released. */
  | { readonly do: 'hold'; readonly route: RouteName; readonly until: number | null }
  | { readonly do: 'release'; readonly route: RouteName }
  | { readonly do: 'rescan'; readonly route: RouteName }
  /** For all files that vanished before they were copied. */
  | { readonly do: 'acknowledge'; readonly route: RouteName }
  /** The disk or folder at the destination's path is accepted as the destination. */
  | { readonly do: 'adopt'; readonly route: RouteName };

/** An action of the user on files or routes. */
export type Action = FileAction | RouteAction;
