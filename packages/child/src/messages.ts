/** The word in the arguments that makes the program a child: `<self> __child <kind>`. */
export const childWord = '__child';

/** What a child was doing, for the judgement of its silence. */
export interface Activity {
  readonly operation: string;
  readonly side: 'source' | 'destination' | null;
  readonly sinceMs: number;
}

/** What goes to a child: its init, then its messages. */
export type Downward<Init, In> = { readonly is: 'init'; readonly init: Init } | { readonly is: 'message'; readonly message: In };

/** What comes from a child. */
export type Upward<Out> =
  | { readonly is: 'ready' }
  | { readonly is: 'message'; readonly message: Out }
  | { readonly is: 'heartbeat'; readonly activity: Activity | null };
