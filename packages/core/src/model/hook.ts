/** The settings that hold a command of the operator. The journal keeps these names. */
export type HookName = 'on_attention' | 'on_done' | 'before_probe';

/** How a command of the operator ended. `diagnosis`: the end of what it wrote on its standard error. */
export type HookEnd =
  | { readonly kind: 'ended'; readonly code: number; readonly diagnosis: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly diagnosis: string }
  /** It ran too long and was ended, with everything that it had started. `afterMs`: the deadline. */
  | { readonly kind: 'overdue'; readonly afterMs: number; readonly diagnosis: string }
  | { readonly kind: 'not_started'; readonly why: string };
