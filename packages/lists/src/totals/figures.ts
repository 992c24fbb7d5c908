import type { GroupCounts, RouteView } from '@sluice/core';
import type { RouteTally } from './tally.ts';

/** The figures in the header of the screen. */
export interface ScreenTotals {
  /** Files that need a person. */
  readonly needsYou: number;
  /** Files that are still being written at the source, whether they are being copied or not yet. */
  readonly recording: number;
  /** Files that wait for something. */
  readonly waiting: number;
  /** Files that are completed. */
  readonly done: number;
  /** Failed attempts that no other attempt follows. */
  readonly failed: number;
  /** Failed attempts that another attempt follows. */
  readonly recovered: number;
  /** Bytes that are left to copy. */
  readonly leftBytes: number;
  /** True: the files are still being read for the screen, so that `leftBytes` has only a part of them. Absent: it has all. */
  readonly isCounting?: true;
  /** Rate over all routes, averaged over the last 20 to 30 s. */
  readonly bytesPerSecond: number;
  /** Time until all files but the recordings are copied. Null: not known. */
  readonly etaMs: number | null;
}

/** A route and what is counted of its files. */
export interface CountedRoute {
  readonly view: Pick<RouteView, 'gate' | 'hold' | keyof GroupCounts>;
  readonly tally: RouteTally;
}

/** How fast copies have been recently, over all routes. Null: not measured for long enough. */
export interface RecentPace {
  readonly bytesPerSecond: number;
  /** The rate of copies of files that are not being written. */
  readonly endingBytesPerSecond: number | null;
  readonly filesPerSecond: number | null;
}

/**
 * Returns the totals of all routes. Live files are counted by core, ended ones as they are listed.
 *
 * @param isCounting whether not all files are listed yet
 */
export function totalsOf(routes: readonly CountedRoute[], pace: RecentPace, isCounting: boolean = false): ScreenTotals {
  const sum = (of: (route: CountedRoute) => number): number => routes.reduce((total, route) => total + of(route), 0);
  return {
    needsYou: sum(({ view }) => view.needsYou),
    recording: sum(({ view }) => view.recording),
    waiting: sum(({ view }) => view.waiting),
    done: sum(({ tally: { counts } }) => counts.COMPLETED + counts.COMPLETED_DELETE_FAILED),
    failed: sum(({ tally }) => tally.lost),
    recovered: sum(({ tally }) => tally.recovered),
    leftBytes: sum(({ tally }) => tally.leftBytes),
    ...(isCounting ? { isCounting } : {}),
    bytesPerSecond: pace.bytesPerSecond,
    etaMs: isCounting ? null : etaOfAll(routes, pace),
  };
}

/** From this many files on, the estimate takes the number of files into account, in addition to their bytes. */
const manyFiles = 50;

/**
 * Returns the time until all files that have an end are copied. A recording ends when its recorder stops, so it is left out. Null
 * if a route that has such files is offline or held, because its end cannot be estimated.
 */
function etaOfAll(routes: readonly CountedRoute[], { endingBytesPerSecond, filesPerSecond }: RecentPace): number | null {
  const working = routes.filter(({ view }) => view.waiting + view.copying > 0);
  if (working.length === 0 || working.some(({ view }) => view.gate.state !== 'open' || view.hold !== null)) return null;
  const bytes = working.reduce((total, { tally }) => total + tally.endingBytes, 0);
  const files = working.reduce((total, { view }) => total + view.waiting + view.copying, 0);
  const byBytes = endingBytesPerSecond === null || endingBytesPerSecond <= 0 ? null : bytes / endingBytesPerSecond;
  const byFiles = files < manyFiles || filesPerSecond === null || filesPerSecond <= 0 ? null : files / filesPerSecond;
  if (byBytes === null && byFiles === null) return null;
  return Math.round(Math.max(byBytes ?? 0, byFiles ?? 0) * 1000);
}
