import { limits } from '../model/limits.ts';

/**
 * How long a lineage waits before its next attempt: doubles from 5 s to 10 min.
 *
 * @param failures attempts that counted so far, 1 or more
 * @returns milliseconds
 */
export function backoffMs(failures: number): number {
  const doublings = Math.min(Math.max(failures, 1) - 1, 30);
  return Math.min(limits.backoffFirstMs * 2 ** doublings, limits.backoffLastMs);
}
