import type { Dialog, Model } from '../../model/model.ts';
import type { Theme } from '../../picture/picture.ts';
import type { Line } from '../../picture/pieces/pieces.ts';
import { bannerLines, tourLines } from '../above/banners.ts';
import { noticeLine } from '../rule.ts';
import { detailBody, detailLines } from './detail.ts';
import { helpBody, helpLines } from './help.ts';

/** A view that fills all rows between the header and the footer. */
export type FullDialog = Extract<Dialog, { kind: 'detail' | 'help' }>;

export function isFull(dialog: Dialog | undefined): dialog is FullDialog {
  return dialog?.kind === 'detail' || dialog?.kind === 'help';
}

/** Exactly `height` lines. */
export function fullViewLines(model: Model, dialog: FullDialog, height: number, theme: Theme): readonly Line[] {
  return dialog.kind === 'detail' ? detailLines(model, dialog, height, theme) : helpLines(model, dialog, height, theme);
}

/** How many lines can be scrolled before the last one is at the bottom; 0 where all is shown, or nothing lies over the list. */
export function maxScroll(model: Model, theme: Theme): number {
  const dialog = model.dialogs.at(-1);
  if (!isFull(dialog)) return 0;
  const body = dialog.kind === 'detail' ? detailBody(model, dialog, theme) : helpBody(model, theme);
  return Math.max(0, body.length - bodyHeight(model, theme));
}

/** Under a header, what is not well and the title of the view, above what is to be said and the footer. */
function bodyHeight(model: Model, theme: Theme): number {
  const banners = tourLines(model, theme).length + bannerLines(model, theme).length;
  return model.size.rows - banners - 3 - (noticeLine(model, theme) === null ? 0 : 1);
}

/** No further than there is something to see: else as many keys would do nothing on the way back. */
export function withinReach(model: Model, theme: Theme): Model {
  const dialog = model.dialogs.at(-1);
  if (!isFull(dialog) || dialog.scroll === 0) return model;
  const scroll = Math.min(dialog.scroll, maxScroll(model, theme));
  return scroll === dialog.scroll ? model : { ...model, dialogs: [...model.dialogs.slice(0, -1), { ...dialog, scroll }] };
}
