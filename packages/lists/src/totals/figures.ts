import type { GroupCounts, RouteView } from '@sluice/core';
import type { RouteTally } from './tally.ts';

/** What a screen's header counts. */
export interface ScreenTotals {
  /** This and the next two as everywhere; see `Group`. */
  readonly needsYou: number;
  /** Still being written at the source, followed or not yet. */
  readonly recording: number;
  readonly waiting: number;
  readonly done: number;
  /** FAILED without a recovery. */
  readonly failed: number;
  readonly recovered: number;
  readonly leftBytes: number;
  readonly bytesPerSecond: number;
  /** Milliseconds; null while nothing can move, or nothing is left. */
  readonly etaMs: number | null;
}

/** A route and what is counted of its files. */
export interface CountedRoute {
  readonly view: Pick<RouteView, 'gate' | 'bytesPerSecond' | keyof GroupCounts>;
  readonly tally: RouteTally;
}

/** Over all routes; live ones as core counts them, ended ones as they are listed. */
export function totalsOf(routes: readonly CountedRoute[]): ScreenTotals {
  const sum = (of: (route: CountedRoute) => number): number => routes.reduce((total, route) => total + of(route), 0);
  const leftBytes = sum(({ tally }) => tally.leftBytes);
  const bytesPerSecond = sum(({ view }) => view.bytesPerSecond);
  const canMove = routes.some(({ view }) => view.gate.state === 'open' && view.bytesPerSecond > 0);
  return {
    needsYou: sum(({ view }) => view.needsYou),
    recording: sum(({ view }) => view.recording),
    waiting: sum(({ view }) => view.waiting),
    done: sum(({ tally: { counts } }) => counts.COMPLETED + counts.COMPLETED_DELETE_FAILED),
    failed: sum(({ tally }) => tally.lost),
    recovered: sum(({ tally }) => tally.recovered),
    leftBytes,
    bytesPerSecond,
    etaMs: canMove && leftBytes > 0 ? Math.round((leftBytes / bytesPerSecond) * 1000) : null,
  };
}
