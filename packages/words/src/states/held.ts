import type { RouteJson } from '@sluice/control';
import { momentText } from '../figures/clock.ts';
import { limits } from '../limits.ts';

/** The hold of a route, as people read it. */
export type ShownHold = Pick<NonNullable<RouteJson['hold']>, 'by' | 'until' | 'reason'>;

/** Returns `held by ann until 2026-11-28 17:00:00 (night shift)`. For a hold without an end, the text says who has to end it. */
export function heldText({ by, until, reason }: ShownHold): string {
  return `held by ${by} until ${until === null ? 'it is released' : momentText(until)}${whyText(reason)}`;
}

/** Returns ` (night shift)`, shortened. Empty if no reason was given. */
export function whyText(reason: string): string {
  if (reason === '') return '';
  return ` (${reason.length <= limits.statusReason ? reason : `${reason.slice(0, limits.statusReason)} ...`})`;
}
