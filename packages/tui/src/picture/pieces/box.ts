import type { TypedLine } from '../../model/typed-line.ts';
import { glyphsOf } from '../glyphs.ts';
import type { Theme, Tone } from '../picture.ts';
import { filled, type Line, piece, widthOf } from './pieces.ts';
import { typedText } from './typed-text.ts';

/** A border takes a row above and one below. */
export const borderRows = 2;
/** A border takes a column on each side. */
export const borderColumns = 2;

/** Returns lines with a border: `+- ROUTES ---+`. @param columns with the border */
export function boxLines(title: string, lines: readonly Line[], columns: number, theme: Theme, tone: Tone = 'dim'): readonly Line[] {
  const { horizontal, vertical, corners } = glyphsOf(theme);
  const [topLeft, topRight, bottomLeft, bottomRight] = corners;
  const inner = Math.max(0, columns - borderColumns);
  const titled = filled([piece(horizontal, tone, theme), piece(` ${title} `, 'title', theme)], Math.min(inner, title.length + 3), theme);
  const border = (text: string): Line[number] => piece(text, tone, theme);
  return [
    [border(topLeft), ...titled, border(horizontal.repeat(Math.max(0, inner - widthOf(titled))) + topRight)],
    ...lines.map((line): Line => [border(vertical), ...filled(line, inner, theme), border(vertical)]),
    [border(bottomLeft + horizontal.repeat(inner) + bottomRight)],
  ];
}

/** The content of a box, and the question below it. */
export interface BoxContent {
  readonly title: string;
  readonly paragraphs: readonly Paragraph[];
  /** The same for less room, the longest version first. In the second and later versions a line may be cut to one row. */
  readonly shorter?: readonly (readonly Paragraph[])[];
  readonly asked: Asked | null;
}

/** A text of any length. */
export interface Paragraph {
  readonly text: string;
  readonly tone: Tone;
}

/** A question of a box. */
export interface Asked {
  readonly line: Line;
  /** The column where something is typed. Null: nothing is. */
  readonly cursor: number | null;
}

/** Returns a line in which something is typed. Of a longer text the part around the caret is visible. */
export function typedLine(asking: Line, typed: TypedLine, columns: number, theme: Theme): Asked {
  const { text, width, caret } = typedText(typed, columns - widthOf(asking) - 1, theme);
  return { line: [...asking, { text, width, tone: 'title' }], cursor: widthOf(asking) + caret };
}
