import type { CopyReport, Phase } from '@sluice/core';
import type { Clock } from '../storage/clock.ts';

/** Tells how far a copy is; every telling follows a sync or a read that came back, so it is a sign of life. */
export interface Progress {
  /** From now on in this phase; null: a stable copy that is being written. */
  enter(phase: Phase | null): void;
  /** Told if the last telling is long enough ago. @param phaseDone 0 to 1, where it has changed. */
  tell(phaseDone?: number): void;
  /** Told whatever was told before. */
  tellNow(): Promise<void>;
}

export interface ProgressMeans {
  readonly clock: Clock;
  readonly everyMs: number;
  report(report: CopyReport): Promise<void>;
  /** Synced bytes, and the source's size as last seen. */
  bytes(): { readonly syncedBytes: number; readonly sizeBytes: number };
}

export function createProgress(means: ProgressMeans): Progress {
  let phase: Phase | null = null;
  let done: number | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  const tellNow = (): Promise<void> => {
    toldAt = means.clock.now();
    return means.report({ kind: 'progress', ...means.bytes(), phase, phaseDone: done });
  };
  return {
    enter: (next) => {
      if (next === phase) return;
      phase = next;
      done = null;
      toldAt = Number.NEGATIVE_INFINITY;
    },
    tell: (phaseDone) => {
      if (phaseDone !== undefined) done = phaseDone;
      // A channel that is closed is told by the channel; nobody waits here.
      if (means.clock.now() - toldAt >= means.everyMs) tellNow().catch(() => undefined);
    },
    tellNow,
  };
}
