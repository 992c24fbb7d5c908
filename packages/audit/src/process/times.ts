import { limits } from '../limits.ts';

/** Whether two modification times are the same, but for what storage rounds. @param a, b nanoseconds since the epoch, decimal */
export function isSameTime(a: string, b: string): boolean {
  const off = BigInt(a) - BigInt(b);
  return off <= limits.roundedTimeNs && off >= -limits.roundedTimeNs;
}
