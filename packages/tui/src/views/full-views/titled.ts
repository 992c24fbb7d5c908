import type { Theme, Tone } from '../../picture/picture.ts';
import { blank, fitted, type Line, piece, spread, widthOf } from '../../picture/pieces/pieces.ts';
import { type LazyLine, scrolled, scrollText } from '../../picture/pieces/scrolled.ts';
import { wrapText } from '../../picture/text/wrap.ts';

/** The title of a view: its name and its state. */
export interface ViewTitle {
  readonly name: string;
  readonly text: string;
  readonly tone: Tone;
}

/** Returns a title and the lines below it, in exactly `height` lines. At its right the title names the visible lines. */
export function titledLines(title: ViewTitle, body: readonly LazyLine[], scroll: number, room: ViewRoom, theme: Theme): readonly Line[] {
  const { columns, height } = room;
  if (height < 1) return [];
  const shown = scrolled(body, scroll, height - 1);
  return [titleLine(title, scrollText(shown), columns, theme), ...shown.lines];
}

/** The size of a view. */
export interface ViewRoom {
  readonly columns: number;
  readonly height: number;
}

/** Returns ` LOG  following                    1-20 of 45`. */
export function titleLine({ name, text, tone }: ViewTitle, right: string, columns: number, theme: Theme): Line {
  const start: Line = [blank(1), piece(name, 'title', theme), blank(2)];
  const end: Line = right === '' ? [] : [blank(1), piece(right, 'dim', theme), blank(1)];
  const room = Math.max(0, columns - widthOf(start) - widthOf(end));
  return spread([...start, fitted(text, room, tone, theme)], end, columns, theme);
}

/** Returns a text, wrapped and indented. */
export function paragraphLines(text: string, indentation: number, tone: Tone, columns: number, theme: Theme): readonly Line[] {
  const room = Math.max(8, columns - indentation - 1);
  return wrapText(text, room, theme).map((line): Line => [blank(indentation), piece(line, tone, theme)]);
}
