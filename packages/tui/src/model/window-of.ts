import type { ScreenWindow } from '@sluice/control';
import { listRows } from './layout.ts';
import type { Model } from './model.ts';

/** Rows asked for beside those that are shown, so that a key does not wait for an answer. */
const spareRows = 20;
const mostRows = 200;

/** The window of the agent's files that this model shows. */
export function windowOf(model: Model): ScreenWindow {
  const { tab, filter, sort, isReversed, hideRecovered, top, selected } = model;
  return {
    tab: tab === 'history' ? 'done' : tab,
    filter: filter.text,
    sort,
    isReversed,
    hideRecovered,
    offset: Math.max(0, top - spareRows),
    limit: Math.min(mostRows, listRows(model.size) + 2 * spareRows),
    anchor: selected,
  };
}
