import type { RateRow, RouteSettings, Weekday } from '../model/settings.ts';
import { weekdays } from '../model/settings.ts';

const minuteMs = 60_000;
/** Rows repeat every week. */
const weekMinutes = 7 * 1_440;

/** A moment as the clock on the wall shows it. */
export interface LocalTime {
  readonly day: Weekday;
  /** Minutes since midnight, 0 to 1439. */
  readonly minute: number;
}

type Limits = Pick<RouteSettings, 'maxRateBytesPerSecond' | 'rates'>;

/** Returns a moment in the time zone of this process. @param wall milliseconds since the epoch */
export function localTimeOf(wall: number): LocalTime {
  const date = new Date(wall);
  return { day: dayAt(date.getDay() + 6), minute: date.getHours() * 60 + date.getMinutes() };
}

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

/** Returns when the limit changes next, in milliseconds since the epoch. Null: it stays as it is. */
export function rateChangeAfter(limits: Limits, wall: number): number | null {
  if (limits.rates.length === 0) return null;
  const now = rateAt(limits, localTimeOf(wall));
  // Minute by minute, because the clock may be changed in between.
  const first = (Math.floor(wall / minuteMs) + 1) * minuteMs;
  for (let moment = first; moment <= first + weekMinutes * minuteMs; moment += minuteMs) {
    if (rateAt(limits, localTimeOf(moment)) !== now) return moment;
  }
  return null;
}

function dayAt(index: number): Weekday {
  return weekdays[index % weekdays.length] ?? 'mon';
}
