import type { CoreState } from '@sluice/core';
import type { RouteName } from '@sluice/core/model';
import type { WritableJournal } from '@sluice/persistence';
import { limits } from './limits.ts';
import type { Clock, Timer } from './ports.ts';

export interface PruningDependencies {
  readonly journal: Pick<WritableJournal, 'prune'>;
  readonly state: CoreState;
  readonly clock: Clock;
  readonly makeTimer: (fire: () => void) => Timer;
  /** How long ended files are kept, milliseconds. */
  readonly keepMs: number;
  readonly log: (text: string) => void;
}

/**
 * Removes old ended files from the journal, a small piece at a time, from now on until it is called off.
 *
 * @returns calls it off
 */
export function startPruning({ journal, state, clock, makeTimer, keepMs, log }: PruningDependencies): () => void {
  const again = (inMs: number): void => timer.set(clock.monotonic() + inMs);
  const timer = makeTimer(() => {
    try {
      const { files, isDone } = journal.prune({
        before: clock.wall() - keepMs,
        isAtSource: (route, source) => mayBeAtSource(state, route, source),
      });
      if (files > 0) log(`${files} files that ended long ago were removed from the journal`);
      again(isDone ? limits.pruneEveryMs : limits.pruneNextPieceMs);
    } catch (error) {
      if (!isSqlite(error)) throw error;
      again(limits.pruneEveryMs);
    }
  });
  again(limits.pruneFirstMs);
  return timer.clear;
}

/** A full disk is reported by what has to be written; nothing is lost by pruning later. */
function isSqlite(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}

/** What is not known for certain to be gone is kept: of another configuration's route, or before the source was listed. */
function mayBeAtSource(state: CoreState, name: RouteName, source: string): boolean {
  const route = state.routes.get(name);
  if (route === undefined || route.source.state !== 'ok' || route.scanning.unconfirmed.size > 0) return true;
  return route.scanning.completedListings < 2 || route.newest.has(source);
}
