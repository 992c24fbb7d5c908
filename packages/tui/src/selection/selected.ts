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

/** The file whose detail is open, as far as it is known; null: none is open. */
export function openedFile({ dialogs, frozen, frame, history }: Model): FileJson | null {
  const detail = dialogs.findLast((dialog) => dialog.kind === 'detail');
  if (detail === undefined) return null;
  // What is live is newer than what was asked for.
  const known = [...((frozen ?? frame)?.rows.rows ?? []), ...(detail.files ?? [])].find(({ file }) => file.id === detail.id)?.file;
  return known ?? history.files.find(({ id }) => id === detail.id) ?? null;
}

/** The file that a key is meant for: the one whose detail is open, else the selected one, of the list or of the history. */
export function selectedFile(model: Model): FileJson | null {
  if (isDetail(model)) return openedFile(model);
  if (model.tab !== 'history') return selectedRow(model)?.file ?? null;
  const row = selectedPast(model);
  return row?.kind === 'file' ? row.file : null;
}

/** Whether the detail of a file is open, whatever lies over it. */
export function isDetail({ dialogs }: Model): boolean {
  return dialogs.some(({ kind }) => kind === 'detail');
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
  if (isDetail(model)) return openedFile(model)?.route ?? null;
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
