import type { LogNote } from '@sluice/control';
import { clockText, countText, momentText } from '@sluice/words';
import { hasManyRoutes } from '../../log/log.ts';
import { longTimeColumns, type NoteRows, startColumns, type VisibleLog, visibleLog } from '../../log/visible.ts';
import type { LogDialog } from '../../model/dialogs.ts';
import type { Model } from '../../model/model.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { blank, fitted, type Line, piece } from '../../picture/pieces/pieces.ts';
import { titleLine, type ViewTitle } from './titled.ts';

/** The tones of the levels of a line of the log. */
export const levelTones: Readonly<Record<LogNote['level'], Tone>> = { info: 'dim', warn: 'warn', error: 'bad' };

/** Returns lines of the log, the newest last, in exactly `height` lines. */
export function logViewLines(model: Model, log: LogDialog, height: number, theme: Theme): readonly Line[] {
  if (height < 1) return [];
  const { columns } = model.size;
  const shown = visibleOf(model, log, height - 1, theme);
  const drawn = shown.rows.flatMap((rows) => noteLines(rows, columns, theme));
  // If the first line is too long to fit, only its end is visible.
  const lines = drawn.slice(Math.max(0, drawn.length - (height - 1)));
  const rows = Array.from({ length: height - 1 }, (_, index): Line => lines[index] ?? []);
  return [titleLine(titleOf(model, log, shown), placeText(log, shown), columns, theme), ...rows];
}

/** Returns the log with `last` set to the last line that is visible in a view of this height. */
export function withinLog(model: Model, log: LogDialog, height: number, theme: Theme): LogDialog {
  const { last } = visibleOf(model, log, height, theme);
  return log.notes.length === 0 || last === log.last ? log : { ...log, last };
}

function visibleOf(model: Model, { notes, last }: LogDialog, height: number, theme: Theme): VisibleLog {
  return visibleLog(notes, last, { columns: model.size.columns, height, isMany: hasManyRoutes(model) }, theme);
}

function titleOf({ link }: Model, { notes, asked, trouble, older, newer, last }: LogDialog, { first }: VisibleLog): ViewTitle {
  const title = (text: string, tone: Tone): ViewTitle => ({ name: 'LOG', text, tone });
  if (trouble !== null) return title(`cannot be read: ${trouble}`, 'bad');
  if (asked !== null && (notes.length === 0 || asked.before === null)) return title('loading', 'busy');
  if (notes.length === 0) return title('nothing has happened yet', 'plain');
  if (asked !== null && first === 0) return title('loading older lines', 'busy');
  if (newer === null && last >= notes.length - 1)
    return title(link.kind === 'connected' ? 'the newest lines; new ones appear' : 'the newest lines', 'plain');
  return older === null && first === 0 ? title('the oldest lines', 'plain') : title('older lines', 'plain');
}

/** Returns the position text: the visible lines, and how many newer lines follow, if that is known. */
function placeText({ notes, newer }: LogDialog, { last }: VisibleLog): string {
  const below = notes.length - 1 - last;
  if (newer !== null) return 'more below';
  return below <= 0 ? '' : `${countText(below)} below`;
}

function noteLines({ note, texts }: NoteRows, columns: number, theme: Theme): readonly Line[] {
  const { at, level } = note;
  const tone = levelTones[level] ?? 'plain';
  const start: Line =
    columns >= longTimeColumns
      ? [blank(1), fitted(momentText(at), 20, 'dim', theme), fitted(level, 6, tone, theme)]
      : [blank(1), fitted(clockText(at), 9, 'dim', theme), fitted(marks[level] ?? '', 2, tone, theme)];
  return texts.map((text, index): Line => [...(index === 0 ? start : [blank(startColumns(columns))]), piece(text, 'plain', theme)]);
}

const marks: Readonly<Record<LogNote['level'], string>> = { info: '', warn: '!', error: 'x' };
