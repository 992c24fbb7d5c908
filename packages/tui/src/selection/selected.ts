import type { FileJson } from '@sluice/control';
import { timeOf } from '@sluice/words';
import { selectedPast } from '../history/rows.ts';
import { type HistoryRange, historyRanges, type Model } from '../model/model.ts';

/** The picture that is shown: the frozen one, or the newest. */
export function shownFrame(model: Model): Model['frame'] {
  return model.frozen ?? model.frame;
}

/** The row of the selected file, where it is in the window. */
export function selectedRow(model: Model) {
  return shownFrame(model)?.rows.rows.find(({ file }) => file.id === model.selected) ?? null;
}

/** The selected file, of the list or of the history. */
export function selectedFile(model: Model): FileJson | null {
  if (model.tab !== 'history') return selectedRow(model)?.file ?? null;
  const row = selectedPast(model);
  return row?.kind === 'file' ? row.file : null;
}

/** The next longer or shorter time of the history; null where there is none. */
export function rangeBy({ history }: Model, by: number): HistoryRange | null {
  return historyRanges[historyRanges.indexOf(history.range) + by] ?? null;
}

/** The route whose destination is another disk than the known one: of the selected file, else the first such. */
export function strangeRoute(model: Model): string | null {
  const strange = model.frame?.routes.filter(({ gate }) => gate.cause === 'not_the_destination') ?? [];
  const own = selectedRoute(model);
  return (strange.find(({ name }) => name === own) ?? strange[0])?.name ?? null;
}

/** The route that a key on a route is meant for; null where it is none of those that there are. */
export function meantRoute(model: Model): string | null {
  const routes = model.frame?.routes ?? [];
  const own = selectedRoute(model);
  return (own === null ? routes[0] : routes.find(({ name }) => name === own))?.name ?? null;
}

function selectedRoute(model: Model): string | null {
  if (model.tab !== 'history') return selectedRow(model)?.file.route ?? null;
  const row = selectedPast(model);
  if (row === null) return null;
  return row.kind === 'file' ? row.file.route : row.outage.route;
}

/** When that is which is shown: a frozen or stale picture does not grow older. Milliseconds since the epoch. */
export function momentOf({ frozen, link, now }: Model): number {
  const frozenAt = frozen === null ? Number.NaN : timeOf(frozen.at);
  if (!Number.isNaN(frozenAt)) return frozenAt;
  return link.kind === 'lost' ? Math.min(now, link.sinceAt) : now;
}
