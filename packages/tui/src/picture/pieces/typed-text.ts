import { aroundCaret, type TypedLine } from '../../model/typed-line.ts';
import type { Theme } from '../picture.ts';
import { cutText } from '../text/cut-text.ts';
import { type SafeText } from '../text/safe-text.ts';

/** A typed line as it is shown, and the column of its caret. */
export interface TypedText extends SafeText {
  readonly caret: number;
}

/** Returns at most this many columns. Of a longer text the part around the caret is visible. */
export function typedText(line: TypedLine, columns: number, theme: Theme): TypedText {
  const [before, behind] = aroundCaret(line);
  const right = cutText(behind, Math.floor(Math.max(0, columns) / 2), theme, 'start');
  const left = cutText(before, Math.max(0, columns - right.width), theme, 'end');
  return { text: left.text + right.text, width: left.width + right.width, caret: left.width };
}
