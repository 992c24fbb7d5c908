import { limits } from '../model/limits.ts';
import type { DiskSpace, SpaceLevel } from '../model/probe.ts';
import type { DiskAmount, SpaceSettings } from '../model/settings.ts';

/** @returns bytes, or null for a share of a disk whose size is not known. */
export function amountBytes(amount: DiskAmount, totalBytes: number | null): number | null {
  if ('bytes' in amount) return amount.bytes;
  return totalBytes === null ? null : Math.ceil(amount.share * totalBytes);
}

/**
 * Whether a file fits in addition to what is promised to running copies and what is to stay free.
 * Unknown space does not refuse a copy: the copy itself will show.
 */
export function fits(neededBytes: number, reservedBytes: number, space: DiskSpace, settings: SpaceSettings): boolean {
  if (space.freeBytes === null) return true;
  const keep = amountBytes(settings.keepFree, space.totalBytes) ?? 0;
  return space.freeBytes - reservedBytes - keep >= neededBytes;
}

/** What the screen says of a destination's room. */
export function spaceLevel(space: DiskSpace, isFull: boolean, settings: SpaceSettings): SpaceLevel {
  if (isFull) return 'full';
  if (space.freeBytes === null) return 'unknown';
  if (space.freeBytes <= (amountBytes(settings.keepFree, space.totalBytes) ?? 0)) return 'full';
  return space.freeBytes < (amountBytes(settings.warnBelow, space.totalBytes) ?? 0) ? 'warn' : 'ok';
}

/** What was known at one moment. Monotonic milliseconds. */
interface FreeSample {
  readonly at: number;
  readonly freeBytes: number;
  /** By how much the files of all sources have grown since the agent began. */
  readonly grownBytes: number;
}

/** How fast a source's disk fills, from what it said of its free space. */
export interface Filling extends FreeSample {
  /** Samples of the last minutes, the oldest first; this one included. */
  readonly samples: readonly FreeSample[];
}

/**
 * One more sample of the source's free space; samples count that are 5 s apart. Room that is made begins another time.
 *
 * @param grownBytes of all sources: several may lie on this disk
 */
export function observeFree(before: Filling | null, freeBytes: number | null, grownBytes: number, at: number): Filling | null {
  if (freeBytes === null) return null;
  const sample = { at, freeBytes, grownBytes };
  if (before === null || freeBytes > (before.samples[0]?.freeBytes ?? 0)) return { ...sample, samples: [sample] };
  if (at - before.at < limits.freeSampleEveryMs) return before;
  return { ...sample, samples: [...before.samples.filter((each) => at - each.at <= limits.freeWindowMs), sample] };
}

/**
 * Returns the milliseconds until nothing is free, at the average of the last minutes. Only what the sources grew by counts: a copy job
 * next to them ends, and recorders go on. Null where the disk does not fill, or that is not known.
 */
export function fullInMs(filling: Filling | null): number | null {
  const first = filling?.samples[0];
  if (filling === null || first === undefined || filling.at - first.at < limits.freeLeastMs) return null;
  const filled = Math.min(first.freeBytes - filling.freeBytes, filling.grownBytes - first.grownBytes);
  const bytesPerSecond = (filled / (filling.at - first.at)) * 1000;
  return bytesPerSecond < 1 ? null : Math.round((filling.freeBytes / bytesPerSecond) * 1000);
}
