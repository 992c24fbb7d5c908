import { type Check, isAmount, isText, oneOf, orNull, shapeOf } from './shape.ts';

/** The argument that makes the program a child: `<self> __child <kind>`. */
export const childWord = '__child';

/** What a child was doing, so that its silence can be judged. */
export interface Activity {
  readonly operation: string;
  readonly side: 'source' | 'destination' | null;
  readonly sinceMs: number;
}

/** A message to a child: its init, then bundles of messages. The messages of one event-loop turn travel together, in order. */
export type Downward<Init, In> =
  | { readonly is: 'init'; readonly init: Init }
  | { readonly is: 'messages'; readonly messages: readonly In[] };

/** A message from a child. {@linkcode isUpward} checks one. */
export type Upward<Out> =
  | { readonly is: 'ready' }
  | { readonly is: 'messages'; readonly messages: readonly Out[] }
  | { readonly is: 'heartbeat'; readonly activity: Activity | null };

const isActivity = shapeOf<Activity>({ operation: isText, side: orNull(oneOf('source', 'destination')), sinceMs: isAmount });
const isEnvelope = shapeOf<{ is: string }>({ is: isText });

/** Returns whether a value is a message from a child. @param accepts checks a message of this kind of child */
export function isUpward<Out>(value: unknown, accepts: Check): value is Upward<Out> {
  if (!isEnvelope(value)) return false;
  const upward = value as { readonly is: string; readonly messages?: unknown; readonly activity?: unknown };
  if (upward.is === 'messages') return Array.isArray(upward.messages) && upward.messages.every(accepts);
  if (upward.is === 'heartbeat') return upward.activity === null || isActivity(upward.activity);
  return upward.is === 'ready';
}
