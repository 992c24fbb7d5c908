import type { RateRow, RouteSettings, Weekday } from '../model/settings.ts';
import { weekdays } from '../model/settings.ts';

/** In milliseconds. */
const oneMinute = 60_000;
/** Rows repeat every week. */
const oneWeek = 7 * 1_440 * oneMinute;

/** A moment as the clock on the wall shows it. */
export interface LocalTime {
  readonly day: Weekday;
  /** Minutes since midnight, 0 to 1439. */
  readonly minute: number;
}

type Limits = Pick<RouteSettings, 'maxRateBytesPerSecond' | 'rates'>;

/**
 * Returns the limit of a route at a moment, in bytes per second; null if there is none. The first row that applies counts, else
 * `max_rate`. Rows follow the local clock: times that the clock skips when summer time begins do not happen on that day, and times
 * that it shows twice when summer time ends happen twice.
 */
export function rateAt({ maxRateBytesPerSecond, rates }: Limits, time: LocalTime): number | null {
  const row = rates.find((each) => applies(each, time));
  return row === undefined ? maxRateBytesPerSecond : row.bytesPerSecond;
}

/** A row belongs to the day on which it begins: after midnight, that is the day before. */
function applies({ days, fromMinute, toMinute }: RateRow, { day, minute }: LocalTime): boolean {
  if (fromMinute < toMinute) return days.includes(day) && minute >= fromMinute && minute < toMinute;
  if (minute >= fromMinute) return days.includes(day);
  return minute < toMinute && days.includes(dayAt(weekdays.indexOf(day) + 6));
}

/**
 * Returns when the limit changes next, in milliseconds since the epoch. Null: it stays as it is.
 * @param localTimeOf returns what the clock shows at a moment
 */
export function rateChangeAfter(limits: Limits, wall: number, localTimeOf: (wall: number) => LocalTime): number | null {
  if (limits.rates.length === 0) return null;
  const now = rateAt(limits, localTimeOf(wall));
  // Minute by minute, because the clock may be changed in between.
  const first = (Math.floor(wall / oneMinute) + 1) * oneMinute;
  for (let moment = first; moment <= first + oneWeek; moment += oneMinute) {
    if (rateAt(limits, localTimeOf(moment)) !== now) return moment;
  }
  return null;
}

function dayAt(index: number): Weekday {
  return weekdays[index % weekdays.length] ?? 'mon';
}
