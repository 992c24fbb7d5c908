import { type CopyLimits, processLimits } from '../limits.ts';
import type { Clock } from '../waiting.ts';

/**
 * How much may be written and not synced yet, for all lanes to one destination together: so much that a sync takes
 * about a second at the rate this destination has just shown.
 */
export interface UnsyncedBudget {
  /** What one lane may have unsynced now. */
  shareBytes(): number;
  /** A lane has unsynced bytes now; the returned function says that it no longer has. */
  enter(): () => void;
  /** Learns from one sync. */
  synced(bytes: number, tookMs: number): void;
}

export function createUnsyncedBudget(limits: CopyLimits): UnsyncedBudget {
  let budgetBytes: number = limits.firstUnsyncedBytes;
  let lanes = 0;
  const shareBytes = (): number => Math.max(limits.pieceBytes, Math.floor(budgetBytes / Math.max(1, lanes)));
  return {
    shareBytes,
    enter: () => {
      lanes += 1;
      let isIn = true;
      return () => {
        if (isIn) lanes -= 1;
        isIn = false;
      };
    },
    synced: (bytes, tookMs) => {
      // A sync of a few last bytes says nothing of the rate.
      if (bytes * 4 < shareBytes()) return;
      const factor = Math.min(2, Math.max(0.5, limits.syncMs / Math.max(1, tookMs)));
      budgetBytes = Math.min(limits.maxUnsyncedBytes, Math.max(limits.minUnsyncedBytes, budgetBytes * factor));
    },
  };
}

/** `max_rate` of a route, shared by all its lanes. */
export interface RateLimit {
  /** The largest single write that keeps the rate even; null: no limit. */
  readonly pieceBytes: number | null;
  /** Waits until these bytes may be written. @throws Stopped when the signal fires first. */
  spend(bytes: number, signal: AbortSignal): Promise<void>;
}

export function createRateLimit(bytesPerSecond: number | null, clock: Clock): RateLimit {
  if (bytesPerSecond === null) return { pieceBytes: null, spend: async () => undefined };
  let freeAt = 0;
  return {
    pieceBytes: Math.max(processLimits.throttledPieceBytes, Math.floor(bytesPerSecond / 4)),
    spend: async (bytes, signal) => {
      const now = clock.now();
      const mayAt = Math.max(now, freeAt);
      freeAt = mayAt + (bytes / bytesPerSecond) * 1000;
      if (mayAt > now) await clock.wait(mayAt - now, signal);
    },
  };
}
