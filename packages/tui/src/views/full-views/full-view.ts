import { unreachable } from '@sluice/core/model';
import { type FullDialog, isFull } from '../../model/full.ts';
import type { Model } from '../../model/model.ts';
import type { Theme } from '../../picture/picture.ts';
import type { Line } from '../../picture/pieces/pieces.ts';
import type { LazyLine } from '../../picture/pieces/scrolled.ts';
import { bannerLines, tourLines } from '../above/banners.ts';
import { noticeLine } from '../horizontal-rule.ts';
import { conditionsBody, conditionsLines } from './conditions.ts';
import { detailBody, detailLines } from './detail.ts';
import { helpBody, helpLines } from './help.ts';
import { logViewLines, withinLog } from './log.ts';
import { safeBody, safeLines } from './safe.ts';
import { settingsBody, settingsLines } from './settings.ts';

/** Returns exactly `height` lines. */
export function fullViewLines(model: Model, dialog: FullDialog, height: number, theme: Theme): readonly Line[] {
  switch (dialog.kind) {
    case 'detail':
      return detailLines(model, dialog, height, theme);
    case 'help':
      return helpLines(model, dialog, height, theme);
    case 'log':
      return logViewLines(model, dialog, height, theme);
    case 'settings':
      return settingsLines(model, dialog, height, theme);
    case 'conditions':
      return conditionsLines(model, dialog, height, theme);
    case 'safe':
      return safeLines(model, dialog, height, theme);
    default:
      return unreachable(dialog);
  }
}

/** Returns everything below the title. The log has no such body: it is drawn line by line from its end. */
function bodyOf(model: Model, dialog: FullDialog, theme: Theme): readonly LazyLine[] {
  switch (dialog.kind) {
    case 'detail':
      return detailBody(model, dialog, theme);
    case 'help':
      return helpBody(model, theme);
    case 'log':
      return [];
    case 'settings':
      return settingsBody(model, dialog, theme);
    case 'conditions':
      return conditionsBody(model, theme);
    case 'safe':
      return safeBody(model, dialog, theme);
    default:
      return unreachable(dialog);
  }
}

/**
 * Returns how many lines can be scrolled until the last one is at the bottom; 0 if everything is visible, or there is no such
 * view.
 */
export function maxScroll(model: Model, theme: Theme): number {
  const dialog = model.dialogs.at(-1);
  return isFull(dialog) ? Math.max(0, bodyOf(model, dialog, theme).length - bodyHeight(model, theme)) : 0;
}

/** Below the header, the banners and the title of the view, and above the notice and the footer. */
function bodyHeight(model: Model, theme: Theme): number {
  const banners = tourLines(model, theme).length + bannerLines(model, theme).length;
  return model.size.rows - banners - 3 - (noticeLine(model, theme) === null ? 0 : 1);
}

/** Limits the scrolling to the end of the content. Otherwise as many keys would do nothing on the way back. */
export function withinReach(model: Model, theme: Theme): Model {
  const dialog = model.dialogs.at(-1);
  if (!isFull(dialog)) return model;
  const within = reached(model, dialog, theme);
  return within === dialog ? model : { ...model, dialogs: [...model.dialogs.slice(0, -1), within] };
}

function reached(model: Model, dialog: FullDialog, theme: Theme): FullDialog {
  if (dialog.kind === 'log') return withinLog(model, dialog, bodyHeight(model, theme), theme);
  const scroll = dialog.scroll === 0 ? 0 : Math.min(dialog.scroll, maxScroll(model, theme));
  return scroll === dialog.scroll ? dialog : { ...dialog, scroll };
}
