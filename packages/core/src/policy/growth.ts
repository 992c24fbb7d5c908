import type { Growth } from '../model/file.ts';
import { limits } from '../model/limits.ts';
import type { GrowingSettings, RouteSettings } from '../model/settings.ts';

/** Nothing is known but the first sight. */
export function firstSight(at: number): Growth {
  return { since: at, movedAt: at, roseFrom: null, roseTimes: 0, roseAt: at };
}

/**
 * One more observation of a file whose size or mtime moved.
 * Rises count when they are `pollMs` apart; a shrink starts again.
 */
export function observeMove(growth: Growth, beforeBytes: number, nowBytes: number, at: number, pollMs: number): Growth {
  if (nowBytes < beforeBytes) return { ...firstSight(at), since: growth.since };
  if (nowBytes === beforeBytes) return { ...growth, movedAt: at };
  const roseFrom = growth.roseFrom ?? { at: growth.movedAt, sizeBytes: beforeBytes };
  if (growth.roseTimes > 0 && at - growth.roseAt < pollMs) return { ...growth, movedAt: at, roseFrom };
  return { since: growth.since, movedAt: at, roseFrom, roseTimes: growth.roseTimes + 1, roseAt: at };
}

/**
 * Whether this is a recording and not somebody's copy: it rose twice, `poll` apart, over 2 s, and is large enough. What
 * grows faster than any recorder has to go on for longer, with the square of its rate: an ordinary copy at 500 MB/s
 * would have to take more than three minutes to be mistaken for one.
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
 * Returns for how long a file has to be at rest before it is copied: `stable_after`, doubled each time its path went on soon after a
 * copy was completed, up to `stuck_after`. Milliseconds.
 */
export function restMs(settings: Pick<RouteSettings, 'stableAfterMs' | 'stuckAfterMs'>, pauses = 0): number {
  const { stableAfterMs, stuckAfterMs } = settings;
  return Math.max(stableAfterMs, Math.min(stableAfterMs * 2 ** pauses, stuckAfterMs));
}

/**
 * Returns from which moment on a scan or check that shows no change proves that a file has settled: `restMs` after its last
 * change, and as much later as the source's attributes may be stale. Monotonic milliseconds, as all of these.
 *
 * @param attributeCacheMs how long the attributes that the source reports may be stale; 0 on a local disk
 */
export function settledAfter(growth: Growth, restMs: number, attributeCacheMs: number): number {
  return growth.movedAt + restMs + attributeCacheMs;
}
