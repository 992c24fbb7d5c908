import type { Growth } from '../model/file.ts';
import { limits } from '../model/limits.ts';
import type { GrowingSettings, RouteSettings } from '../model/settings.ts';

/** Returns the growth of a file that was seen once. */
export function firstSight(at: number): Growth {
  return { since: at, movedAt: at, roseFrom: null, roseTimes: 0, roseAt: at };
}

/**
 * Returns the growth after one more change of size or modification time. Increases count if they are `pollMs` apart. A decrease
 * resets the count.
 */
export function observeMove(growth: Growth, beforeBytes: number, nowBytes: number, at: number, pollMs: number): Growth {
  if (nowBytes < beforeBytes) return { ...firstSight(at), since: growth.since };
  if (nowBytes === beforeBytes) return { ...growth, movedAt: at };
  const roseFrom = growth.roseFrom ?? { at: growth.movedAt, sizeBytes: beforeBytes };
  if (growth.roseTimes > 0 && at - growth.roseAt < pollMs) return { ...growth, movedAt: at, roseFrom };
  return { since: growth.since, movedAt: at, roseFrom, roseTimes: growth.roseTimes + 1, roseAt: at };
}

/**
 * Returns whether a file is a recording rather than a copy by another program: it grew twice, `poll` apart, for at least 2 s, and
 * is large enough. A file that grows faster than any recorder has to grow for longer, by the square of its rate: an ordinary copy
 * at 500 MB/s would have to take more than three minutes to be mistaken for a recording.
 */
export function isRecording(growth: Growth, sizeBytes: number, settings: GrowingSettings): boolean {
  if (!settings.enabled || growth.roseFrom === null || growth.roseTimes < 2) return false;
  const spanMs = growth.movedAt - growth.roseFrom.at;
  if (spanMs < limits.growthSpanMs || sizeBytes < settings.minSizeBytes) return false;
  const bytesPerSecond = ((sizeBytes - growth.roseFrom.sizeBytes) / spanMs) * 1000;
  const haste = Math.max(1, bytesPerSecond / limits.recordingBytesPerSecond);
  return spanMs >= limits.growthSpanMs * haste ** 2;
}

/**
 * Returns for how long a file has to be at rest before it is copied: `stable_after`, doubled each time its path changed soon
 * after a copy was completed, up to `stuck_after`. Milliseconds.
 */
export function restMs(settings: Pick<RouteSettings, 'stableAfterMs' | 'stuckAfterMs'>, pauses = 0): number {
  const { stableAfterMs, stuckAfterMs } = settings;
  return Math.max(stableAfterMs, Math.min(stableAfterMs * 2 ** pauses, stuckAfterMs));
}

/**
 * Returns the moment from which a scan or check that shows no change proves that a file has settled: `restMs` after its last
 * change, plus the time for which the source's attributes may be stale. Monotonic milliseconds.
 *
 * @param attributeCacheMs how long the attributes that the source reports may be stale; 0 on a local disk
 */
export function settledAfter(growth: Growth, restMs: number, attributeCacheMs: number): number {
  return growth.movedAt + restMs + attributeCacheMs;
}
