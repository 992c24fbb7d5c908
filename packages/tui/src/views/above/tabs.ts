import { countText } from '@sluice/words';
import { shownHistory } from '../../history/rows.ts';
import type { Model, Tab } from '../../model/model.ts';
import { shownFrame } from '../../model/shown.ts';
import type { Theme } from '../../picture/picture.ts';
import { blank, type Line, type Piece, piece, spread, widthOf } from '../../picture/pieces/pieces.ts';
import { typedText } from '../../picture/pieces/typed-text.ts';

const names: readonly (readonly [Tab, string])[] = [
  ['all', 'All'],
  ['active', 'Active'],
  ['waiting', 'Waiting'],
  ['needs_you', 'Needs you'],
  ['done', 'Done'],
  ['history', 'History'],
];

/** The room that a filter gets at least. If there is less, only the tab that is shown is named. */
const minFilter = 20;
const shortFilter = 4;

/** The line of the tabs. */
export interface TabsLine {
  readonly line: Line;
  /** The column where the filter is typed. Null: it is not. */
  readonly cursor: number | null;
}

/** Returns ` [1 All] 2 Active 3 Waiting 4 Needs you 5 Done 6 History    2/98,629`, and the filter if there is one. */
export function tabsLine(model: Model, theme: Theme): TabsLine {
  const { columns } = model.size;
  const right: Line = [blank(1), piece(position(model), 'plain', theme), blank(1)];
  const tabs = chooseTabs(model, columns - widthOf(right), theme);
  const { text, isEditing } = model.filter;
  const hasFilter = text !== '' || isEditing;
  const label: Line = hasFilter ? [blank(columns >= 60 ? 2 : 1), piece(columns >= 60 ? 'filter: ' : '/', 'dim', theme)] : [];
  const room = columns - widthOf(tabs) - widthOf(label) - widthOf(right) - (isEditing ? 1 : 0);
  const { caret, ...shown } = typedText(isEditing ? model.filter : { text }, room, theme);
  const before = [...tabs, ...label];
  const left = [...before, { ...shown, tone: text === '' ? ('dim' as const) : ('key' as const) }];
  const cursor = Math.min(widthOf(before) + caret, columns - 1);
  return { line: spread(left, right, columns, theme), cursor: isEditing ? cursor : null };
}

function chooseTabs(model: Model, room: number, theme: Theme): Line {
  const full = tabsOf(model, true, theme);
  const { text, isEditing } = model.filter;
  const wanted = text === '' && !isEditing ? 0 : 10 + minFilter;
  if (widthOf(full) + wanted <= room) return full;
  const short = tabsOf(model, false, theme);
  return widthOf(short) + (wanted === 0 ? 0 : shortFilter) <= room ? short : [blank(1), ...oneTab(model, theme)];
}

function tabsOf(model: Model, isFull: boolean, theme: Theme): Line {
  const pieces: Piece[] = [];
  for (const [index, [tab, name]] of names.entries()) {
    const key = String(index + 1);
    pieces.push(blank(1));
    if (tab === model.tab) pieces.push(piece(`[${key} ${name}]`, 'title', theme));
    else pieces.push(piece(key, 'key', theme), piece(isFull ? ` ${name}` : '', 'plain', theme));
  }
  return pieces;
}

function oneTab(model: Model, theme: Theme): Line {
  const name = names.find(([tab]) => tab === model.tab)?.[1] ?? '';
  return [piece(`[${name}]`, 'title', theme)];
}

/** Returns the position of the selection and, with a filter, how many files match. */
function position(model: Model): string {
  if (model.tab === 'history') return pastPosition(model);
  const rows = shownFrame(model)?.rows;
  if (rows === undefined) return '-';
  const index = rows.rows.findIndex(({ file }) => file.id === model.selected);
  const at = index < 0 ? '-' : countText(rows.offset + index + 1);
  const isShort = model.filter.text === '' || model.size.columns < 60;
  return isShort ? `${at}/${countText(rows.matched)}` : `${at}/${countText(rows.matched)} of ${countText(rows.total)}`;
}

/** Returns the position among the files: `3/5 files`, `3/5,000+ files`, `1/2 of 5`. Empty for an outage. */
function pastPosition(model: Model): string {
  const { files, hasMore, selected, filter } = model.history;
  const shown = shownHistory(model).files;
  const index = shown.findIndex(({ id }) => id === selected);
  if (files.length === 0) return '0 files';
  const at = index < 0 ? '-' : countText(index + 1);
  // If the journal was searched for the filter, the model has only the matches.
  const all = `${countText(filter === '' ? files.length : shown.length)}${hasMore ? '+' : ''}`;
  if (model.filter.text !== '' && filter === '')
    return model.size.columns < 60 ? `${at}/${countText(shown.length)}` : `${at}/${countText(shown.length)} of ${all}`;
  return model.size.columns < 60 ? `${at}/${all}` : `${at}/${all} files`;
}
