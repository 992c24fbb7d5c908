import { unreachable } from '@sluice/core/model';
import { type FullDialog, isFull } from '../../model/full.ts';
import type { Dialog } from '../../model/model.ts';
import { glyphsOf } from '../../picture/glyphs.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { type Asked, type BoxContent, borderColumns, borderRows, boxLines, type Paragraph, typedLine } from '../../picture/pieces/box.ts';
import { blank, filled, type Line, piece } from '../../picture/pieces/pieces.ts';
import { cutText } from '../../picture/text/cut-text.ts';
import { wrapText } from '../../picture/text/wrap.ts';
import { askSafeContent } from './ask-safe-box.ts';
import { offerContent } from './offer-box.ts';
import { setUpContent } from './set-up-box.ts';

/** Dialogs in a box over the middle. The others take the whole screen. */
export type Boxed = Exclude<Dialog, FullDialog>;

/** A box that is ready to be drawn. */
export interface DialogBox {
  readonly lines: readonly Line[];
  /** Where something is typed, within the lines. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

const widest = 76;

/** Returns whether a dialog is drawn in a box. */
export function isBoxed(dialog: Dialog | undefined): dialog is Boxed {
  return dialog !== undefined && !isFull(dialog);
}

/** Returns a box in the middle, with a maximum height. The question is always visible. */
export function dialogBox(dialog: Boxed, columns: number, height: number, theme: Theme): DialogBox {
  const width = Math.min(columns, widest);
  const inner = width - borderColumns - 2;
  const { title, paragraphs, shorter = [], asked } = contentOf(dialog, inner, theme);
  const room = Math.max(0, height - borderRows - (asked === null ? 0 : 1));
  const lines = fittingLines(versionsOf(paragraphs, shorter, inner, theme), room);
  const gap = asked !== null && lines.length < room ? [[]] : [];
  const below = asked === null ? [] : [...gap, asked.line];
  const content = [...lines.map(({ line, tone }): Line => [piece(line, tone, theme)]), ...below].map((line): Line => [blank(1), ...line]);
  const margin = Math.floor((columns - width) / 2);
  const boxed = boxLines(title, content, width, theme, 'warn').map((line) => filled([blank(margin), ...line], columns, theme));
  const column = asked?.cursor ?? null;
  return {
    lines: boxed,
    cursor: column === null ? null : { row: content.length, column: Math.min(columns - 1, margin + 2 + column) },
  };
}

interface ParagraphLine {
  readonly line: string;
  readonly tone: Tone;
}

function versionsOf(
  paragraphs: readonly Paragraph[],
  shorter: readonly (readonly Paragraph[])[],
  columns: number,
  theme: Theme,
): readonly (readonly ParagraphLine[])[] {
  const wrapped = (lines: readonly Paragraph[]): readonly ParagraphLine[] =>
    lines.flatMap(({ text, tone }) => wrapText(text, columns, theme).map((line) => ({ line, tone })));
  const cut = (lines: readonly Paragraph[]): readonly ParagraphLine[] =>
    lines.map(({ text, tone }) => ({ line: cutText(text, columns, theme, 'ends').text, tone }));
  return [wrapped(paragraphs), ...shorter.flatMap((lines, index) => (index === 0 ? [wrapped(lines)] : [wrapped(lines), cut(lines)]))];
}

/** Returns the first version that fits, or as much of the last as there is room for. */
function fittingLines(versions: readonly (readonly ParagraphLine[])[], room: number): readonly ParagraphLine[] {
  const lines = versions.find(({ length }) => length <= room) ?? versions.at(-1) ?? [];
  if (lines.length <= room) return lines;
  const left = lines.length - room + 1;
  return [...lines.slice(0, Math.max(0, room - 1)), { line: `and ${left} more lines`, tone: 'dim' as const }].slice(0, room);
}

function contentOf(dialog: Boxed, columns: number, theme: Theme): BoxContent {
  switch (dialog.kind) {
    case 'confirm':
      return {
        title: dialog.intent.do === 'export' ? 'EXPORT' : 'SURE?',
        paragraphs: plain(dialog.lines),
        ...(dialog.shorter === undefined ? {} : { shorter: dialog.shorter.map(plain) }),
        asked: prompt(dialog, columns, theme),
      };
    case 'message':
      return { title: 'NOTE', paragraphs: plain(dialog.lines), asked: null };
    case 'ask_safe':
      return askSafeContent(dialog, columns, theme);
    case 'offer':
      return offerContent(dialog, theme);
    case 'set_up':
      return setUpContent(dialog.setUp, columns, theme);
    default:
      return unreachable(dialog);
  }
}

function plain(lines: readonly string[]): readonly Paragraph[] {
  return lines.map((text) => ({ text, tone: 'plain' }));
}

const seenAgain = 3;

/** Of a name that is too long to be visible as a whole, returns the last characters that were typed and the next ones. */
function stillToType(wanted: string, typed: string, columns: number, theme: Theme): string {
  const at = wanted.startsWith(typed) ? typed.length - seenAgain : 0;
  const text = at <= 0 || wanted.length <= columns ? wanted : glyphsOf(theme).ellipsis + wanted.slice(at);
  return cutText(text, columns, theme).text;
}

function prompt({ expected, typed, after = 0 }: Extract<Dialog, { kind: 'confirm' }>, columns: number, theme: Theme): Asked {
  const yesNo: Line = [piece('y', 'key', theme), piece(' yes   ', 'plain', theme), piece('n', 'key', theme), piece(' no', 'plain', theme)];
  if (expected === null) return { line: yesNo, cursor: null };
  const name = stillToType(expected, typed, Math.max(1, Math.floor(columns / 3)), theme);
  return typedLine(
    [piece('Type ', 'plain', theme), piece(name, 'key', theme), piece(': ', 'plain', theme)],
    { text: typed, after },
    columns,
    theme,
  );
}
