import type { ScreenFrame } from '@sluice/control';
import { askHistory, movePastBy, movePastTo, selectPast } from '../history/selection.ts';
import { listRows } from '../model/layout.ts';
import type { Model, Tab, Updated } from '../model/model.ts';
import { shownFrame } from './selected.ts';

/** The selection follows its file wherever its row moves; where the file is not there any more, it stays at its row. */
export function ofFrame(model: Model, frame: ScreenFrame): Model {
  const before = rowOf(model.frame, model.selected) ?? model.top;
  const next = { ...model, frame };
  if (frame.rows.rows.some(({ file }) => file.id === model.selected)) return keepInView(next);
  const here = Math.min(Math.max(before, frame.rows.offset), frame.rows.offset + frame.rows.rows.length - 1);
  const row = frame.rows.rows[here - frame.rows.offset];
  return keepInView({ ...next, selected: row?.file.id ?? null });
}

export function moveBy(model: Model, by: number): Updated {
  if (model.tab === 'history') return { model: movePastBy(model, by), intents: [] };
  const at = rowOf(shownFrame(model), model.selected) ?? 0;
  return moveTo(model, at + by);
}

/** @param to a row of all that match; beyond the ends it is the first or the last */
export function moveTo(model: Model, to: number): Updated {
  if (model.tab === 'history') return { model: movePastTo(model, to), intents: [] };
  const frame = shownFrame(model);
  if (frame === null || frame.rows.matched === 0) return { model, intents: [] };
  const at = Math.min(Math.max(0, to), frame.rows.matched - 1);
  const row = frame.rows.rows[at - frame.rows.offset];
  const moved = keepInView({ ...model, selected: row?.file.id ?? null, top: row === undefined ? at : model.top });
  return { model: moved, intents: moved.top === model.top && row !== undefined ? [] : [{ do: 'watch' }] };
}

/** Selects what was clicked. */
export function select(model: Model, id: string): Model {
  if (model.tab === 'history') return selectPast(model, id);
  return keepInView({ ...model, selected: id });
}

export function chooseTab(model: Model, tab: Tab): Updated {
  const chosen: Model = { ...model, tab, top: 0, selected: null };
  return tab === 'history' ? askHistory(chosen, chosen.history.range) : { model: chosen, intents: [{ do: 'watch' }] };
}

/** The row of a file among all that match; null where it is not in the window. */
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
