import { clean } from '@sluice/words';

/** A number, any text, or nothing. */
export type Cell = number | string | null;

/**
 * Returns a table for a spreadsheet: CSV (RFC 4180), one row on each line, in UTF-8 with a byte order mark, without which
 * spreadsheets assume another encoding.
 */
export function csvText(rows: Iterable<readonly Cell[]>): string {
  let text = '\ufeff';
  for (const row of rows) text += `${row.map(cellText).join(',')}\r\n`;
  return text;
}

/** Every text is quoted. A number that is not finite is left empty. */
function cellText(cell: Cell): string {
  if (cell === null || cell === '') return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  return `"${harmless(clean(cell)).replaceAll('"', '""')}"`;
}

/**
 * Adds an apostrophe before what a spreadsheet would read as a formula at the beginning of a cell, which makes it text. Also after
 * a semicolon: where that separates cells, quotes that do not begin a cell protect nothing.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function harmless(text: string): string {
  return text.replace(/(^|;)([\s"']*)(?=[=+\-@＝＋－＠])/g, `$1'$2`);
}
