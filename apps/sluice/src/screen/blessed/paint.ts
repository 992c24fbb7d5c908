import stringWidth from 'string-width';
import type { Picture, Span } from '../views/picture.ts';
import { plainAttributes } from './attributes.ts';
import type { Blessed, Line } from './types.ts';

export interface PaintOptions {
  readonly attributes: (span: Span) => number;
  /** Blessed's own: what it takes a text's width for. */
  readonly unicode: Blessed['unicode'];
  /** Else nothing but ASCII is let through. */
  readonly hasUnicode: boolean;
}

/** What blessed skips: the right half of a wide character. */
const rightHalf = '\x03';
const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const isAscii = /^[ -~]*$/;
const isControl = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * Puts a picture into blessed's cells, one box for all rows. Not as text with escape sequences: blessed would read the sequences
 * again in every picture, count wide characters and marks as more cells than they are, and cut such rows short.
 */
export function paint(lines: readonly Line[], { rows }: Picture, options: PaintOptions): void {
  for (const [index, line] of lines.entries()) paintRow(line, rows[index] ?? [], options);
}

function paintRow(line: Line, spans: readonly Span[], options: PaintOptions): void {
  let column = 0;
  for (const span of spans) {
    const attributes = options.attributes(span);
    if (isAscii.test(span.text)) {
      for (const character of span.text) put(line, column++, attributes, character);
    } else {
      for (const { segment } of clusters.segment(span.text)) column += putCluster(line, column, attributes, segment, options);
    }
  }
  while (column < line.length) put(line, column++, plainAttributes, ' ');
}

/** @returns how many columns it took */
function putCluster(line: Line, column: number, attributes: number, cluster: string, options: PaintOptions): number {
  const width = stringWidth(cluster);
  if (!canShow(cluster, width, options) || column + width > line.length) {
    const cells = isControl.test(cluster) ? Math.max(1, width) : width;
    for (let offset = 0; offset < cells; offset++) put(line, column + offset, attributes, '?');
    return cells;
  }
  put(line, column, attributes, cluster);
  if (width === 2) put(line, column + 1, attributes, rightHalf);
  return width;
}

/** Whether blessed will step on by as many columns as the terminal. The views have seen to that; a row that is shifted all the same would be worse than a mark. */
function canShow(cluster: string, width: number, { unicode, hasUnicode }: PaintOptions): boolean {
  if (isControl.test(cluster)) return false;
  if (isAscii.test(cluster)) return true;
  return hasUnicode && (width === 1 || width === 2) && unicode.strWidth(cluster) === width && unicode.charWidth(cluster) === width;
}

function put(line: Line, column: number, attributes: number, text: string): void {
  const cell = line[column];
  if (cell === undefined || (cell[0] === attributes && cell[1] === text)) return;
  cell[0] = attributes;
  cell[1] = text;
  line.dirty = true;
}
