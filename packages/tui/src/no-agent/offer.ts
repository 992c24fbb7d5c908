import { unreachable } from '@sluice/core/model';
import type { Dialog, Link, Message, Model, Updated } from '../model/model.ts';
import type { Offer } from '../model/starter.ts';
import { beginSetUp } from './set-up.ts';

type OfferDialog = Extract<Dialog, { kind: 'offer' }>;

/** Handles an agent that was found or lost. If no agent runs, the screen asks what could be started. */
export function ofLink(model: Model, link: Link): Updated {
  const next: Model = { ...model, link };
  if (link.kind === 'connected') return { model: withoutOffers(next), intents: [{ do: 'watch' }] };
  if (link.kind !== 'lost' || model.frame !== null || isKnown(model, link)) return { model: next, intents: [] };
  if (link.cause === 'refused') return { model: offered(next, { kind: 'cannot', problems: [link.why, noSecond] }), intents: [] };
  return { model: next, intents: link.cause === 'not_running' && !model.isReadOnly ? [{ do: 'offer' }] : [] };
}

const noSecond = 'This screen does not start a second agent. It connects as soon as it is allowed to.';

/** Every failed attempt to find the agent is reported, but a person who closed the offer does not see it again. */
function isKnown({ link: before }: Model, { cause }: Extract<Link, { kind: 'lost' }>): boolean {
  return before.kind === 'lost' && before.cause === cause;
}

function withoutOffers(model: Model): Model {
  return { ...model, dialogs: model.dialogs.filter(({ kind }) => kind !== 'offer' && kind !== 'set_up') };
}

function offered(model: Model, offer: Offer, isStarting = false): Model {
  return { ...model, dialogs: [...withoutOffers(model).dialogs, { kind: 'offer', offer, isStarting, trouble: null }] };
}

/** Handles the results of asking, starting and writing. An agent that was found meanwhile makes them irrelevant. */
export function ofStarter(model: Model, message: Extract<Message, { kind: 'offer' | 'agent_started' | 'config_written' }>): Updated {
  if (model.link.kind === 'connected') return { model, intents: [] };
  switch (message.kind) {
    case 'offer':
      return { model: offered(model, message.offer), intents: [] };
    case 'config_written': {
      const mayStart = message.offer.kind === 'start';
      return { model: offered(model, message.offer, mayStart), intents: mayStart ? [{ do: 'start_agent' }] : [] };
    }
    case 'agent_started':
      return { model: changed(model, { isStarting: message.trouble === null, trouble: message.trouble }), intents: [] };
    default:
      return unreachable(message);
  }
}

function changed(model: Model, change: Partial<OfferDialog>): Model {
  return { ...model, dialogs: model.dialogs.map((dialog) => (dialog.kind === 'offer' ? { ...dialog, ...change } : dialog)) };
}

/** Handles a key in the offer. */
export function onOfferKey(model: Model, { offer, isStarting }: OfferDialog, key: string): Updated {
  if (key === 'q') return { model, intents: [{ do: 'leave' }] };
  if (key === 'escape') return { model: withoutOffers(model), intents: [] };
  if (isStarting || key !== 'enter') return { model, intents: [] };
  switch (offer.kind) {
    case 'start':
      return { model: changed(model, { isStarting: true, trouble: null }), intents: [{ do: 'start_agent' }] };
    case 'set_up':
      return { model: { ...model, dialogs: [...model.dialogs, { kind: 'set_up', setUp: beginSetUp(offer.file) }] }, intents: [] };
    case 'cannot':
      return { model, intents: [] };
    default:
      return unreachable(offer);
  }
}
