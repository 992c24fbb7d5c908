import type { Clock } from '../waiting.ts';

/** `max_rate` of a route, shared by all its lanes. */
export interface RateLimit {
  /** The largest single write that keeps the rate even; null: no limit. */
  readonly pieceBytes: number | null;
  /** Waits until these bytes may be written. @throws Stopped when the signal fires first. */
  spend(bytes: number, signal: AbortSignal): Promise<void>;
}

const minPieceBytes = 65_536;

export function createRateLimit(bytesPerSecond: number | null, clock: Clock): RateLimit {
  if (bytesPerSecond === null) return { pieceBytes: null, spend: async () => undefined };
  let freeAt = 0;
  return {
    pieceBytes: Math.max(minPieceBytes, Math.floor(bytesPerSecond / 4)),
    spend: async (bytes, signal) => {
      const now = clock.now();
      const mayAt = Math.max(now, freeAt);
      freeAt = mayAt + (bytes / bytesPerSecond) * 1000;
      if (mayAt > now) await clock.wait(mayAt - now, signal);
    },
  };
}
