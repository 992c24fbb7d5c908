import { type CoreState, isConfirmed, newestOf } from '@sluice/core';
import type { RouteName } from '@sluice/core/model';
import type { WritableJournal } from '@sluice/persistence';
import { limits } from './limits.ts';
import type { Clock, Timer } from './ports.ts';

/** What pruning works with. */
export interface PruningDependencies {
  readonly journal: Pick<WritableJournal, 'prune' | 'newestAt' | 'doubtedMs'>;
  readonly state: CoreState;
  readonly clock: Clock;
  readonly makeTimer: (fire: () => void) => Timer;
  /** How long ended files are kept, milliseconds. */
  readonly keepMs: number;
  readonly log: (level: 'info' | 'warn', text: string) => void;
}

/**
 * Removes old ended files from the journal, a small piece at a time. The age is measured by the journal's own time: a wall clock
 * that is far ahead removes nothing, now or in an earlier run.
 *
 * @returns a function that ends it
 */
export function startPruning({ journal, state, clock, makeTimer, keepMs, log }: PruningDependencies): () => void {
  const age = new JournalClock(journal.newestAt(), clock, (text) => log('warn', text));
  const again = (inMs: number): void => timer.set(clock.monotonic() + inMs);
  let isNewWalk = true;
  let doubtedMs = 0;
  const timer = makeTimer(() => {
    try {
      if (isNewWalk) doubtedMs = journal.doubtedMs(age.now());
      const { files, isDone } = journal.prune({
        before: age.now() - doubtedMs - keepMs,
        isAtSource: (route, source) => mayBeAtSource(state, route, source),
      });
      if (files > 0) log('info', `${files} files that ended long ago were removed from the journal`);
      isNewWalk = isDone;
      again(isDone ? limits.pruneEveryMs : limits.pruneNextPieceMs);
    } catch (error) {
      if (!isSqlite(error)) throw error;
      again(limits.pruneEveryMs);
    }
  });
  again(limits.pruneFirstMs);
  return timer.clear;
}

/**
 * The time by which age is measured: the wall clock, but no later than the newest entry of earlier runs, plus the time that has
 * passed in this run, plus a day. A clock that is 400 days ahead, as with an empty battery, does not make the whole history old.
 */
class JournalClock {
  readonly #newestBefore: number | null;
  readonly #clock: Clock;
  readonly #bornAt: number;
  readonly #warn: (text: string) => void;
  #hasWarned = false;

  /** @param newestBefore wall clock of the newest entry at the start of this run; null: the journal was empty, so nothing is old */
  constructor(newestBefore: number | null, clock: Clock, warn: (text: string) => void) {
    this.#newestBefore = newestBefore;
    this.#clock = clock;
    this.#bornAt = clock.monotonic();
    this.#warn = warn;
  }

  now(): number {
    const wall = this.#clock.wall();
    if (this.#newestBefore === null) return wall;
    const latest = this.#newestBefore + (this.#clock.monotonic() - this.#bornAt) + limits.clockSlackMs;
    if (wall > latest && !this.#hasWarned) {
      this.#hasWarned = true;
      const days = Math.round((wall - latest) / limits.clockSlackMs) + 1;
      this.#warn(
        `the clock is ${days} days ahead of the journal: no agent ran for that time, or the clock is wrong. Sluice counts the age of ended files by the journal and removes nothing because of the clock`,
      );
    }
    return Math.min(wall, latest);
  }
}

/** Returns whether an error is SQLite's. A full disk is reported by the writes that have to succeed; pruning can wait. */
function isSqlite(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}

/**
 * Returns whether a file may still be at its source. If that is not known, because the route is not configured or the source was
 * not listed, the file is kept.
 */
export function mayBeAtSource(state: CoreState, name: RouteName, source: string): boolean {
  const route = state.routes.get(name);
  if (route === undefined || route.source.state !== 'ok' || !isConfirmed(route)) return true;
  return route.scanning.completedListings < 2 || newestOf(state, route, source) !== null;
}
