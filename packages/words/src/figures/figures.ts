const units = ['B', 'K', 'M', 'G', 'T', 'P'] as const;

interface Scaled {
  readonly value: number;
  readonly unit: (typeof units)[number];
}

/** Scales by powers of 1000. */
function scaled(bytes: number): Scaled {
  let value = sane(bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return { value, unit: units[unit] ?? 'B' };
}

/** Returns 0 for a value that is not a positive number, and the largest safe integer for a larger one: a screen never shows `NaN`. */
function sane(figure: number): number {
  return figure > 0 ? Math.min(figure, Number.MAX_SAFE_INTEGER) : 0;
}

/** Returns a size in at most five columns: `48.2G`, `812B`. */
export function sizeShort(bytes: number): string {
  const { value, unit } = scaled(bytes);
  return `${value.toFixed(unit === 'B' || value >= 99.95 ? 0 : 1)}${unit}`;
}

/** Returns a size with three significant digits: `1.42 TB`. */
export function sizeLong(bytes: number): string {
  const { value, unit } = scaled(bytes);
  const digits = unit === 'B' || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit === 'B' ? 'B' : `${unit}B`}`;
}

/** Returns two sizes with enough digits to distinguish them: `1.999 GB` and `2.000 GB`. */
export function sizesApart(one: number, other: number): readonly [string, string] {
  const usual = [sizeLong(one), sizeLong(other)] as const;
  if (one === other || usual[0] !== usual[1]) return usual;
  const { unit } = scaled(Math.max(one, other));
  const factor = 1000 ** units.indexOf(unit);
  const written = (bytes: number, digits: number): string => `${(bytes / factor).toFixed(digits)} ${unit === 'B' ? 'B' : `${unit}B`}`;
  const enough = [3, 4, 5, 6, 9].find((digits) => written(one, digits) !== written(other, digits)) ?? 12;
  return [written(one, enough), written(other, enough)];
}

/** Returns a size in few digits, for a value that changes all the time: `12 MB`, `1.2 MB`. */
export function sizeRough(bytes: number): string {
  const { value, unit } = scaled(bytes);
  return `${value.toFixed(unit === 'B' || value >= 9.95 ? 0 : 1)} ${unit === 'B' ? 'B' : `${unit}B`}`;
}

/** Returns a rate in MB per second; `-` while nothing moves. */
export function rateShort(bytesPerSecond: number): string {
  const rate = Math.min(sane(bytesPerSecond) / 1e6, 99_999);
  if (rate < 0.05) return '-';
  return rate >= 9.95 ? rate.toFixed(0) : rate.toFixed(1);
}

/** Returns a count with separators: `98,412`. */
export function countText(count: number): string {
  return sane(count)
    .toFixed(0)
    .replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Returns a percentage, rounded down: `45%`. @param percent 0 to 100 */
export function percentText(percent: number): string {
  return `${Math.floor(Math.min(sane(percent), 100))}%`;
}

const two = (figure: number): string => String(Math.floor(figure)).padStart(2, '0');

/** Returns how long something has lasted: `00:12:41`, `4d03h`. */
export function elapsedText(ms: number): string {
  const seconds = Math.floor(sane(ms) / 1000);
  if (seconds >= 360_000) return daysText(seconds);
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Returns how long the agent has run: `3d04h`, `4h05m`, `12m`. */
export function uptimeText(ms: number): string {
  const seconds = Math.floor(sane(ms) / 1000);
  if (seconds >= 86_400) return daysText(seconds);
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)}h${two((seconds / 60) % 60)}m`;
  return `${Math.floor(seconds / 60)}m`;
}

/** Returns roughly how long it takes until something happens: `2h10`, `12 min`, `9 s`. */
export function untilText(ms: number): string {
  const seconds = Math.ceil(sane(ms) / 1000);
  if (seconds >= 86_400) return daysText(seconds);
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)}h${two((seconds / 60) % 60)}`;
  return seconds >= 60 ? `${Math.floor(seconds / 60)} min` : `${seconds} s`;
}

/**
 * Returns the time that is left: `0:33`, `59:59`, `2h10`, `4d03h`; `-` if it is not known. Never `0:00`, because the copy has not
 * ended yet.
 */
export function etaText(ms: number | null): string {
  if (ms === null || !(ms >= 0) || ms === Number.POSITIVE_INFINITY) return '-';
  const seconds = Math.max(1, Math.ceil(sane(ms) / 1000));
  if (seconds >= 8_640_000) return '>99d';
  if (seconds >= 86_400) return daysText(seconds);
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)}h${two((seconds / 60) % 60)}`;
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

function daysText(seconds: number): string {
  return `${Math.floor(seconds / 86_400)}d${two((seconds / 3600) % 24)}h`;
}

const wholeUnits = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Returns a size with three significant digits, in powers of 1000: `48.2 GB`. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < wholeUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${wholeUnits[unit]}`;
}
