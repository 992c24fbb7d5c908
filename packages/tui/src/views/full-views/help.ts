import type { FileJson } from '@sluice/control';
import { selectedPast } from '../../history/rows.ts';
import type { Place } from '../../keys/binding.ts';
import { type KeyNow, keysNow, placeOf } from '../../keys/bindings.ts';
import type { Dialog, Model } from '../../model/model.ts';
import type { Theme } from '../../picture/picture.ts';
import { blank, filled, fitted, type Line, type Piece, piece, spread, widthOf } from '../../picture/pieces/pieces.ts';
import { type LazyLine, scrolled, scrollText } from '../../picture/pieces/scrolled.ts';
import { wrapText } from '../../picture/text/wrap.ts';
import { isDetail, openedFile, selectedRow } from '../../selection/selected.ts';
import { aroundFile } from '../words/destination-words.ts';
import { fileWords } from '../words/file-words.ts';

const keyColumns = 40;
const leaving = 'q closes only this screen. Copying continues; "sluice stop" ends it.';
const leavingNothing = 'q closes this screen.';
const marks = 'Marks: x failed  ! needs you  ~ waits  > copying  = done  - removed. `- is a new copy of';
const past =
  'The left and right arrows show a shorter or a longer time. Enter on an outage shows everything that is known about it. The export has the files of this time that match the filter.';
const leavingTour = 'Leaving ends the tour: Sluice copies what is left, then compares every byte and shows the result in the terminal.';
const filters = 'Filter: a name, *.mov, state:failed, route:NAME, size:>1GB. !word excludes. A file must match all words.';

type Help = Extract<Dialog, { kind: 'help' }>;

/** Returns the keys that do something here, the selected file, and what the marks mean, in exactly `height` lines. */
export function helpLines(model: Model, { scroll }: Help, height: number, theme: Theme): readonly Line[] {
  if (height < 1) return [];
  const { columns } = model.size;
  const body = scrolled(helpBody(model, theme), scroll, height - 1);
  const title: Line = [piece(' HELP', 'title', theme), piece(`  keys that do something ${where(model)}`, 'dim', theme)];
  const range = scrollText(body);
  return [range === '' ? title : spread(title, [blank(1), piece(range, 'dim', theme), blank(1)], columns, theme), ...body.lines];
}

/** Returns everything below the title. */
export function helpBody(model: Model, theme: Theme): readonly LazyLine[] {
  const { columns } = model.size;
  // The help covers the list, the history or another view.
  const under: Model = { ...model, dialogs: model.dialogs.filter(({ kind }) => kind !== 'help') };
  const place = placeOf(under);
  const keys =
    place === 'list' ? [...keysNow(under, theme), tabKeys] : [backKey, ...(place === 'log' ? [] : [scrollKeys]), ...keysNow(under, theme)];
  const shown = columns >= 2 * keyColumns ? inColumns(keys, columns, theme) : flowing(keys, columns, theme);
  const isHistory = model.tab === 'history';
  const isOfFiles = place === 'list' || place === 'detail';
  const said = [
    isOfFiles ? here(under) : meaningOf[place],
    ...(isHistory && place === 'list' ? [past] : []),
    leavingText(model),
    ...(isOfFiles ? [`${marks} ${isHistory ? 'a failed file.' : 'the failed file above it.'}`, filters] : []),
  ].flatMap((text) => paragraph(text, columns, theme));
  return [...shown, ...said].map((line) => () => line);
}

/** Returns what happens on leaving. If no agent was seen, none continues. */
function leavingText({ tour, frame }: Model): string {
  if (tour !== null) return leavingTour;
  return frame === null ? leavingNothing : leaving;
}

/** Descriptions of the other views. */
const meaningOf: Readonly<Record<Exclude<Place, 'list' | 'detail'>, string>> = {
  log: 'What happened, in sentences, from the journal. "sluice log --since today" prints it.',
  settings: 'The settings that the agent uses. An origin is a line of sluice.toml, an option of the command line, or the default.',
  conditions: 'What needs you comes first, then what an operator has set. A condition disappears when it is over; the log keeps it.',
  safe: 'SAFE TO CLEAR means: for every file that is at the source now, and for every route that reads it, the journal has a verified copy, which is at the destination. "sluice safe" says the same.',
};

const scrollKeys: KeyNow = { label: 'PgDn', text: 'and the arrows scroll', does: 'help', footer: undefined };
const backKey: KeyNow = { label: 'Esc', text: 'back to the list', does: 'help', footer: undefined };
const tabKeys: KeyNow = { label: '1-6', text: 'tabs', does: 'help', footer: undefined };

function where(model: Model): string {
  const place = placeOf(model);
  if (place === 'detail') return 'for this file';
  if (place !== 'list') return 'in this view';
  return model.tab === 'history' ? 'in the history' : 'in the list';
}

function here(model: Model): string {
  if (isDetail(model)) return hereOpened(openedFile(model));
  if (model.tab === 'history') return herePast(model);
  const row = selectedRow(model);
  if (row === null) return 'No file is selected.';
  const { mark, word } = fileWords(row, aroundFile(model, row.file));
  return `Here: ${row.file.source} ${mark} ${word}${row.reason === '' ? '' : `: ${row.reason}`}`;
}

function hereOpened(file: FileJson | null): string {
  if (file === null) return 'The file is not loaded yet.';
  const { mark, word } = fileWords({ file });
  return `Here: ${file.source} ${mark} ${word}`;
}

function herePast(model: Model): string {
  const row = selectedPast(model);
  if (row === null) return 'Nothing is selected.';
  if (row.kind === 'outage') return `Here: an outage of ${row.outage.route}: ${row.outage.operator}`;
  const { mark, word } = fileWords(row);
  return `Here: ${row.file.destination} ${mark} ${word}${row.file.error === null ? '' : `: ${row.file.error.operator}`}`;
}

function paragraph(text: string, columns: number, theme: Theme): readonly Line[] {
  return wrapText(text, columns - 2, theme).map((line) => [blank(1), piece(line, 'plain', theme)]);
}

function inColumns(keys: readonly KeyNow[], columns: number, theme: Theme): readonly Line[] {
  const count = Math.max(1, Math.floor(columns / keyColumns));
  const rows = Math.ceil(keys.length / count);
  return Array.from({ length: rows }, (_, row): Line => {
    const cells = Array.from({ length: count }, (__, column) => keys[column * rows + row]);
    return cells.flatMap((each) => (each === undefined ? [] : keyCell(each, theme)));
  });
}

function keyCell({ label, text }: KeyNow, theme: Theme): readonly Piece[] {
  return [fitted(` ${label}`, 8, 'key', theme), fitted(text, keyColumns - 9, 'plain', theme), blank(1)];
}

function flowing(keys: readonly KeyNow[], columns: number, theme: Theme): readonly Line[] {
  const lines: Line[] = [];
  let line: Line = [];
  for (const { label, text } of keys) {
    const added: Line = [blank(1), piece(label, 'key', theme), piece(` ${text} `, 'plain', theme)];
    if (line.length > 0 && widthOf(line) + widthOf(added) > columns) {
      lines.push(filled(line, columns, theme));
      line = [];
    }
    line = [...line, ...added];
  }
  return [...lines, line];
}
