import { glyphsOf } from '../glyphs.ts';
import type { Span, Theme, Tone } from '../picture.ts';
import { cutText, type Keep } from '../text/cut-text.ts';
import { safeText } from '../text/safe-text.ts';

/** A span, and its width in columns. Only the functions of this file make one, so that its text is safe. */
export interface Piece {
  readonly text: string;
  readonly width: number;
  readonly tone: Tone;
}

/** Pieces next to each other. */
export type Line = readonly Piece[];

/** Returns any text, whole and made safe. */
export function piece(text: string, tone: Tone, theme: Theme): Piece {
  return { ...safeText(text, theme.unicode), tone };
}

/** Returns blanks. */
export function blank(width: number, tone: Tone = 'plain'): Piece {
  const columns = Math.max(0, width);
  return { text: ' '.repeat(columns), width: columns, tone };
}

interface Fitting {
  readonly align?: 'left' | 'right';
  /** Which part stays if it is too long. */
  readonly keep?: Keep;
}

/** Returns any text in exactly this many columns. */
export function fitted(text: string, width: number, tone: Tone, theme: Theme, { align = 'left', keep = 'start' }: Fitting = {}): Piece {
  const columns = Math.max(0, width);
  const cut = cutText(text, columns, theme, keep);
  const space = ' '.repeat(columns - cut.width);
  return { text: align === 'right' ? space + cut.text : cut.text + space, width: columns, tone };
}

/** Returns the width of a line in columns. */
export function widthOf(line: Line): number {
  return line.reduce((sum, { width }) => sum + width, 0);
}

/** Puts blanks between a left and a right part. If there is no room for both, the left one is cut. */
export function spread(left: Line, right: Line, columns: number, theme: Theme): Line {
  const room = columns - widthOf(right);
  if (room <= 0) return filled(right, columns, theme);
  return [...filled(left, room, theme), ...right];
}

/** Returns a line of exactly this many columns: cut if it is longer, filled if it is shorter. */
export function filled(line: Line, columns: number, theme: Theme, tone: Tone = 'plain'): Line {
  const pieces: Piece[] = [];
  let room = Math.max(0, columns);
  for (const each of line) {
    if (room === 0) break;
    const shown = each.width <= room ? each : { ...cutText(each.text, room, theme), tone: each.tone };
    pieces.push(shown);
    room -= shown.width;
    if (shown !== each) break;
  }
  return room === 0 ? pieces : [...pieces, blank(room, tone)];
}

/** Returns a row of the picture. */
export function rowOf(line: Line, columns: number, theme: Theme): readonly Span[] {
  const spans: { text: string; tone: Tone }[] = [];
  for (const { text, tone } of filled(line, columns, theme)) {
    const last = spans.at(-1);
    if (last?.tone === tone) last.text += text;
    else if (text !== '') spans.push({ text, tone });
  }
  return theme.colours === 0 ? spans.map(inMono) : spans;
}

const bold: ReadonlySet<Tone> = new Set(['title', 'key', 'bad', 'warn', 'alarm']);
const inverse: ReadonlySet<Tone> = new Set(['alarm', 'notice', 'tour', 'selected']);

/** Without colours there are only marks, bold and inverse. */
function inMono({ text, tone }: Span): Span {
  return { text, tone: 'plain', ...(bold.has(tone) ? { bold: true } : {}), ...(inverse.has(tone) ? { inverse: true } : {}) };
}

/** Returns a gauge: `[####......]`. @param share 0 to 1 @param columns with its brackets */
export function gaugeText(share: number, columns: number, theme: Theme): string {
  const { full, empty } = glyphsOf(theme);
  const cells = Math.max(0, columns - 2);
  const done = Math.floor(Math.min(Math.max(share > 0 ? share : 0, 0), 1) * cells);
  return `[${full.repeat(done)}${empty.repeat(cells - done)}]`;
}
