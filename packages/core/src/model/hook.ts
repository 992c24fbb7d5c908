/** The hooks, named after the settings with their commands. The journal stores these names. */
export type HookName = 'on_attention' | 'on_done' | 'before_probe';

/** How a command of the operator ended. `diagnosis`: the last part of its standard error. */
export type HookEnd =
  | { readonly kind: 'ended'; readonly code: number; readonly diagnosis: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly diagnosis: string }
  /** It ran too long, so it was ended together with everything that it had started. `afterMs`: the deadline. */
  | { readonly kind: 'overdue'; readonly afterMs: number; readonly diagnosis: string }
  | { readonly kind: 'not_started'; readonly why: string };
