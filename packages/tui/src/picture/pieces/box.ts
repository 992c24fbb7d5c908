import { glyphsOf } from '../glyphs.ts';
import type { Look, Tone } from '../picture.ts';
import { filled, type Line, piece, widthOf } from './pieces.ts';

/** A border takes a row above and one below, and a column on each side. */
export const borderRows = 2;
export const borderColumns = 2;

/** `+- ROUTES ---+` around some lines. @param columns with the border */
export function boxLines(title: string, lines: readonly Line[], columns: number, look: Look, tone: Tone = 'dim'): readonly Line[] {
  const { horizontal, vertical, corners } = glyphsOf(look);
  const [topLeft, topRight, bottomLeft, bottomRight] = corners;
  const inner = Math.max(0, columns - borderColumns);
  const titled = filled([piece(horizontal, tone, look), piece(` ${title} `, 'title', look)], Math.min(inner, title.length + 3), look);
  const border = (text: string): Line[number] => piece(text, tone, look);
  return [
    [border(topLeft), ...titled, border(horizontal.repeat(Math.max(0, inner - widthOf(titled))) + topRight)],
    ...lines.map((line): Line => [border(vertical), ...filled(line, inner, look), border(vertical)]),
    [border(bottomLeft + horizontal.repeat(inner) + bottomRight)],
  ];
}
