import type { Event } from '../messages/event.ts';
import { note, type Work } from '../state/work.ts';
import { actOnFile } from './file-actions.ts';
import { meantBy, refusal } from './refusal.ts';
import { actOnRoute } from './route-actions.ts';

/**
 * Applies an operator's request. An action that was impossible was refused before this event. One that has become impossible
 * since is journaled as too late.
 */
export function operatorAsked(work: Work, { action, who }: Extract<Event, { kind: 'operator_asked' }>): void {
  const refused = refusal(work.state, action);
  if (!('source' in action)) {
    if (refused === null) actOnRoute(work, action, who);
    return;
  }
  const file = meantBy(work.state, action);
  if (file === null) return;
  if (refused === null) actOnFile(work, file, action, who);
  else note(work, file, { kind: 'refused', action: action.do, by: who.by, reason: who.reason, why: refused });
}
