import { limits } from '../limits.ts';

/**
 * Whether a modification time is the one that a file was given. Filesystems keep times in steps, from 100 ns (NTFS, SMB) to two seconds
 * (FAT): a time that lies on a coarse step may have been rounded to it, and any other time may not.
 *
 * @param found what the filesystem says, nanoseconds since the epoch, decimal
 * @param given nanoseconds since the epoch, decimal
 */
export function isSameTime(found: string, given: string): boolean {
  const at = BigInt(found);
  const off = at < BigInt(given) ? BigInt(given) - at : at - BigInt(given);
  const step = limits.timeStepsNs.find((each) => at % each === 0n) ?? 0n;
  return off < step || off <= limits.setTimeErrorNs;
}
