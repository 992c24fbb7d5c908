import type { FileJson, ScreenRoute } from '@sluice/control';
import { selectedPast } from '../history/rows.ts';
import { type HistoryRange, historyRanges, type Model } from '../model/model.ts';
import { shownFrame } from '../model/shown.ts';

/** Returns the row of the selected file, if it is in the window. */
export function selectedRow(model: Model) {
  return shownFrame(model)?.rows.rows.find(({ file }) => file.id === model.selected) ?? null;
}

/** Returns the file whose detail is open, as far as it is known, or null. */
export function openedFile({ dialogs, frozen, frame, history }: Model): FileJson | null {
  const detail = dialogs.findLast((dialog) => dialog.kind === 'detail');
  if (detail === undefined) return null;
  // The rows of the frame are newer than the requested files.
  const known = [...((frozen ?? frame)?.rows.rows ?? []), ...(detail.files ?? [])].find(({ file }) => file.id === detail.id)?.file;
  return known ?? history.files.find(({ id }) => id === detail.id) ?? null;
}

/** Returns the file that a key is for: the one whose detail is open, else the selected one, of the list or of the history. */
export function selectedFile(model: Model): FileJson | null {
  if (isDetail(model)) return openedFile(model);
  if (model.tab !== 'history') return selectedRow(model)?.file ?? null;
  const row = selectedPast(model);
  return row?.kind === 'file' ? row.file : null;
}

/** Returns whether the detail of a file is open, even under another dialog. */
export function isDetail({ dialogs }: Model): boolean {
  return dialogs.some(({ kind }) => kind === 'detail');
}

/** Returns the next longer or shorter range of the history, or null. */
export function rangeBy({ history }: Model, by: number): HistoryRange | null {
  return historyRanges[historyRanges.indexOf(history.range) + by] ?? null;
}

/** Returns the route whose destination is a wrong disk: that of the selected file, else the first such route. */
export function strangeRoute(model: Model): string | null {
  const strange = model.frame?.routes.filter(({ gate }) => gate.cause === 'not_the_destination') ?? [];
  const own = selectedRoute(model);
  return (strange.find(({ name }) => name === own) ?? strange[0])?.name ?? null;
}

/**
 * Returns the route whose lost files a key acts on: that of the selected file, otherwise the first with lost files. Null: no file
 * is lost.
 */
export function lostRoute(model: Model): ScreenRoute | null {
  const lossy = model.frame?.routes.filter(({ lost = 0 }) => lost > 0) ?? [];
  const own = selectedRoute(model);
  return lossy.find(({ name }) => name === own) ?? lossy[0] ?? null;
}

/** Returns the route that a key on a route is for, or null. */
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
