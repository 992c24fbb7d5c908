import type { TypedLine } from '../../model/typed.ts';
import { glyphsOf } from '../glyphs.ts';
import type { Theme, Tone } from '../picture.ts';
import { filled, type Line, piece, widthOf } from './pieces.ts';
import { typedText } from './typed-text.ts';

/** A border takes a row above and one below, and a column on each side. */
export const borderRows = 2;
export const borderColumns = 2;

/** `+- ROUTES ---+` around some lines. @param columns with the border */
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

/** What a box says, and what it asks below that. */
export interface BoxContent {
  readonly title: string;
  readonly paragraphs: readonly Paragraph[];
  /** The same where that is too long, the longest version first; a line of the second one and of further ones may be cut to a row. */
  readonly shorter?: readonly (readonly Paragraph[])[];
  readonly asked: Asked | null;
}

/** A text of any length. */
export interface Paragraph {
  readonly text: string;
  readonly tone: Tone;
}

export interface Asked {
  readonly line: Line;
  /** The column where something is typed; null: nothing is. */
  readonly cursor: number | null;
}

/** A line in which something is typed; of a longer text what stands around the caret is seen. */
export function typedLine(asking: Line, typed: TypedLine, columns: number, theme: Theme): Asked {
  const { text, width, caret } = typedText(typed, columns - widthOf(asking) - 1, theme);
  return { line: [...asking, { text, width, tone: 'title' }], cursor: widthOf(asking) + caret };
}
