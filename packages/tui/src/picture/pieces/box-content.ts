import type { Look, Tone } from '../picture.ts';
import { cutText } from '../text/cut-text.ts';
import { type Line, widthOf } from './pieces.ts';

/** What a box says, and what it asks below that. */
export interface BoxContent {
  readonly title: string;
  readonly told: readonly Told[];
  /** The same where that is too long, the longest telling first; a line of the second one and of further ones may be cut to a row. */
  readonly shorter?: readonly (readonly Told[])[];
  readonly asked: Asked | null;
}

/** A text of any length. */
export interface Told {
  readonly text: string;
  readonly tone: Tone;
}

export interface Asked {
  readonly line: Line;
  /** The column where something is typed; null: nothing is. */
  readonly cursor: number | null;
}

/** A line in which something is typed; of a longer text the end is seen. */
export function typedLine(asking: Line, typed: string, columns: number, look: Look): Asked {
  const shown = cutText(typed, Math.max(0, columns - widthOf(asking) - 1), look, 'end');
  return { line: [...asking, { ...shown, tone: 'title' }], cursor: widthOf(asking) + shown.width };
}
