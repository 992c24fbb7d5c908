/** What is known of a destination that is not online, or that it answers. `words` makes the text, with the path and the error code. */
export type Finding =
  /** No probe has answered yet. */
  | { readonly kind: 'not_probed' }
  | { readonly kind: 'answers' }
  | { readonly kind: 'no_answer'; readonly deadlineMs: number }
  /** Abandoned processes are still inside a call. */
  | { readonly kind: 'calls_hang'; readonly pids: readonly number[] }
  /** The process that was to probe ended; `how` is what the system said. */
  | { readonly kind: 'prober_lost'; readonly how: string }
  | { readonly kind: 'agent_ends'; readonly operation: string }
  | { readonly kind: 'call_failed'; readonly operation: string }
  | { readonly kind: 'no_room_for_marker'; readonly operation: string }
  /** The destination answers, and its marker cannot be left there. */
  | { readonly kind: 'marker_refused'; readonly operation: string }
  /** It is empty, cut short, too long, or no regular file. */
  | { readonly kind: 'marker_unclear'; readonly operation: string }
  /** Sluice may not read it. */
  | { readonly kind: 'marker_denied'; readonly operation: string }
  | { readonly kind: 'marker_missing'; readonly expected: string }
  | { readonly kind: 'marker_differs'; readonly found: string; readonly expected: string }
  /** Nothing is mounted there, and the path lies under a folder for mounts. */
  | { readonly kind: 'nothing_mounted'; readonly under: string }
  /** From a journal of another form; `technical` is all that was kept. */
  | { readonly kind: 'unspecified'; readonly technical: string };

const noReasons: ReadonlySet<Finding['kind']> = new Set(['not_probed', 'answers', 'agent_ends', 'unspecified'] as const);

/** Whether it says by itself why a destination is not online, also where the cause is `unknown`. */
export function isReason({ kind }: Finding): boolean {
  return !noReasons.has(kind);
}
