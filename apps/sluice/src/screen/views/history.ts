import type { FileJson, OutageJson } from '@sluice/agent';
import type { History, Model } from '../model.ts';
import { momentText, shortTime, timeOf } from './clock.ts';
import { elapsedText, sizeShort } from './figures.ts';
import { fileWords } from './file-words.ts';
import { dayBars, daysOf, daysText } from './history-days.ts';
import { filterFiles, filterOutages } from './history-filter.ts';
import type { Look } from './picture.ts';
import { blank, fitted, type Line, type Piece, piece, spread, widthOf } from './pieces.ts';
import { type LazyLine, scrolled, scrollText } from './scrolled.ts';

const ranges: readonly History['range'][] = ['24h', '7d', '30d', 'all'];

/** Bars of days, then outages, then files, the newest first; exactly `height` lines. */
export function historyLines(model: Model, height: number, look: Look): readonly Line[] {
  if (height < 1) return [];
  const { columns } = model.size;
  const { history, now } = model;
  const files = filterFiles(history.files, model.filter.text);
  const outages = filterOutages(history.outages, model.filter.text);
  const days = daysOf(files, outages, now);
  const bars = height >= 14 ? dayBars(days, columns, height >= 24 ? 6 : 4, look) : [];
  const body = [...outageSection(outages, model, look), ...fileSection(files, model, look)];
  const shown = scrolled(body, history.scroll, height - 1 - bars.length);
  const told = history.isLoading ? 'asking for it' : [daysText(days), scrollText(shown)].filter((text) => text !== '').join('  ');
  return [rangeLine(history.range, told, columns, look), ...bars, ...shown.lines].slice(0, height);
}

function rangeLine(range: History['range'], told: string, columns: number, look: Look): Line {
  const pieces: Piece[] = [blank(1)];
  for (const each of ranges) pieces.push(piece(each === range ? `[${each}]` : each, each === range ? 'title' : 'dim', look), blank(1));
  const room = columns - widthOf(pieces) - 2;
  const said = fitted(told, Math.max(0, room), 'plain', look, { align: 'right' });
  return spread(pieces, [said, blank(1)], columns, look);
}

function outageSection(outages: readonly OutageJson[], model: Model, look: Look): readonly LazyLine[] {
  if (outages.length === 0) return [];
  const { columns } = model.size;
  return [
    (): Line => [piece(' OUTAGES', 'title', look)],
    ...outages.map((outage) => () => outageLine(outage, model.now, columns, look)),
    (): Line => [],
  ];
}

/** ` 2026-11-23 13:49:51  00:12:41  ingest  no answer` */
function outageLine({ route, since, until, operator }: OutageJson, now: number, columns: number, look: Look): Line {
  const lasted = elapsedText((until === null ? now : timeOf(until)) - timeOf(since));
  const start = piece(
    ` x ${columns >= 60 ? momentText(since) : shortTime(since, now)}  ${lasted}${until === null ? '+' : ' '} `,
    'bad',
    look,
  );
  return [start, fitted(`${route}: ${operator}`, Math.max(0, columns - start.width), 'plain', look)];
}

function fileSection(files: readonly FileJson[], model: Model, look: Look): readonly LazyLine[] {
  const none = model.history.isLoading ? ' asking for it' : ' no files ended in this time';
  if (files.length === 0) return [(): Line => [piece(none, 'dim', look)]];
  const { columns } = model.size;
  return [(): Line => [piece(' FILES', 'title', look)], ...files.map((file) => () => fileLine(file, model.now, columns, look))];
}

function fileLine(file: FileJson, now: number, columns: number, look: Look): Line {
  const { brief, tone } = fileWords({ file });
  const at = file.endedAt ?? file.discoveredAt;
  const start = piece(` ${columns >= 60 ? momentText(at) : shortTime(at, now)} `, 'dim', look);
  const size = piece(sizeShort(file.sizeBytes).padStart(6), 'plain', look);
  const room = Math.max(0, columns - start.width - size.width - 2);
  const told = Math.min(30, Math.floor(room / 2));
  return [start, fitted(file.destination, room - told, 'plain', look, { keep: 'ends' }), blank(1), fitted(brief, told, tone, look), size];
}
