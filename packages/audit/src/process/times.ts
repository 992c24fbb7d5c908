import { limits } from '../limits.ts';

/**
 * Returns whether a modification time is the one that a file was given. Filesystems keep times with a resolution from 100 ns
 * (NTFS, SMB) to two seconds (FAT). A time that is a multiple of a coarse resolution may have been rounded to it; any other time
 * was not.
 *
 * @param found the time from the filesystem, nanoseconds since the epoch, decimal
 * @param given nanoseconds since the epoch, decimal
 */
export function isSameTime(found: string, given: string): boolean {
  const at = BigInt(found);
  const off = at < BigInt(given) ? BigInt(given) - at : at - BigInt(given);
  const step = limits.timeStepsNs.find((each) => at % each === 0n) ?? 0n;
  return off < step || off <= limits.setTimeErrorNs;
}
