const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Parses `today`, `18:00`, `6h`, a date or RFC 3339. Local time, unless the text has a zone.
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch, or null if the text is none of these
 */
export function parseTime(text: string, now: number): number | null {
  if (text === 'today') return new Date(now).setHours(0, 0, 0, 0);
  const ago = /^(\d{1,9})(s|m|h|d|w)$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0);
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock !== null) return lastClock(Number(clock[1]), Number(clock[2]), now);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  // Date.parse reads a bare date as UTC. Here it is local time, like everything without a zone.
  const parsed = Date.parse(text.length === 10 ? `${text}T00:00` : text);
  return Number.isNaN(parsed) || !isDay(text.slice(0, 10)) ? null : parsed;
}

/** Returns whether a month has this day. `Date.parse` takes 30 February for 2 March. */
function isDay(date: string): boolean {
  const noon = new Date(`${date}T12:00Z`);
  return !Number.isNaN(noon.getTime()) && noon.toISOString().startsWith(date);
}

/** Returns the latest moment, not after now, at which a clock showed this time. */
function lastClock(hours: number, minutes: number, now: number): number {
  const today = new Date(now).setHours(hours, minutes, 0, 0);
  return today <= now ? today : new Date(today).setDate(new Date(today).getDate() - 1);
}
