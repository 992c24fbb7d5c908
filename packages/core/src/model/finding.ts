/** What is known of a destination. `words` makes the text, with the path and the error code. */
export type Finding =
  /** No probe has answered yet. */
  | { readonly kind: 'not_probed' }
  | { readonly kind: 'answers' }
  | { readonly kind: 'no_answer'; readonly deadlineMs: number }
  /** Abandoned processes are still inside a call. */
  | { readonly kind: 'calls_hang'; readonly pids: readonly number[] }
  /** The probing process ended. `how` is the system's description. */
  | { readonly kind: 'prober_lost'; readonly how: string }
  | { readonly kind: 'agent_ends'; readonly operation: string }
  | { readonly kind: 'call_failed'; readonly operation: string }
  | { readonly kind: 'no_room_for_marker'; readonly operation: string }
  /** The destination answers, but its marker cannot be written. */
  | { readonly kind: 'marker_refused'; readonly operation: string }
  /** The marker is empty, incomplete, too long, or not a regular file. */
  | { readonly kind: 'marker_unclear'; readonly operation: string }
  /** Sluice is not permitted to read the marker. */
  | { readonly kind: 'marker_denied'; readonly operation: string }
  | { readonly kind: 'marker_missing'; readonly expected: string }
  | { readonly kind: 'marker_differs'; readonly found: string; readonly expected: string }
  /** Nothing is mounted at the path, and the path is in a mount folder. */
  | { readonly kind: 'nothing_mounted'; readonly under: string }
  /** From a journal of another version. Only `technical` was kept. */
  | { readonly kind: 'unspecified'; readonly technical: string };

const noReasons: ReadonlySet<Finding['kind']> = new Set(['not_probed', 'answers', 'agent_ends', 'unspecified'] as const);

/** Returns whether a finding explains why a destination is not online, even if the cause is `unknown`. */
export function isReason({ kind }: Finding): boolean {
  return !noReasons.has(kind);
}
