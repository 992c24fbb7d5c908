import { limits } from '../limits.ts';
import { historyRows } from '../model/layout.ts';
import type { History, HistoryRange, Message, Model, Updated } from '../model/model.ts';
import { firstLine, type HistoryLine, isSearched, isWhole, lineOf, shownHistory } from './rows.ts';

/** Requests a range. What is known about another range is not shown for it. */
export function askHistory(model: Model, range: HistoryRange): Updated {
  const { history } = model;
  const kept: History = range === history.range ? history : { ...history, ...unknownPast, range };
  const askedFilter = isWhole(kept) ? '' : model.filter.text;
  return {
    model: { ...model, history: { ...kept, endedThen: endedNow(model), askedFilter, isLoading: true, trouble: null } },
    intents: [{ do: 'history', range, filter: askedFilter }],
  };
}

const unknownPast = { files: [], outages: [], hasMore: false, filter: '', sums: null, selected: null, top: 0 } as const;

/** Requests what has ended meanwhile, from time to time, while the history is shown. */
export function followHistory(model: Model): Updated {
  const { tab, link, history, now } = model;
  if (tab !== 'history' || link.kind !== 'connected' || history.isLoading) return { model, intents: [] };
  // While a filter is typed, the journal is searched at most once a second.
  if (!isSearched(model) && model.filter.text !== history.askedFilter) return askHistory(model, history.range);
  if (now % limits.historyEveryMs >= 1_000) return { model, intents: [] };
  return endedNow(model) === history.endedThen ? { model, intents: [] } : askHistory(model, history.range);
}

function endedNow({ frame }: Model): number {
  if (frame === null) return 0;
  const { done, failed, recovered } = frame.totals;
  return done + failed + recovered;
}

/** Applies the answer for the range that is shown. An answer for an earlier range is ignored. */
export function applyHistory(model: Model, answer: Extract<Message, { kind: 'history' | 'no_history' }>): Model {
  const { history } = model;
  if (answer.range !== history.range) return model;
  if (answer.kind === 'no_history') return { ...model, history: { ...history, isLoading: false, trouble: answer.why } };
  const { filter, sums, files, outages, hasMore } = answer;
  return ofHistory({ ...model, history: { ...history, filter, sums, files, outages, hasMore, isLoading: false, trouble: null } }, model);
}

/** Keeps the row selected. If it is no longer shown, the row in its place is selected. */
export function ofHistory(model: Model, before: Model): Model {
  const rows = rowIds(shownHistory(model).lines);
  const { selected } = model.history;
  if (selected !== null && rows.includes(selected)) return keepInView(model);
  const at = rowIds(shownHistory(before).lines).indexOf(selected ?? '');
  const next = at < 0 ? firstChoice(model) : (rows[Math.min(at, rows.length - 1)] ?? null);
  return keepInView({ ...model, history: { ...model.history, selected: next } });
}

/** Moves the selection. @param by this many rows that can be selected */
export function movePastBy(model: Model, by: number): Model {
  return movePastTo(model, Math.max(0, rowIds(shownHistory(model).lines).indexOf(model.history.selected ?? '')) + by);
}

/** Moves the selection. @param to this row among those that can be selected; beyond the ends it is the first or the last */
export function movePastTo(model: Model, to: number): Model {
  const { lines } = shownHistory(model);
  const rows = rowIds(lines);
  const at = Math.min(Math.max(0, to), rows.length - 1);
  const moved = selectPast(model, rows[at] ?? null);
  // What stands above the first row, and below the last, becomes visible too.
  if (at === 0) return withTop(moved, 0);
  return at === rows.length - 1 ? withTop(moved, lines.length) : moved;
}

/** Selects a row by its id. */
export function selectPast(model: Model, id: string | null): Model {
  return keepInView({ ...model, history: { ...model.history, selected: id } });
}

/** Scrolls. The selection moves along if it would no longer be visible. */
export function scrollPast(model: Model, by: number): Model {
  const { lines } = shownHistory(model);
  const height = historyRows(model.size);
  const top = firstLine(firstLine(model.history.top, -1, lines.length, height) + by, -1, lines.length, height);
  const shown = rowIds(lines.slice(top, top + height));
  const { selected } = model.history;
  const isShown = selected !== null && shown.includes(selected);
  const dragged = (by > 0 ? shown[0] : shown.at(-1)) ?? selected;
  return { ...model, history: { ...model.history, top, selected: isShown ? selected : dragged } };
}

/** Most people look for a file. */
function firstChoice(model: Model): string | null {
  const { files, lines } = shownHistory(model);
  return files[0]?.id ?? rowIds(lines)[0] ?? null;
}

function rowIds(lines: readonly HistoryLine[]): readonly string[] {
  return lines.flatMap((line) => ('id' in line ? [line.id] : []));
}

function keepInView(model: Model): Model {
  return withTop(model, model.history.top);
}

function withTop(model: Model, wanted: number): Model {
  const { lines } = shownHistory(model);
  const top = firstLine(wanted, lineOf(lines, model.history.selected), lines.length, historyRows(model.size));
  return { ...model, history: { ...model.history, top } };
}
