import type { CopyReport, Phase } from '@sluice/core';
import type { Clock } from '../waiting.ts';

/** Reports how far a copy is. Every report follows a sync or a read that came back, so it is a sign of life. */
export interface Progress {
  /** Begins a phase; null: a stable copy that is being written. */
  enter(phase: Phase | null): void;
  /** Reports if the last report is long enough ago. Does not wait. @param phaseDone 0 to 1, where it has changed. */
  report(phaseDone?: number): void;
  /** Reports however long ago the last report is. */
  reportNow(): Promise<void>;
}

export interface ProgressDependencies {
  readonly clock: Clock;
  readonly everyMs: number;
  report(report: CopyReport): Promise<void>;
  /** Synced bytes, and the source's size as last seen. */
  bytes(): { readonly syncedBytes: number; readonly sizeBytes: number };
}

export function createProgress(dependencies: ProgressDependencies): Progress {
  let phase: Phase | null = null;
  let done: number | null = null;
  let reportedAt = Number.NEGATIVE_INFINITY;
  const reportNow = (): Promise<void> => {
    reportedAt = dependencies.clock.now();
    return dependencies.report({ kind: 'progress', ...dependencies.bytes(), phase, phaseDone: done });
  };
  return {
    enter: (next) => {
      if (next === phase) return;
      phase = next;
      done = null;
      reportedAt = Number.NEGATIVE_INFINITY;
    },
    report: (phaseDone) => {
      if (phaseDone !== undefined) done = phaseDone;
      // A closed channel is noticed where it is read.
      if (dependencies.clock.now() - reportedAt >= dependencies.everyMs) reportNow().catch(() => undefined);
    },
    reportNow,
  };
}
