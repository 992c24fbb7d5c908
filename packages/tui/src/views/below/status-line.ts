import { countText } from '@sluice/words';
import type { Dialog, Model } from '../../model/model.ts';
import { shownFrame } from '../../model/shown.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { fitted, type Line } from '../../picture/pieces/pieces.ts';
import { bannerLines } from '../above/banners.ts';
import { lostText } from '../words/link-words.ts';

/** Returns the only line of a screen that is too small: the question, else the worst trouble, else how much there is to do. */
export function statusLine(model: Model, theme: Theme): Line {
  const { text, tone } = statusText(model, theme);
  return [fitted(text, model.size.columns, tone, theme)];
}

function offerText({ offer, isStarting, trouble }: Extract<Dialog, { kind: 'offer' }>): string {
  if (trouble !== null) return trouble;
  if (isStarting) return 'starting the agent ...';
  if (offer.kind === 'cannot') return offer.problems[0] ?? '';
  return `no agent is running; Enter ${offer.kind === 'start' ? 'starts one' : 'sets one up'}`;
}

function statusText(model: Model, theme: Theme): { readonly text: string; readonly tone: Tone } {
  const dialog = model.dialogs.at(-1);
  if (dialog?.kind === 'confirm')
    return { text: `${dialog.expected === null ? 'y/n' : `${dialog.typed}_`} ${dialog.lines[0] ?? ''}`, tone: 'key' };
  if (dialog?.kind === 'offer') return { text: offerText(dialog), tone: 'key' };
  if (dialog?.kind === 'set_up') return { text: 'the setup needs a larger screen', tone: 'key' };
  if (dialog?.kind === 'message') return { text: dialog.lines[0] ?? '', tone: 'key' };
  if (dialog?.kind === 'ask_safe') return { text: `safe to clear? Enter checks ${dialog.targets[dialog.at]?.route ?? ''}`, tone: 'key' };
  if (dialog?.kind === 'safe') return { text: dialog.trouble ?? dialog.answer?.verdict ?? 'checking the source', tone: 'key' };
  const banner = bannerLines(model, theme)[0]?.[0];
  if (banner !== undefined) return { text: banner.text.trimEnd(), tone: banner.tone };
  const { tour } = model;
  if (tour !== null) return { text: `TOUR ${tour.step}/${tour.steps} ${tour.shows.at(-1) ?? ''}`, tone: 'tour' };
  const totals = shownFrame(model)?.totals;
  if (totals === undefined)
    return { text: model.link.kind === 'lost' ? `SLUICE ${lostText(model.link)}` : 'SLUICE connecting', tone: 'plain' };
  const { needsYou, waiting, recording, done } = totals;
  return {
    text: `SLUICE You ${countText(needsYou)} Rec ${countText(recording)} Wait ${countText(waiting)} Done ${countText(done)}`,
    tone: 'plain',
  };
}
