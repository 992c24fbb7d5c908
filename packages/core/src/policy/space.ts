import { limits } from '../model/limits.ts';
import type { DiskSpace, SpaceLevel } from '../model/probe.ts';
import type { DiskAmount, SpaceSettings } from '../model/settings.ts';

/** @returns bytes, or null for a share of a disk whose size is not known. */
export function amountBytes(amount: DiskAmount, totalBytes: number | null): number | null {
  if ('bytes' in amount) return amount.bytes;
  return totalBytes === null ? null : Math.ceil(amount.share * totalBytes);
}

/**
 * Returns whether a file fits, in addition to the bytes reserved for running copies and the space to keep free. If the space is
 * not known, the file counts as fitting: the copy itself will show.
 */
export function fits(neededBytes: number, reservedBytes: number, space: DiskSpace, settings: SpaceSettings): boolean {
  if (space.freeBytes === null) return true;
  const keep = amountBytes(settings.keepFree, space.totalBytes) ?? 0;
  return space.freeBytes - reservedBytes - keep >= neededBytes;
}

/** Returns how full a destination is, for the screen. */
export function spaceLevel(space: DiskSpace, isFull: boolean, settings: SpaceSettings): SpaceLevel {
  if (isFull) return 'full';
  if (space.freeBytes === null) return 'unknown';
  if (space.freeBytes <= (amountBytes(settings.keepFree, space.totalBytes) ?? 0)) return 'full';
  return space.freeBytes < (amountBytes(settings.warnBelow, space.totalBytes) ?? 0) ? 'warn' : 'ok';
}

/** The free space at one moment. Monotonic milliseconds. */
interface FreeSample {
  readonly at: number;
  readonly freeBytes: number;
  /** By how many bytes the files of all sources have grown since the agent started. */
  readonly grownBytes: number;
}

/** How fast a source's disk fills, from the free space that it reports. */
export interface Filling extends FreeSample {
  /** Samples of the last minutes, the oldest first; this one included. */
  readonly samples: readonly FreeSample[];
}

/**
 * Adds a sample of the source's free space. Samples count if they are 5 s apart. If space was freed, the series starts again.
 *
 * @param grownBytes growth of all sources, since several may be on this disk
 */
export function observeFree(before: Filling | null, freeBytes: number | null, grownBytes: number, at: number): Filling | null {
  if (freeBytes === null) return null;
  const sample = { at, freeBytes, grownBytes };
  if (before === null || freeBytes > (before.samples[0]?.freeBytes ?? 0)) return { ...sample, samples: [sample] };
  if (at - before.at < limits.freeSampleEveryMs) return before;
  return { ...sample, samples: [...before.samples.filter((each) => at - each.at <= limits.freeWindowMs), sample] };
}

/**
 * Returns the milliseconds until the disk is full, at the average rate of the last minutes. Only the growth of the sources
 * counts: another copy job ends, and recorders continue. Null if the disk does not fill, or if that is not known.
 */
export function fullInMs(filling: Filling | null): number | null {
  const first = filling?.samples[0];
  if (filling === null || first === undefined || filling.at - first.at < limits.freeLeastMs) return null;
  const filled = Math.min(first.freeBytes - filling.freeBytes, filling.grownBytes - first.grownBytes);
  const bytesPerSecond = (filled / (filling.at - first.at)) * 1000;
  return bytesPerSecond < 1 ? null : Math.round((filling.freeBytes / bytesPerSecond) * 1000);
}
