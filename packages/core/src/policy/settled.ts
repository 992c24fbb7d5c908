import type { Growth } from '../model/file.ts';

/**
 * Returns from which moment on a scan or check that shows no change means that a file has settled: `stable_after` after its last
 * change, and as much later as the source's attributes may be stale. Monotonic milliseconds, as all of these.
 *
 * @param attributeCacheMs how long the attributes that the source reports may be stale; 0 on a local disk
 */
export function settledAfter(growth: Growth, stableAfterMs: number, attributeCacheMs: number): number {
  return growth.movedAt + stableAfterMs + attributeCacheMs;
}
