import type { RouteJson } from '@sluice/control';
import { momentText } from '../figures/clock.ts';
import { limits } from '../limits.ts';

/** The hold of a route, as people read it. */
export type ShownHold = Pick<NonNullable<RouteJson['hold']>, 'by' | 'until' | 'reason'>;

/** `held by ann until 2026-11-28 17:00:00 (night shift)`; of one without an end it says who has to end it. */
export function heldText({ by, until, reason }: ShownHold): string {
  return `held by ${by} until ${until === null ? 'it is released' : momentText(until)}${whyText(reason)}`;
}

/** ` (night shift)`, shortened; nothing where nobody gave a reason. */
export function whyText(reason: string): string {
  if (reason === '') return '';
  return ` (${reason.length <= limits.statusReason ? reason : `${reason.slice(0, limits.statusReason)} ...`})`;
}
