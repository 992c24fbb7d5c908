import { limits } from '../model/limits.ts';

/**
 * Returns how long a lineage waits before its next attempt: from 5 s, doubling to at most 10 min.
 *
 * @param failures number of failed attempts that count, at least 1
 * @returns milliseconds
 */
export function backoffMs(failures: number): number {
  const doublings = Math.min(Math.max(failures, 1) - 1, 30);
  return Math.min(limits.backoffFirstMs * 2 ** doublings, limits.backoffLastMs);
}
