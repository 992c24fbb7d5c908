import type { Event } from '../event.ts';
import type { Work } from '../work.ts';
import { actOnFile } from './file-actions.ts';
import { meantBy, refusal } from './refusal.ts';
import { actOnRoute } from './route-actions.ts';

/** An operator's word. What cannot be done any more by now was refused to him already, or is dropped: his picture was older. */
export function operatorAsked(work: Work, { action, who }: Extract<Event, { kind: 'operator_asked' }>): void {
  if (refusal(work.state, action) !== null) return;
  if (!('fileId' in action)) {
    actOnRoute(work, action, who);
    return;
  }
  const file = meantBy(work.state, action.fileId);
  if (file !== null) actOnFile(work, file, action, who);
}
