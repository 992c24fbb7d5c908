import type { FileJson, OutageJson } from '@sluice/control';
import { isCopied } from '@sluice/core/model';
import { countText, dayText, sizeShort, timeOf } from '@sluice/words';
import { limits } from '../../limits.ts';
import type { PastSum } from '../../model/model.ts';
import type { Theme } from '../../picture/picture.ts';
import { blank, fitted, type Line, piece } from '../../picture/pieces/pieces.ts';
import { barRows } from '../above/throughput.ts';

/** A local day of the history. */
export interface Day {
  /** `2026-11-23`. */
  readonly day: string;
  readonly files: number;
  readonly bytes: number;
  readonly outages: number;
}

const dayMs = 86_400_000;

interface Counted {
  readonly outages: readonly OutageJson[];
  readonly today: string;
  readonly days: readonly Day[];
}

/** A cache: the same files are counted for every picture, and there may be thousands. */
const counted = new WeakMap<readonly FileJson[], Counted>();

/** Returns the days from the first with a file or outage to today, empty ones too, the newest last. */
export function daysOf(files: readonly FileJson[], outages: readonly OutageJson[], moment: number): readonly Day[] {
  const today = dayText(moment);
  const known = counted.get(files);
  if (known?.today === today && known.outages === outages) return known.days;
  const days = count(files, outages, moment);
  counted.set(files, { outages, today, days });
  return days;
}

function count(files: readonly FileJson[], outages: readonly OutageJson[], moment: number, atLeast = moment): readonly Day[] {
  const byDay = new Map<string, { files: number; bytes: number; outages: number }>();
  const dayOf = createDayOf();
  const of = (at: string): { files: number; bytes: number; outages: number } => {
    const day = dayOf(timeOf(at));
    const known = byDay.get(day) ?? { files: 0, bytes: 0, outages: 0 };
    byDay.set(day, known);
    return known;
  };
  let first = Math.min(moment, atLeast);
  for (const { endedAt, status, sizeBytes, copied } of files) {
    if (endedAt === null || !isCopied(status)) continue;
    const day = of(endedAt);
    day.files += 1;
    day.bytes += copied === false ? 0 : sizeBytes;
    first = earlier(first, endedAt);
  }
  for (const { since } of outages) {
    of(since).outages += 1;
    first = earlier(first, since);
  }
  return daysBetween(first, moment).map((day) => ({ day, ...(byDay.get(day) ?? { files: 0, bytes: 0, outages: 0 }) }));
}

/**
 * Files that ended one after the other ended mostly on one day, which is computed once.
 * @returns a function from milliseconds since the epoch to the day
 */
function createDayOf(): (at: number) => string {
  let day = '';
  let from = Number.NaN;
  let to = Number.NaN;
  return (at) => {
    if (at >= from && at < to) return day;
    day = dayText(at);
    from = new Date(at).setHours(0, 0, 0, 0);
    to = new Date(at).setHours(24, 0, 0, 0);
    return day;
  };
}

function earlier(first: number, at: string): number {
  const time = timeOf(at);
  return time < first ? time : first;
}

/** Counts by noons, which no change of the clocks moves into another day. */
function daysBetween(first: number, last: number): readonly string[] {
  const noon = new Date(last).setHours(12, 0, 0, 0);
  if (Number.isNaN(noon)) return [];
  const days: string[] = [];
  for (let index = 0; index < limits.historyDays; index += 1) {
    const day = dayText(noon - index * dayMs);
    days.push(day);
    if (day <= dayText(first)) break;
  }
  return days.toReversed();
}

/** Returns the days from sums over everything that ended. A time before the first bar has none. */
export function daysOfSums(sums: readonly PastSum[], outages: readonly OutageJson[], moment: number): readonly Day[] {
  const byDay = new Map<string, { files: number; bytes: number }>();
  for (const { from, files, bytes } of sums) byDay.set(dayText(from), { files, bytes });
  const firstSum = sums.find(({ files }) => files > 0)?.from ?? moment;
  return count([], outages, moment, firstSum).map((day) => ({ ...day, ...byDay.get(day.day) }));
}

const labelColumns = 8;
const widestBar = 10;

/**
 * Draws a bar of the copied bytes for each day, with the days below, and an `x` below each day with an outage. Exactly `height`
 * lines, at least 3.
 */
export function dayBars(days: readonly Day[], columns: number, height: number, theme: Theme): readonly Line[] {
  const room = columns - labelColumns - 2;
  const width = Math.max(1, Math.min(widestBar, Math.floor(room / Math.max(1, days.length))));
  const shown = days.slice(-Math.max(1, Math.floor(room / width)));
  const highest = Math.max(0, ...shown.map(({ bytes }) => bytes));
  const bars = barRows(
    shown.map(({ bytes }) => bytes),
    highest,
    Math.max(1, height - 2),
    theme,
  );
  const drawn = bars.map(
    (row, index): Line => [
      fitted(index === 0 ? sizeShort(highest) : '', labelColumns - 1, 'dim', theme, { align: 'right' }),
      blank(1),
      piece(widened(row, width), 'busy', theme),
    ],
  );
  const troubles = shown.map(({ outages }) => (outages > 0 ? 'x' : ' ').padEnd(width)).join('');
  return [...drawn, [fitted('outages', labelColumns, 'dim', theme), piece(troubles, 'bad', theme)], labelLine(shown, width, theme)];
}

/** Returns a bar as wide as its day, with a gap if there is room for one. */
function widened(row: string, width: number): string {
  return Array.from(row, (cell) => (width < 3 ? cell.repeat(width) : `${cell.repeat(width - 1)} `)).join('');
}

function labelLine(days: readonly Day[], width: number, theme: Theme): Line {
  const name = ({ day }: Day): string => day.slice(5);
  if (width >= 6) return [blank(labelColumns), piece(days.map((day) => name(day).padEnd(width)).join(''), 'dim', theme)];
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const gap = Math.max(1, days.length * width - 10);
  return [blank(labelColumns), piece(first === last ? name(first) : `${name(first)}${' '.repeat(gap)}${name(last)}`, 'dim', theme)];
}

/** Returns `412 files copied, 3.2T, 2 outages`. */
export function daysText(copied: readonly Pick<Day, 'files' | 'bytes'>[], outages: number): string {
  const sum = (of: (day: Pick<Day, 'files' | 'bytes'>) => number): number => copied.reduce((all, day) => all + of(day), 0);
  const counted = (count: number, one: string): string => `${countText(count)} ${one}${count === 1 ? '' : 's'}`;
  return `${counted(
    sum(({ files }) => files),
    'file',
  )} copied, ${sizeShort(sum(({ bytes }) => bytes))}, ${counted(outages, 'outage')}`;
}
