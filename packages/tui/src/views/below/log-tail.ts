import type { LogNote } from '@sluice/control';
import { clockText } from '@sluice/words';
import type { Model } from '../../model/model.ts';
import { shownFrame } from '../../model/shown.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { fitted, type Line, piece } from '../../picture/pieces/pieces.ts';
import { cutSentence } from '../../picture/text/cut-text.ts';

const levelTones: Readonly<Record<LogNote['level'], Tone>> = { info: 'dim', warn: 'warn', error: 'bad' };

/** Returns the newest sentences, the newest last, in exactly `height` lines: `14:02:23 warn  ingest unreachable (EIO)`. */
export function logLines(model: Model, height: number, theme: Theme): readonly Line[] {
  const isMany = (shownFrame(model)?.routes.length ?? 0) > 1;
  const notes = newest(model, height);
  return Array.from({ length: Math.max(0, height) }, (_, index) => {
    const note = notes[index];
    return note === undefined ? [] : noteLine(note, isMany, model.size.columns, theme);
  });
}

/** A frozen picture shows the log up to its moment. */
function newest({ log, frozen }: Model, limit: number): readonly LogNote[] {
  if (frozen === null) return log.slice(-Math.max(1, limit));
  const notes: LogNote[] = [];
  for (let index = log.length - 1; index >= 0 && notes.length < limit; index -= 1) {
    const note = log[index];
    if (note !== undefined && note.at <= frozen.at) notes.push(note);
  }
  return notes.toReversed();
}

function noteLine({ at, level, route, text }: LogNote, isMany: boolean, columns: number, theme: Theme): Line {
  const start = [piece(`${clockText(at)} `, 'dim', theme), piece(level.padEnd(6), levelTones[level] ?? 'plain', theme)];
  const room = columns - 15;
  const named = isMany ? `${route}: ` : '';
  return [...start, fitted(named + cutSentence(text, room - named.length, theme), room, 'plain', theme)];
}
