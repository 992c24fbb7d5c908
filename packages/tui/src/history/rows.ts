import type { FileJson, OutageJson } from '@sluice/control';
import type { RouteName } from '@sluice/core/model';
import { parseFilter } from '@sluice/lists';
import { countText } from '@sluice/words';
import type { Model } from '../model/model.ts';

/** A line of the history below its bars. A line with an id can be selected. */
export type HistoryLine =
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'outage'; readonly id: string; readonly outage: OutageJson }
  | { readonly kind: 'file'; readonly id: string; readonly file: FileJson };

/** A line that can be selected. */
export type HistoryRow = Extract<HistoryLine, { readonly id: string }>;

/** What the history shows: outages above files, the newest of each first. */
export interface HistoryShown {
  readonly files: readonly FileJson[];
  readonly outages: readonly OutageJson[];
  readonly lines: readonly HistoryLine[];
}

/** Returns what the history shows for a model. */
export function shownHistory(model: Model): HistoryShown {
  const { files, outages } = filtered(model);
  return { files, outages, lines: [...outageLines(outages), ...fileLines(files, model)] };
}

/** Returns whether everything that ended in the range is in the model, so that a filter needs no request. */
export function isWhole({ hasMore, filter }: Model['history']): boolean {
  return !hasMore && filter === '';
}

/** Returns whether everything that ended was searched for the filter that is shown. */
export function isSearched({ history, filter }: Model): boolean {
  return isWhole(history) || history.filter === filter.text;
}

/** Returns the selected row, or null. */
export function selectedPast({ history }: Model): HistoryRow | null {
  const { selected } = history;
  if (selected === null) return null;
  const file = history.files.find(({ id }) => id === selected);
  if (file !== undefined) return { kind: 'file', id: selected, file };
  const outage = history.outages.find((each) => outageId(each) === selected);
  return outage === undefined ? null : { kind: 'outage', id: selected, outage };
}

/** Returns an id of an outage, made of its route and beginning. No file has such an id. */
export function outageId({ route, since }: OutageJson): string {
  return JSON.stringify([route, since]);
}

/**
 * Returns the first line of a window of this height: the requested one, but never beyond the end, and so that the selected line is
 * visible.
 * @param selected the number of the selected line; below 0: none
 */
export function firstLine(wanted: number, selected: number, total: number, height: number): number {
  const first = Math.min(Math.max(0, Math.floor(wanted) || 0), Math.max(0, total - height));
  if (selected < 0 || height < 1) return first;
  if (selected < first) return selected;
  return selected >= first + height ? selected - height + 1 : first;
}

/** Returns the number of the line with this id, or -1. */
export function lineOf(lines: readonly HistoryLine[], id: string | null): number {
  return id === null ? -1 : lines.findIndex((line) => 'id' in line && line.id === id);
}

type Filtered = Pick<HistoryShown, 'files' | 'outages'>;

/** A cache: filtering five thousand names takes milliseconds, and every picture needs the same ones. */
const remembered = new WeakMap<
  readonly FileJson[],
  { readonly of: string; readonly outages: readonly OutageJson[]; readonly found: Filtered }
>();

function filtered({ history, filter }: Model): Filtered {
  const { files, outages } = history;
  const known = remembered.get(files);
  if (known?.of === filter.text && known.outages === outages) return known.found;
  const found = { files: filterFiles(files, filter.text), outages: filterOutages(outages, filter.text) };
  remembered.set(files, { of: filter.text, outages, found });
  return found;
}

function outageLines(outages: readonly OutageJson[]): readonly HistoryLine[] {
  if (outages.length === 0) return [];
  const rows = outages.map((outage): HistoryLine => ({ kind: 'outage', id: outageId(outage), outage }));
  return [{ kind: 'title', text: 'OUTAGES' }, ...rows, { kind: 'note', text: '' }];
}

function fileLines(files: readonly FileJson[], model: Model): readonly HistoryLine[] {
  const rows = files.map((file): HistoryLine => ({ kind: 'file', id: file.id, file }));
  const title: readonly HistoryLine[] = rows.length === 0 ? [] : [{ kind: 'title', text: 'FILES' }];
  return [...title, ...rows, ...noteOf(rows.length, model).map((text): HistoryLine => ({ kind: 'note', text }))];
}

function noteOf(shown: number, model: Model): readonly string[] {
  const { history, filter } = model;
  const { files, hasMore, isLoading, trouble } = history;
  if (trouble !== null && files.length === 0) return [`cannot be shown: ${trouble}`];
  if (!isSearched(model)) return [trouble === null ? 'searching the journal' : `the journal could not be searched: ${trouble}`];
  if (hasMore) return [`Only the newest ${countText(files.length)} files are listed. "sluice history" lists all`];
  if (shown > 0) return [];
  if (isLoading) return ['loading'];
  return [
    (files.length > 0 || history.filter !== '') && filter.text !== ''
      ? 'nothing matches; Esc clears the filter'
      : 'no files ended in this time',
  ];
}

/** Filters files like the list. */
export function filterFiles(files: readonly FileJson[], filter: string): readonly FileJson[] {
  const { isEmpty, matches } = parseFilter(filter);
  // An ended file has no hold that could be filtered by.
  return isEmpty ? files : files.filter((file) => matches({ ...file, route: file.route as RouteName }));
}

/** Filters outages, which have a route and no name. */
export function filterOutages(outages: readonly OutageJson[], filter: string): readonly OutageJson[] {
  const routes = wordsOf(filter).filter((word) => word.startsWith('route:'));
  return outages.filter(({ route }) => routes.every((word) => plain(route).startsWith(word.slice('route:'.length))));
}

function wordsOf(filter: string): readonly string[] {
  return plain(filter)
    .split(/\s+/)
    .filter((word) => word !== '');
}

function plain(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
