import { type Check, isAmount, isText, oneOf, orNull, shapeOf } from './shape.ts';

/** The word in the arguments that makes the program a child: `<self> __child <kind>`. */
export const childWord = '__child';

/** What a child was doing, for the judgement of its silence. */
export interface Activity {
  readonly operation: string;
  readonly side: 'source' | 'destination' | null;
  readonly sinceMs: number;
}

/** What goes to a child: its init, then its messages. Those of one moment travel together, in their order. */
export type Downward<Init, In> =
  | { readonly is: 'init'; readonly init: Init }
  | { readonly is: 'messages'; readonly messages: readonly In[] };

/** What comes from a child; {@linkcode isUpward} tells whether it does. */
export type Upward<Out> =
  | { readonly is: 'ready' }
  | { readonly is: 'messages'; readonly messages: readonly Out[] }
  | { readonly is: 'heartbeat'; readonly activity: Activity | null };

const isActivity = shapeOf<Activity>({ operation: isText, side: orNull(oneOf('source', 'destination')), sinceMs: isAmount });
const isEnvelope = shapeOf<{ is: string }>({ is: isText });

/** @param accepts tells whether a message is one that this kind of child sends */
export function isUpward<Out>(value: unknown, accepts: Check): value is Upward<Out> {
  if (!isEnvelope(value)) return false;
  const upward = value as { readonly is: string; readonly messages?: unknown; readonly activity?: unknown };
  if (upward.is === 'messages') return Array.isArray(upward.messages) && upward.messages.every(accepts);
  if (upward.is === 'heartbeat') return upward.activity === null || isActivity(upward.activity);
  return upward.is === 'ready';
}
