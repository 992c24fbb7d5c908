import type { DiskAmount } from '@sluice/core/model';

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const sizeUnits: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  TB: 1000 ** 4,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/**
 * @param text `500ms`, `10s`, `1.5m`, `2h`, `7d`; `0` needs no unit
 * @returns milliseconds, or null if it is not a duration
 */
export function parseDuration(text: string): number | null {
  return parseAmount(text, durationUnits);
}

/**
 * @param text `512KB`, `10MB`, `2GB` (powers of 1000), `KiB MiB GiB` (powers of 1024); `0` needs no unit
 * @returns bytes, or null if it is not a size
 */
export function parseSize(text: string): number | null {
  return parseAmount(text, sizeUnits);
}

/**
 * @param text a share of a disk, `5%`
 * @returns 0 to 1, or null if it is not a share
 */
export function parseShare(text: string): number | null {
  const match = /^(\d{1,3}(?:\.\d{1,3})?)%$/.exec(text);
  if (match === null) return null;
  const share = Number(match[1]) / 100;
  return share <= 1 ? share : null;
}

/** @returns a size or a share, or null if it is neither */
export function parseDiskAmount(text: string): DiskAmount | null {
  const share = parseShare(text);
  if (share !== null) return { share };
  const bytes = parseSize(text);
  return bytes === null ? null : { bytes };
}

/** Returns what the person most likely meant, with the unit corrected, or null. */
export function suggestUnit(text: string, units: 'duration' | 'size'): string | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$/.exec(text);
  if (match === null) return null;
  const unit = nearestUnit(match[2] ?? '', units);
  return unit === null ? null : `${match[1]}${unit}`;
}

const spokenDurations: readonly (readonly [RegExp, string])[] = [
  [/^(ms|msecs?|millis|milliseconds?)$/, 'ms'],
  [/^(s|secs?|seconds?)$/, 's'],
  [/^(m|mins?|minutes?)$/, 'm'],
  [/^(h|hrs?|hours?)$/, 'h'],
  [/^(d|days?)$/, 'd'],
];

function nearestUnit(given: string, units: 'duration' | 'size'): string | null {
  const lower = given.toLowerCase();
  if (units === 'duration') return spokenDurations.find(([spoken]) => spoken.test(lower))?.[1] ?? null;
  const full = /^[kmgt]i?$/.test(lower) ? `${lower}b` : lower;
  return Object.keys(sizeUnits).find((unit) => unit.toLowerCase() === full) ?? null;
}

function parseAmount(text: string, units: Readonly<Record<string, number>>): number | null {
  if (text === '0') return 0;
  const match = /^(\d{1,15}(?:\.\d{1,6})?)([A-Za-z]{1,3})$/.exec(text);
  if (match === null) return null;
  const factor = Object.hasOwn(units, match[2] ?? '') ? units[match[2] ?? ''] : undefined;
  if (factor === undefined) return null;
  const amount = Math.round(Number(match[1]) * factor);
  return Number.isSafeInteger(amount) ? amount : null;
}
