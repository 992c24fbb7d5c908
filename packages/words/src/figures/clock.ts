const two = (figure: number): string => String(figure).padStart(2, '0');

function dateOf(at: number | string): Date | null {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Returns the local time: `14:02:31`. @param at milliseconds since the epoch, or RFC 3339 */
export function clockText(at: number | string): string {
  const date = dateOf(at);
  return date === null ? '--:--:--' : `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Returns `14:02` for the same day, else `11-23`: at most five columns. */
export function shortTime(at: number | string, now: number): string {
  const date = dateOf(at);
  if (date === null) return '-';
  return dayText(at) === dayText(now)
    ? `${two(date.getHours())}:${two(date.getMinutes())}`
    : `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Returns the local date and time: `2026-11-23 14:02:31`. */
export function momentText(at: number | string): string {
  return dateOf(at) === null ? '-' : `${dayText(at)} ${clockText(at)}`;
}

/** Returns the local date: `2026-11-23`. */
export function dayText(at: number | string): string {
  const date = dateOf(at);
  return date === null ? '-' : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Returns milliseconds since the epoch; NaN if the text is not a time. */
export function timeOf(at: string): number {
  return Date.parse(at);
}
