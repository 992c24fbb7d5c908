import { clean } from '@sluice/words';

/** A figure, a text from anywhere, or nothing. */
export type Cell = number | string | null;

/**
 * A table for a spreadsheet: CSV (RFC 4180), a row a line, in UTF-8 with a byte order mark, without which
 * spreadsheets assume another encoding.
 */
export function csvText(rows: Iterable<readonly Cell[]>): string {
  let text = '\ufeff';
  for (const row of rows) text += `${row.map(cellText).join(',')}\r\n`;
  return text;
}

/** Every text is quoted; a figure that is none is nothing. */
function cellText(cell: Cell): string {
  if (cell === null || cell === '') return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  return `"${harmless(clean(cell)).replaceAll('"', '""')}"`;
}

/**
 * What a spreadsheet would read as a formula, at the beginning of a cell: with an apostrophe before it, it is text. So behind a
 * semicolon, too: where that divides cells, quotes that do not begin a cell protect nothing.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function harmless(text: string): string {
  return text.replace(/(^|;)([\s"']*)(?=[=+\-@＝＋－＠])/g, `$1'$2`);
}
