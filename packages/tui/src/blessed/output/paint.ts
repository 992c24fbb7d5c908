import stringWidth from 'string-width';
import type { Picture, Span } from '../../picture/picture.ts';
import { clustersOf, isPlainlyNarrow } from '../../picture/text/clusters.ts';
import type { Blessed, Line } from '../library/types.ts';
import { terminalLimits } from '../limits.ts';
import { plainAttributes } from './attributes.ts';

interface PaintOptions {
  readonly attributes: (span: Span) => number;
  /** Blessed's functions for the width of a text. */
  readonly unicode: Blessed['unicode'];
  /** False: only ASCII is written. */
  readonly hasUnicode: boolean;
}

/** The text of a cell that blessed skips: the right half of a wide character. */
const rightHalf = '\x03';
const isAscii = /^[ -~]*$/;
const isControl = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * Puts a picture into blessed's cells, with one box for all rows. It is not passed as text with escape sequences: blessed would
 * parse the sequences in every picture, count wide characters and marks as too many cells, and cut such rows short.
 * @param before what the cells contain already; null: nothing useful
 */
export function paint(lines: readonly Line[], { rows }: Picture, before: Picture | null, options: PaintOptions): void {
  for (const [index, line] of lines.entries()) {
    const row = rows[index] ?? [];
    if (before === null || !sameRow(row, before.rows[index] ?? [])) paintRow(line, row, options);
  }
}

function paintRow(line: Line, spans: readonly Span[], options: PaintOptions): void {
  let column = 0;
  for (const span of spans) {
    const attributes = options.attributes(span);
    if (isAscii.test(span.text)) {
      for (const character of span.text) put(line, column++, attributes, character);
    } else {
      for (const cluster of clustersOf(span.text)) column += putCluster(line, column, attributes, cluster, options);
    }
  }
  while (column < line.length) put(line, column++, plainAttributes, ' ');
}

/** @returns how many columns it took */
function putCluster(line: Line, column: number, attributes: number, cluster: string, options: PaintOptions): number {
  const { width, isSafe } = measured(cluster, options);
  if (!isSafe || column + width > line.length) {
    for (let offset = 0; offset < width; offset++) put(line, column + offset, attributes, '?');
    return width;
  }
  put(line, column, attributes, cluster);
  if (width === 2) put(line, column + 1, attributes, rightHalf);
  return width;
}

interface Measured {
  readonly width: number;
  /**
   * Whether blessed will advance by as many columns as the terminal. The views ensure that, but a shifted row would be worse than
   * a mark.
   */
  readonly isSafe: boolean;
}

/** A cache: measuring takes microseconds, and pictures consist of the same few characters. */
const known = new Map<string, Measured>();

function measured(cluster: string, options: PaintOptions): Measured {
  const before = known.get(cluster) ?? measure(cluster, options.unicode);
  if (known.size >= terminalLimits.known) known.clear();
  if (cluster.length <= 8) known.set(cluster, before);
  return options.hasUnicode || isAscii.test(cluster) ? before : { ...before, isSafe: false };
}

function measure(cluster: string, unicode: Blessed['unicode']): Measured {
  if (isPlainlyNarrow(cluster)) return { width: 1, isSafe: true };
  const width = stringWidth(cluster);
  if (isControl.test(cluster)) return { width: Math.max(1, width), isSafe: false };
  const isAgreed = unicode.strWidth(cluster) === width && unicode.charWidth(cluster) === width;
  return { width, isSafe: (width === 1 || width === 2) && isAgreed };
}

function put(line: Line, column: number, attributes: number, text: string): void {
  const cell = line[column];
  if (cell === undefined || (cell[0] === attributes && cell[1] === text)) return;
  cell[0] = attributes;
  cell[1] = text;
  line.dirty = true;
}

/** Returns whether two pictures look the same. */
export function samePicture(a: Picture, b: Picture): boolean {
  if (a === b) return true;
  if (a.rows.length !== b.rows.length || a.cursor?.row !== b.cursor?.row || a.cursor?.column !== b.cursor?.column) return false;
  return a.rows.every((row, index) => sameRow(row, b.rows[index] ?? []));
}

/** Returns whether two rows look the same. */
function sameRow(a: readonly Span[], b: readonly Span[]): boolean {
  return a === b || (a.length === b.length && a.every((span, index) => sameSpan(span, b[index])));
}

function sameSpan(a: Span, b: Span | undefined): boolean {
  return a.text === b?.text && a.tone === b.tone && a.bold === b.bold && a.inverse === b.inverse;
}
