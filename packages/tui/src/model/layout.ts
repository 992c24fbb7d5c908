import type { ScreenWindow } from '@sluice/control';
import { listLimits } from './limits.ts';
import type { Model } from './model.ts';

/** How a screen of a size is divided. Views draw by it, and keys and clicks are interpreted by it. */
export interface Layout {
  readonly header: number;
  /** Rows between the banner and the list: totals, tabs, titles. */
  readonly above: number;
  readonly list: number;
  readonly panels: number;
  readonly log: number;
  readonly footer: number;
}

const smallest = { columns: 40, rows: 12 };

/** @param banners rows of outages and source troubles */
export function layoutOf(size: { readonly columns: number; readonly rows: number }, banners = 0): Layout {
  const { columns, rows } = size;
  if (columns < smallest.columns || rows < smallest.rows)
    return { header: Math.min(1, rows), above: 0, list: 0, panels: 0, log: 0, footer: 0 };
  const isWide = columns >= 80 && rows >= 24;
  const above = isWide ? 4 : 2;
  const panels = isWide ? Math.min(8, Math.floor(rows / 6) + 1) : 0;
  const log = isWide ? Math.max(2, Math.floor(rows / 12)) : 0;
  const used = 1 + banners + above + panels + log + 1;
  return { header: 1, above, list: Math.max(1, rows - used), panels, log, footer: 1 };
}

/** Returns the rows of the list on a screen without a banner, which is how many are requested at least. */
export function listRows(size: { readonly columns: number; readonly rows: number }): number {
  return layoutOf(size).list;
}

/** How the rows below the tabs are divided in the history. */
interface HistoryLayout {
  /** Rows for a bar for each day, with the days under them; 0: none. */
  readonly bars: number;
  /** Rows for outages and files. */
  readonly lines: number;
}

/** Returns how a history of this height is divided. */
export function historyLayout(height: number): HistoryLayout {
  const bars = height >= 24 ? 6 : height >= 14 ? 4 : 0;
  return { bars, lines: Math.max(0, height - 1 - bars) };
}

/** Returns the lines of outages and files on a screen without a banner. */
export function historyRows(size: { readonly columns: number; readonly rows: number }): number {
  const { header, above, footer } = layoutOf(size);
  return historyLayout(size.rows - header - historyAbove(above) - footer).lines;
}

/** Returns the rows above the history, which has no titles. */
export function historyAbove(above: number): number {
  return above >= 4 ? above - 1 : above;
}

/** Returns the window of the agent's files that this model shows. */
export function windowOf(model: Model): ScreenWindow {
  const { tab, filter, sort, isReversed, hideRecovered, top, selected, isAtTop } = model;
  return {
    tab: tab === 'history' ? 'done' : tab,
    filter: filter.text,
    sort,
    isReversed,
    hideRecovered,
    offset: Math.max(0, top - listLimits.spareRows),
    limit: Math.min(listLimits.windowRows, listRows(model.size) + 2 * listLimits.spareRows),
    anchor: isAtTop ? null : selected,
  };
}
