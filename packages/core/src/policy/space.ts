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
