import stringWidth from 'string-width';
import { clean } from './clean.ts';
import { noPaint, type Paint, type Tone } from './paint.ts';

/** Returns how many columns of a terminal a text takes; escape sequences take none. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** A column of a table. `right` is for figures. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly align?: 'right';
  /** How cells are shortened if the table is too wide for the terminal: a name in the middle, a sentence at its end. */
  readonly gives?: 'middle' | 'end';
  readonly tone?: (row: Row) => Tone | null;
}

export interface TableOptions {
  /** Width of the terminal. Wider lines are shortened as far as the columns allow. Null or absent: the output is not a terminal. */
  readonly width?: number | null;
  readonly paint?: Paint;
}

/** The columns that a shortened name or sentence keeps at least, so that it is still meaningful. */
const leastColumns = { middle: 12, end: 8 } as const;
const gap = 2;

/**
 * Returns the lines of a table, as wide as its cells. Every cell is cleaned, so that a file name reaches the terminal only as
 * visible characters. An empty column is left out.
 */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width = null, paint = noPaint }: TableOptions = {},
): string[] {
  const filled = columns
    .map((column) => ({ ...column, cells: rows.map((row) => clean(column.cell(row))) }))
    .filter(({ cells }) => cells.length === 0 || cells.some((cell) => cell !== ''));
  const widths = filled.map(({ title, cells }) => Math.max(title.length, ...cells.map((cell) => stringWidth(cell))));
  const fitted = width === null ? widths : narrowed(widths, filled, width);
  const format = (cellOf: (column: (typeof filled)[number]) => string, toneOf: (column: (typeof filled)[number]) => Tone | null): string =>
    filled
      .map((column, index) => {
        const room = fitted[index] ?? 0;
        const cell = shortened(cellOf(column), room, column.gives);
        // The last column needs no space after it.
        const space = index === filled.length - 1 && column.align !== 'right' ? '' : ' '.repeat(Math.max(0, room - stringWidth(cell)));
        const painted = paint(cell, toneOf(column));
        return column.align === 'right' ? space + painted : painted + space;
      })
      .join(' '.repeat(gap))
      .trimEnd();
  return [
    format(
      ({ title }) => title,
      () => 'dim',
    ),
    ...rows.map((row, index) =>
      format(
        ({ cells }) => cells[index] ?? '',
        ({ tone }) => tone?.(row) ?? null,
      ),
    ),
  ];
}

/** Narrows the widest column that can be shortened, until the table fits or no column can be shortened further. */
function narrowed(widths: readonly number[], columns: readonly Pick<Column<never>, 'gives'>[], room: number): readonly number[] {
  const fitted = [...widths];
  const spare = (index: number): number => {
    const gives = columns[index]?.gives;
    return gives === undefined ? 0 : (fitted[index] ?? 0) - leastColumns[gives];
  };
  let over = fitted.reduce((sum, each) => sum + each, 0) + gap * Math.max(0, fitted.length - 1) - room;
  for (; over > 0; over -= 1) {
    const widest = fitted.reduce((best, _, index) => (spare(index) > spare(best) ? index : best), 0);
    if (spare(widest) <= 0) break;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
  }
  return fitted;
}

function shortened(text: string, columns: number, gives: Column<never>['gives']): string {
  if (gives === undefined || stringWidth(text) <= columns) return text;
  const characters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  const tail = gives === 'end' ? 0 : Math.ceil((columns - 1) / 2);
  const front = taken(characters, columns - 1 - tail);
  return `${front}…${taken(characters.toReversed(), tail, true)}`;
}

/** Returns as many characters as fit. `isBackwards`: from the end. */
function taken(characters: readonly string[], columns: number, isBackwards = false): string {
  let text = '';
  let width = 0;
  for (const character of characters) {
    width += stringWidth(character);
    if (width > columns) break;
    text = isBackwards ? character + text : text + character;
  }
  return text;
}
