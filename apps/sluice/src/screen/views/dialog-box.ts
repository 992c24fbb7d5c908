import type { Dialog } from '../model.ts';
import { borderColumns, borderRows, boxLines } from './box.ts';
import { type Asked, type BoxContent, type Told, typedLine } from './box-content.ts';
import { cutText } from './cut-text.ts';
import { offerContent } from './offer-box.ts';
import type { Look } from './picture.ts';
import { blank, filled, type Line, piece } from './pieces.ts';
import { setUpContent } from './set-up-box.ts';
import { wrapText } from './wrap.ts';

/** What lies in a box over the middle; the others take the whole screen. */
export type Boxed = Exclude<Dialog, { kind: 'detail' | 'help' }>;

export interface DialogBox {
  readonly lines: readonly Line[];
  /** Where something is typed, within the lines. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

const widest = 76;

export function isBoxed(dialog: Dialog | undefined): dialog is Boxed {
  return dialog !== undefined && dialog.kind !== 'detail' && dialog.kind !== 'help';
}

/** A box in the middle of so many columns, at most so high; what is asked is always in it. */
export function dialogBox(dialog: Boxed, columns: number, height: number, look: Look): DialogBox {
  const width = Math.min(columns, widest);
  const inner = width - borderColumns - 2;
  const { title, told, asked } = contentOf(dialog, inner, look);
  const below = asked === null ? [] : [[], asked.line];
  const lines = told.flatMap(({ text, tone }) => wrapText(text, inner, look).map((line) => ({ line, tone })));
  const room = Math.max(0, height - borderRows - below.length);
  const left = lines.length - room + 1;
  const shown =
    lines.length <= room
      ? lines
      : [...lines.slice(0, Math.max(0, room - 1)), { line: `and ${left} more lines`, tone: 'dim' as const }].slice(0, room);
  const content = [...shown.map(({ line, tone }): Line => [piece(line, tone, look)]), ...below].map((line): Line => [blank(1), ...line]);
  const margin = Math.floor((columns - width) / 2);
  const boxed = boxLines(title, content, width, look, 'warn').map((line) => filled([blank(margin), ...line], columns, look));
  const column = asked?.cursor ?? null;
  return {
    lines: boxed,
    cursor: column === null ? null : { row: content.length, column: Math.min(columns - 1, margin + 2 + column) },
  };
}

function contentOf(dialog: Boxed, columns: number, look: Look): BoxContent {
  switch (dialog.kind) {
    case 'confirm':
      return { title: 'SURE?', told: plain(dialog.lines), asked: prompt(dialog, columns, look) };
    case 'message':
      return { title: 'NOTE', told: plain(dialog.lines), asked: null };
    case 'offer':
      return offerContent(dialog, look);
    case 'set_up':
      return setUpContent(dialog.setUp, columns, look);
  }
}

function plain(lines: readonly string[]): readonly Told[] {
  return lines.map((text) => ({ text, tone: 'plain' }));
}

function prompt({ wanted, typed }: Extract<Dialog, { kind: 'confirm' }>, columns: number, look: Look): Asked {
  const yesNo: Line = [piece('y', 'key', look), piece(' yes   ', 'plain', look), piece('n', 'key', look), piece(' no', 'plain', look)];
  if (wanted === null) return { line: yesNo, cursor: null };
  const name = cutText(wanted, Math.max(1, Math.floor(columns / 3)), look, 'ends');
  return typedLine([piece('Type ', 'plain', look), { ...name, tone: 'key' }, piece(': ', 'plain', look)], typed, columns, look);
}
