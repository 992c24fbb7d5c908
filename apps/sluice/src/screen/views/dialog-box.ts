import type { Dialog } from '../model.ts';
import { borderColumns, borderRows, boxLines } from './box.ts';
import { cutText } from './cut-text.ts';
import type { Look } from './picture.ts';
import { blank, filled, type Line, piece, widthOf } from './pieces.ts';
import { wrapText } from './wrap.ts';

type Boxed = Extract<Dialog, { kind: 'confirm' | 'message' }>;

export interface DialogBox {
  readonly lines: readonly Line[];
  /** Where something is typed, within the lines. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

const widest = 76;

/** A box in the middle of so many columns, at most so high; what is asked is always in it. */
export function dialogBox(dialog: Boxed, columns: number, height: number, look: Look): DialogBox {
  const width = Math.min(columns, widest);
  const inner = width - borderColumns - 2;
  const asked = dialog.kind === 'confirm' ? prompt(dialog, inner, look) : null;
  const below = asked === null ? [] : [[], asked.line];
  const told = dialog.lines.flatMap((line) => wrapText(line, inner, look));
  const room = Math.max(0, height - borderRows - below.length);
  const shown =
    told.length <= room ? told : [...told.slice(0, Math.max(0, room - 1)), `and ${told.length - room + 1} more lines`].slice(0, room);
  const content = [...shown.map((line): Line => [piece(line, 'plain', look)]), ...below].map((line): Line => [blank(1), ...line]);
  const title = dialog.kind === 'confirm' ? 'SURE?' : 'NOTE';
  const margin = Math.floor((columns - width) / 2);
  const boxed = boxLines(title, content, width, look, 'warn').map((line) => filled([blank(margin), ...line], columns, look));
  const column = asked?.cursor ?? null;
  return {
    lines: boxed,
    cursor: column === null ? null : { row: content.length, column: Math.min(columns - 1, margin + 2 + column) },
  };
}

interface Prompt {
  readonly line: Line;
  readonly cursor: number | null;
}

function prompt({ wanted, typed }: Extract<Dialog, { kind: 'confirm' }>, columns: number, look: Look): Prompt {
  const yesNo: Line = [piece('y', 'key', look), piece(' yes   ', 'plain', look), piece('n', 'key', look), piece(' no', 'plain', look)];
  if (wanted === null) return { line: yesNo, cursor: null };
  const name = cutText(wanted, Math.max(1, Math.floor(columns / 3)), look, 'ends');
  const asking: Line = [piece('Type ', 'plain', look), { ...name, tone: 'key' }, piece(': ', 'plain', look)];
  const shown = cutText(typed, Math.max(0, columns - widthOf(asking) - 1), look, 'end');
  return { line: [...asking, { ...shown, tone: 'title' }], cursor: widthOf(asking) + shown.width };
}
