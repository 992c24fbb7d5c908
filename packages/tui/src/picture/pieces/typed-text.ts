import { aroundCaret, type TypedLine } from '../../model/typed.ts';
import type { Theme } from '../picture.ts';
import { cutText } from '../text/cut-text.ts';
import { type SafeText } from '../text/safe-text.ts';

/** A line that is typed, as it is shown, and the column of its caret in it. */
export interface TypedText extends SafeText {
  readonly caret: number;
}

/** At most so many columns; of a longer text what stands around the caret is seen. */
export function typedText(line: TypedLine, columns: number, theme: Theme): TypedText {
  const [before, behind] = aroundCaret(line);
  const right = cutText(behind, Math.floor(Math.max(0, columns) / 2), theme, 'start');
  const left = cutText(before, Math.max(0, columns - right.width), theme, 'end');
  return { text: left.text + right.text, width: left.width + right.width, caret: left.width };
}
