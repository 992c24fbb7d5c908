import type { ScreenFrame } from '@sluice/control';
import { askHistory, movePastBy, movePastTo, selectPast } from '../history/selection.ts';
import { limits } from '../limits.ts';
import { listRows } from '../model/layout.ts';
import type { Model, Tab, Updated } from '../model/model.ts';
import { shownFrame } from '../model/shown.ts';

/**
 * Applies a frame. The selection follows its file wherever its row moves. If the file is no longer there, the selection stays at
 * its row. Until it is moved, the first row is selected, whichever file it shows, so that an untouched screen shows what happens.
 */
export function ofFrame(model: Model, frame: ScreenFrame): Model {
  const next = { ...model, frame };
  // The picture that is shown stays, with its selection.
  if (model.frozen !== null) return next;
  const { offset, rows, matched } = frame.rows;
  if (model.isAtTop) return offset > 0 ? next : { ...next, selected: rows[0]?.file.id ?? null, at: 0, top: 0 };
  const found = rowOf(frame, model.selected);
  if (found !== null) return keepInView({ ...next, at: found });
  const at = Math.min(model.at, Math.max(0, matched - 1));
  // A window from before the last key. The one that was requested is under way.
  const isOutside = at < offset || at >= offset + rows.length;
  if (model.selected === null && isOutside && rows.length > 0 && matched > 0) return { ...next, at };
  const here = Math.min(Math.max(at, offset), offset + rows.length - 1);
  return keepInView({ ...next, at: Math.max(0, here), selected: rows[here - offset]?.file.id ?? null });
}

/** Moves the selection. @param by this many rows */
export function moveBy(model: Model, by: number): Updated {
  if (model.tab === 'history') return { model: movePastBy(model, by), intents: [] };
  return moveTo(model, (rowOf(shownFrame(model), model.selected) ?? model.at) + by);
}

/** Moves the selection. @param to a row among all that match; beyond the ends it is the first or the last */
export function moveTo(model: Model, to: number): Updated {
  if (model.tab === 'history') return { model: movePastTo(model, to), intents: [] };
  const frame = shownFrame(model);
  if (frame === null || frame.rows.matched === 0) return { model, intents: [] };
  const at = Math.min(Math.max(0, to), frame.rows.matched - 1);
  const row = frame.rows.rows[at - frame.rows.offset];
  const selected = row?.file.id ?? null;
  const moved = keepInView({ ...model, at, selected, isAtTop: false, top: row === undefined ? at : model.top });
  return { model: moved, intents: moved.top === model.top && row !== undefined ? [] : [{ do: 'watch' }] };
}

/** Selects the first row, whichever file it shows. */
export function moveToTop(model: Model): Updated {
  const { model: moved } = moveTo(model, 0);
  return { model: model.tab === 'history' ? moved : { ...moved, isAtTop: true, at: 0, top: 0 }, intents: [{ do: 'watch' }] };
}

/** Some minutes after the last key the screen shows the first rows again. */
export function restAtTop(model: Model): Updated {
  const { tab, isAtTop, dialogs, filter, frozen, now, touchedAt } = model;
  const isBusy = isAtTop || tab === 'history' || dialogs.length > 0 || filter.isEditing || frozen !== null;
  return isBusy || now - touchedAt < limits.idleMs ? { model, intents: [] } : moveToTop(model);
}

/** Selects what was clicked. */
export function select(model: Model, id: string): Model {
  if (model.tab === 'history') return selectPast(model, id);
  const at = rowOf(shownFrame(model), id) ?? model.at;
  return keepInView({ ...model, selected: id, at, isAtTop: false, touchedAt: model.now });
}

/** Shows another tab. */
export function chooseTab(model: Model, tab: Tab): Updated {
  const chosen: Model = { ...model, tab, top: 0, selected: null, at: 0, isAtTop: true };
  return tab === 'history' ? askHistory(chosen, chosen.history.range) : { model: chosen, intents: [{ do: 'watch' }] };
}

/** Returns the row of a file among all that match, or null if it is not in the window. */
function rowOf(frame: ScreenFrame | null, id: string | null): number | null {
  const index = frame?.rows.rows.findIndex(({ file }) => file.id === id) ?? -1;
  return frame === null || index < 0 ? null : frame.rows.offset + index;
}

function keepInView(model: Model): Model {
  const at = rowOf(shownFrame(model), model.selected);
  if (at === null) return model;
  const page = listRows(model.size);
  if (at < model.top) return { ...model, top: at };
  return at >= model.top + page ? { ...model, top: at - page + 1 } : model;
}
