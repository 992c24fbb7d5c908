import type { CopyLimits } from '../limits.ts';

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
