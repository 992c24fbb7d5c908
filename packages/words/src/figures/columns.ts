import stringWidth from 'string-width';
import { clean } from './clean.ts';

/** A column of a table; `right` for figures. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly align?: 'right';
}

/**
 * Lines of a table, as wide as its cells. Every cell is cleaned: what a file name contains never reaches the terminal
 * as anything but visible characters.
 */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = rows.map((row) => columns.map((column) => clean(column.cell(row))));
  const titles = columns.map((column) => column.title);
  const widths = titles.map((title, index) => Math.max(title.length, ...cells.map((line) => stringWidth(line[index] ?? ''))));
  const format = (line: readonly string[]): string =>
    line
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align === 'right'))
      .join('  ')
      .trimEnd();
  return [titles, ...cells].map(format);
}

function pad(cell: string, to: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, to - stringWidth(cell)));
  return isRight ? space + cell : cell + space;
}
