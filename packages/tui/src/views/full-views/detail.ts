import type { FileJson, ScreenRow, TimelineJson } from '@sluice/control';
import { clockText, momentText, stateWord, timelineText } from '@sluice/words';
import type { Dialog, FileStory, Model } from '../../model/model.ts';
import { momentOf, shownFrame } from '../../model/shown.ts';
import { glyphsOf } from '../../picture/glyphs.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { blank, fitted, type Line, piece, spread, widthOf } from '../../picture/pieces/pieces.ts';
import { type LazyLine, type Scrolled, scrolled, scrollText } from '../../picture/pieces/scrolled.ts';
import { aroundFile } from '../words/destination-words.ts';
import { type AroundFile, fileWords } from '../words/file-words.ts';
import { removedText, sourceFate } from '../words/removal-words.ts';
import { type Around, factLines } from './detail-facts.ts';

type Detail = Extract<Dialog, { kind: 'detail' }>;

/** Returns everything about one source file: this attempt, its lineage, its timeline. Exactly `height` lines. */
export function detailLines(model: Model, dialog: Detail, height: number, theme: Theme): readonly Line[] {
  if (height < 1) return [];
  const { columns } = model.size;
  const known = knownOf(model, dialog);
  if (known === null) return [titleLine('loading', 'dim', null, columns, theme), ...empty(height - 1)];
  const { file, row } = known;
  const body = scrolled(bodyOf(model, known, dialog.files !== null, theme), dialog.scroll, height - 1);
  const { mark, word, tone } = fileWords(row ?? { file });
  const fate = fateText(model, known);
  return [titleLine(`${file.source}  ${mark} ${word}${fate === null ? '' : `, ${fate}`}`, tone, body, columns, theme), ...body.lines];
}

/** Returns what happened to the source of a copied file: `source deleted 14:02`. Null: it stays. */
function fateText(model: Model, { file, row, stories }: Known): string | null {
  const removed = file.afterCopy === 'done' ? removedText(timelineIn(stories, file.id)) : null;
  return removed ?? sourceFate(file, row?.removal, momentOf(model))?.texts[0] ?? null;
}

function timelineIn(stories: readonly FileStory[], id: string): readonly TimelineJson[] {
  return stories.find(({ file }) => file.id === id)?.timeline ?? [];
}

/** Returns everything below the title. */
export function detailBody(model: Model, dialog: Detail, theme: Theme): readonly LazyLine[] {
  const known = knownOf(model, dialog);
  return known === null ? [] : bodyOf(model, known, dialog.files !== null, theme);
}

/** What is known about the requested file. `row`: its row in the window of the list. */
interface Known {
  readonly file: FileJson;
  readonly row: ScreenRow | undefined;
  readonly stories: readonly FileStory[];
}

function knownOf(model: Model, { id, files }: Detail): Known | null {
  const row = shownFrame(model)?.rows.rows.find(({ file }) => file.id === id);
  const ended = row?.file ?? model.history.files.find((file) => file.id === id);
  const stories = files ?? (ended === undefined ? [] : [{ file: ended, timeline: [] }]);
  const chosen = stories.find(({ file }) => file.id === id) ?? stories[0];
  // The row is newer than the requested file.
  return chosen === undefined ? null : { file: row?.file ?? chosen.file, row, stories };
}

function empty(height: number): readonly Line[] {
  return Array.from({ length: Math.max(0, height) }, (): Line => []);
}

function titleLine(text: string, tone: Tone, body: Scrolled | null, columns: number, theme: Theme): Line {
  const right = body === null ? [] : [piece(scrollText(body), 'dim', theme), blank(1)];
  return spread([blank(1), fitted(text, columns - widthOf(right) - 2, tone, theme, { keep: 'ends' })], right, columns, theme);
}

function bodyOf(model: Model, { file, row, stories }: Known, isLoaded: boolean, theme: Theme): readonly LazyLine[] {
  const { columns } = model.size;
  const route = shownFrame(model)?.routes.find(({ name }) => name === file.route);
  const facts = factLines(file, route, aroundOf(model, file, row, stories), columns, theme).map((line) => () => line);
  const title = (text: string): LazyLine[] => [() => [], () => [piece(` ${text}`, 'title', theme)]];
  const lineage =
    stories.length < 2
      ? []
      : [...title('LINEAGE'), ...stories.map((story) => () => attemptLine(story, file.id, aroundFile(model, file), columns, theme))];
  const timeline = isLoaded ? timelineOf(stories, file.id, columns, theme) : [(): Line => [piece(' loading', 'dim', theme)]];
  return [...facts, ...lineage, ...title('TIMELINE'), ...timeline];
}

/** The rows are newer than the requested files. */
function aroundOf(model: Model, file: FileJson, row: ScreenRow | undefined, stories: readonly FileStory[]): Around {
  const rows = shownFrame(model)?.rows.rows ?? [];
  const find = (id: string | null): FileJson | undefined =>
    id === null ? undefined : [...rows, ...stories].find((known) => known.file.id === id)?.file;
  return {
    row,
    before: find(file.recoveryOf),
    after: find(file.recoveredBy),
    timeline: timelineIn(stories, file.id),
    moment: momentOf(model),
  };
}

/** Returns an attempt of the lineage, and its result. */
function attemptLine({ file }: FileStory, id: string, around: AroundFile, columns: number, theme: Theme): Line {
  const { brief, tone } = fileWords({ file }, around);
  const start = piece(`${file.id === id ? ' > ' : '   '}${file.attempt} `, 'plain', theme);
  const room = Math.max(0, columns - start.width - 1);
  const name = Math.floor(room * 0.45);
  const recovers = file.recoveryOf === null ? '' : '`-';
  return [
    start,
    fitted(recovers + file.destination, name, 'plain', theme, { keep: 'ends' }),
    blank(1),
    fitted(brief, room - name, tone, theme),
  ];
}

/** Returns the timeline of the attempt itself first, then of the others. */
function timelineOf(stories: readonly FileStory[], id: string, columns: number, theme: Theme): readonly LazyLine[] {
  const own = stories.filter(({ file }) => file.id === id);
  const others = stories.filter(({ file }) => file.id !== id);
  return [...own, ...others].flatMap(({ file, timeline }, index) => [
    ...(index === 0 ? [] : [(): Line => [piece(` attempt ${file.attempt}, as `, 'dim', theme), piece(file.destination, 'dim', theme)]]),
    ...timeline.map((entry) => () => timelineLine(entry, columns, theme)),
  ]);
}

/** Returns ` 2026-11-23 13:49:51  COPYING -> FAILED  network interruption: code EIO`. */
export function timelineLine(entry: TimelineJson, columns: number, theme: Theme): Line {
  const { from, to, at } = entry;
  const time = columns >= 60 ? momentText(at) : clockText(at);
  const moved =
    to === null || (from !== null && stateWord(to) === stateWord(from))
      ? ''
      : `${from === null ? '' : `${stateWord(from)} ${glyphsOf(theme).arrow} `}${stateWord(to)}  `;
  const start = [piece(` ${time}  `, 'dim', theme), piece(moved, toneOf(entry), theme)];
  return [...start, fitted(timelineText(entry), Math.max(0, columns - widthOf(start)), 'plain', theme)];
}

function toneOf({ to }: TimelineJson): Tone {
  if (to === 'FAILED') return 'bad';
  return to === 'COMPLETED' ? 'good' : 'plain';
}
