import type { LogNote } from '@sluice/control';
import type { Theme } from '../picture/picture.ts';
import { wrapText } from '../picture/text/wrap.ts';

/** Returns the number of columns for the time and the level. In a narrow terminal the level is only a mark. */
export function startColumns(columns: number): number {
  return columns >= longTimeColumns ? 27 : 12;
}

/** From this width on, lines show the date. */
export const longTimeColumns = 60;

/** The rows of one line of the log. */
export interface NoteRows {
  readonly note: LogNote;
  /** Its text, wrapped. */
  readonly texts: readonly string[];
}

/** The visible part of the log. */
export interface VisibleLog {
  /** The first of them may be visible only in part, because it is too long. */
  readonly rows: readonly NoteRows[];
  /** Indexes of the first and the last visible line, counted from 0. */
  readonly first: number;
  readonly last: number;
}

/** The area in which lines are drawn. */
export interface LogRoom {
  readonly columns: number;
  readonly height: number;
  /** Whether a line names its route. */
  readonly isMany: boolean;
}

/** Returns the lines that fit above and including this last line, and below it as many as there is room for. */
export function visibleLog(notes: readonly LogNote[], last: number, room: LogRoom, theme: Theme): VisibleLog {
  const end = Math.min(Math.max(0, last), notes.length - 1);
  const rows: NoteRows[] = [];
  let left = room.height;
  let first = end + 1;
  while (first > 0 && left > 0) {
    first -= 1;
    const wrapped = rowsOf(notes[first], room, theme);
    left -= wrapped.texts.length;
    rows.unshift(wrapped);
  }
  let bottom = end;
  while (bottom + 1 < notes.length && left > 0) {
    const wrapped = rowsOf(notes[bottom + 1], room, theme);
    if (wrapped.texts.length > left) break;
    left -= wrapped.texts.length;
    bottom += 1;
    rows.push(wrapped);
  }
  return { rows, first: Math.max(0, first), last: bottom };
}

function rowsOf(note: LogNote | undefined, { columns, isMany }: LogRoom, theme: Theme): NoteRows {
  if (note === undefined) throw new RangeError('there is no such line of the log');
  const text = isMany ? `${note.route}: ${note.text}` : note.text;
  return { note, texts: wrapText(text, Math.max(8, columns - startColumns(columns) - 1), theme) };
}
