import type { Dialog, Model } from '../../model/model.ts';
import type { Theme } from '../../picture/picture.ts';
import type { Line } from '../../picture/pieces/pieces.ts';
import { bannerLines, tourLines } from '../above/banners.ts';
import { noticeLine } from '../rule.ts';
import { detailBody, detailLines } from './detail.ts';
import { helpBody, helpLines } from './help.ts';

/** A view that fills all rows between the header and the footer. */
export type FullDialog = Extract<Dialog, { kind: 'detail' | 'help' }>;

/** Returns whether a dialog fills the screen. */
export function isFull(dialog: Dialog | undefined): dialog is FullDialog {
  return dialog?.kind === 'detail' || dialog?.kind === 'help';
}

/** Returns exactly `height` lines. */
export function fullViewLines(model: Model, dialog: FullDialog, height: number, theme: Theme): readonly Line[] {
  return dialog.kind === 'detail' ? detailLines(model, dialog, height, theme) : helpLines(model, dialog, height, theme);
}

/**
 * Returns how many lines can be scrolled until the last one is at the bottom; 0 if everything is visible, or there is no such
 * view.
 */
export function maxScroll(model: Model, theme: Theme): number {
  const dialog = model.dialogs.at(-1);
  if (!isFull(dialog)) return 0;
  const body = dialog.kind === 'detail' ? detailBody(model, dialog, theme) : helpBody(model, theme);
  return Math.max(0, body.length - bodyHeight(model, theme));
}

/** Below the header, the banners and the title of the view, and above the notice and the footer. */
function bodyHeight(model: Model, theme: Theme): number {
  const banners = tourLines(model, theme).length + bannerLines(model, theme).length;
  return model.size.rows - banners - 3 - (noticeLine(model, theme) === null ? 0 : 1);
}

/** Limits the scrolling to the end of the content. Otherwise as many keys would do nothing on the way back. */
export function withinReach(model: Model, theme: Theme): Model {
  const dialog = model.dialogs.at(-1);
  if (!isFull(dialog) || dialog.scroll === 0) return model;
  const scroll = Math.min(dialog.scroll, maxScroll(model, theme));
  return scroll === dialog.scroll ? model : { ...model, dialogs: [...model.dialogs.slice(0, -1), { ...dialog, scroll }] };
}
