import type { FileJson, OutageJson } from '@sluice/control';
import { unreachable } from '@sluice/core/model';
import { countText, elapsedText, momentText, shortTime, sizeShort, timeOf } from '@sluice/words';
import { firstLine, type HistoryLine, isSearched, lineOf, shownHistory } from '../../history/rows.ts';
import { limits } from '../../limits.ts';
import { historyLayout } from '../../model/layout.ts';
import { historyRanges, type Model } from '../../model/model.ts';
import { glyphsOf } from '../../picture/glyphs.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { blank, filled, fitted, type Line, type Piece, piece, spread, widthOf } from '../../picture/pieces/pieces.ts';
import { firstFitting } from '../../picture/text/cut-text.ts';
import { fileWords } from '../words/file-words.ts';
import { dayBars, daysOf, daysOfSums, daysText } from './history-days.ts';

/** The visible part of the history. */
export interface HistoryWindow {
  /** Exactly the lines that are drawn. */
  readonly lines: readonly HistoryLine[];
  /** The number of the first of them among all lines. */
  readonly first: number;
  readonly total: number;
  /** Rows of the history above them. */
  readonly at: number;
}

/** Returns the lines that are visible in a history of this height. The selected line is always among them. */
export function historyWindow(model: Model, height: number): HistoryWindow {
  const layout = historyLayout(height);
  const { lines } = shownHistory(model);
  const { top, selected } = model.history;
  const first = firstLine(top, lineOf(lines, selected), lines.length, layout.lines);
  return { lines: lines.slice(first, first + layout.lines), first, total: lines.length, at: 1 + layout.bars };
}

/** Returns bars of days, then outages, then files, newest first, in exactly `height` lines. */
export function historyLines(model: Model, height: number, theme: Theme): readonly Line[] {
  if (height < 1) return [];
  const { columns } = model.size;
  const { files, outages } = shownHistory(model);
  const { sums } = model.history;
  const isSummed = sums !== null && isSearched(model);
  const days = isSummed ? daysOfSums(sums, outages, model.now) : daysOf(files, outages, model.now);
  const { bars } = historyLayout(height);
  const shown = historyWindow(model, height);
  const drawn = [
    rangeLine(model, summaryOf(model, daysText(isSummed ? sums : days, outages.length)), columns, theme),
    ...(bars === 0 ? [] : dayBars(days, columns, bars, theme)),
    ...shown.lines.map((line) => lineText(line, model, theme)),
  ];
  return Array.from({ length: height }, (_, index) => drawn[index] ?? []);
}

interface Summary {
  readonly text: string;
  readonly tone: Tone;
}

/**
 * The remark that there is more comes first, so that it is never cut: a search in a part, or a sum of a part, must not look
 * complete.
 */
function summaryOf(model: Model, days: string): Summary {
  const { history, filter } = model;
  if (history.isLoading && history.files.length === 0) return { text: 'loading', tone: 'plain' };
  const newest = `the newest ${countText(history.files.length)}`;
  if (!isSearched(model)) {
    const isUnderWay = history.trouble === null && (history.isLoading || filter.text !== history.askedFilter);
    return isUnderWay ? { text: 'searching the journal', tone: 'busy' } : { text: `only ${newest} are searched  ${days}`, tone: 'bad' };
  }
  if (!history.hasMore) return { text: days, tone: 'plain' };
  return history.sums === null
    ? { text: `${newest} only  ${days}`, tone: 'bad' }
    : { text: `${days}  ${newest} are listed`, tone: 'plain' };
}

function rangeLine({ history: { range } }: Model, { text, tone }: Summary, columns: number, theme: Theme): Line {
  const pieces: Piece[] = [blank(1)];
  for (const each of historyRanges)
    pieces.push(piece(each === range ? `[${each}]` : each, each === range ? 'title' : 'dim', theme), blank(1));
  const room = columns - widthOf(pieces) - 2;
  const said = fitted(text, Math.max(0, room), tone, theme, { align: 'right' });
  return spread(pieces, [said, blank(1)], columns, theme);
}

function lineText(line: HistoryLine, model: Model, theme: Theme): Line {
  const { columns } = model.size;
  switch (line.kind) {
    case 'title':
      return [piece(` ${line.text}`, 'title', theme)];
    case 'note':
      return line.text === '' ? [] : [fitted(` ${line.text}`, columns, 'dim', theme)];
    case 'outage':
      return chosen(outageLine(line.outage, model.now, columns - 1, theme), line.id === model.history.selected, columns, theme);
    case 'file':
      return chosen(fileLine(line.file, model, columns - 1, theme), line.id === model.history.selected, columns, theme);
    default:
      return unreachable(line);
  }
}

/** The selected row has a mark, too. */
function chosen(line: Line, isSelected: boolean, columns: number, theme: Theme): Line {
  if (!isSelected) return [blank(1), ...line];
  const tone: Tone = 'selected';
  return filled([piece('>', tone, theme), ...line.map((each) => ({ ...each, tone }))], columns, theme, tone);
}

/** Returns `x 2026-11-23 13:49:51  00:12:41  ingest: no answer`. */
function outageLine({ route, since, until, operator }: OutageJson, now: number, columns: number, theme: Theme): Line {
  const lasted = elapsedText((until === null ? now : timeOf(until)) - timeOf(since));
  const start = piece(
    `x ${columns >= 59 ? momentText(since) : shortTime(since, now)}  ${lasted}${until === null ? '+' : ' '} `,
    'bad',
    theme,
  );
  return [start, fitted(`${route}: ${operator}`, Math.max(0, columns - start.width), 'plain', theme)];
}

function fileLine(file: FileJson, model: Model, columns: number, theme: Theme): Line {
  const { brief, tone } = fileWords({ file });
  const at = file.endedAt ?? file.discoveredAt;
  const start = piece(`${columns >= 59 ? momentText(at) : shortTime(at, model.now)} `, 'dim', theme);
  const size = piece(sizeShort(file.sizeBytes).padStart(6), 'plain', theme);
  const room = Math.max(0, columns - start.width - size.width - 2);
  const briefColumns = Math.min(limits.briefColumns, Math.floor(room / 2));
  const name = firstFitting(nameTexts(file, model, theme), room - briefColumns, theme);
  return [
    start,
    fitted(name, room - briefColumns, 'plain', theme, { keep: 'ends' }),
    blank(1),
    fitted(brief, briefColumns, tone, theme),
    size,
  ];
}

/** Returns names: a failed file names its recovery, and a recovery its original. The longest text comes first. */
function nameTexts(file: FileJson, { history }: Model, theme: Theme): readonly string[] {
  const { destination, recoveredBy, recoveryOf } = file;
  const other = (id: string | null): FileJson | undefined => (id === null ? undefined : history.files.find((each) => each.id === id));
  const after = other(recoveredBy);
  if (after !== undefined)
    return [`${destination} (again as ${after.destination})`, `${destination} ${glyphsOf(theme).arrow} ${after.destination}`, destination];
  if (recoveryOf === null) return [destination];
  const before = other(recoveryOf);
  return [...(before === undefined ? [] : [`\`-${destination} (of ${before.destination})`]), `\`-${destination}`];
}
