import { historyAbove, type Layout, layoutOf } from '../model/layout.ts';
import type { Model } from '../model/model.ts';
import type { Theme } from '../picture/picture.ts';
import type { Line } from '../picture/pieces/pieces.ts';
import { bannerLines, tourLines } from './above/banners.ts';
import { historyWindow } from './full-views/history.ts';
import { listWindow } from './list/list.ts';

/** Where everything is on the screen. */
export interface Arrangement {
  readonly layout: Layout;
  readonly banners: readonly Line[];
  /** Too small for views: one line says everything. */
  readonly isTiny: boolean;
  /** The first row of the list on the screen. */
  readonly listAt: number;
}

/** Returns the arrangement of a model. */
export function arrange(model: Model, theme: Theme): Arrangement {
  const banners = [...tourLines(model, theme), ...bannerLines(model, theme)];
  const layout = layoutOf(model.size, banners.length);
  const isTiny = layout.list === 0;
  return { layout, banners: isTiny ? [] : banners, isTiny, listAt: layout.header + banners.length + layout.above };
}

/** Returns the id of what is in a row of the screen, counted from 0. Null: nothing, or it is covered. */
export function rowAt(model: Model, row: number): string | null {
  if (model.dialogs.length > 0) return null;
  // The arrangement does not depend on the theme.
  const { layout, listAt, isTiny } = arrange(model, { colours: 0, unicode: false, light: false });
  if (isTiny) return null;
  if (model.tab === 'history') return pastAt(model, row, listAt - layout.above + historyAbove(layout.above));
  return row < listAt || row >= listAt + layout.list ? null : (listWindow(model, layout.list)[row - listAt]?.file.id ?? null);
}

/** @param from the first row of the history on the screen */
function pastAt(model: Model, row: number, from: number): string | null {
  const height = model.size.rows - from - 1;
  const { lines, at } = historyWindow(model, height);
  const line = row < from + at || row >= from + height ? undefined : lines[row - from - at];
  return line !== undefined && 'id' in line ? line.id : null;
}
