import type { Side } from '@sluice/core/model';
import type { LaneDependencies, SharedDependencies } from '../task/task.ts';
import type { Lane } from './lane.ts';

type StallWatchDependencies = Pick<SharedDependencies, 'clock' | 'limits' | 'route'>;

/** What the watch needs of a lane. */
interface WatchedLane {
  readonly calls: Pick<Lane['calls'], 'oldest'>;
  readonly dependencies: Pick<LaneDependencies, 'report'>;
}

/** Finds the calls of a carrier that do not come back. */
export interface StallWatch {
  /** Reports every lane with a call that is outstanding too long, once a second while it lasts. */
  check(): void;
  oldest(): { readonly side: Side; readonly operation: string; readonly sinceMs: number } | null;
}

/** @param lanes those of now */
export function createStallWatch(dependencies: StallWatchDependencies, lanes: () => Iterable<WatchedLane>): StallWatch {
  const { clock, limits, route } = dependencies;
  const reportedAt = new WeakMap<WatchedLane, number>();
  const checkLane = (lane: WatchedLane): void => {
    const call = lane.calls.oldest();
    const now = clock.now();
    if (call === null || now - call.sinceAt <= route.stallAfterMs) return;
    if (now - (reportedAt.get(lane) ?? Number.NEGATIVE_INFINITY) < limits.stallReportEveryMs) return;
    reportedAt.set(lane, now);
    const { side, operation, sinceAt } = call;
    lane.dependencies.report({ kind: 'stalled', side, operation, sinceMs: Math.round(now - sinceAt) }).catch(() => undefined);
  };
  return {
    check: () => {
      for (const lane of lanes()) checkLane(lane);
    },
    oldest: () => {
      const calls = [...lanes()].map((lane) => lane.calls.oldest()).filter((call) => call !== null);
      const [call] = calls.sort((a, b) => a.sinceAt - b.sinceAt);
      if (call === undefined) return null;
      return { side: call.side, operation: call.operation, sinceMs: Math.round(clock.now() - call.sinceAt) };
    },
  };
}
