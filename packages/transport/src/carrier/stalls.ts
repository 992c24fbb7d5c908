import type { Side } from '@sluice/core';
import type { CarrierMeans } from '../task/task.ts';
import type { Lane } from './lane.ts';

export interface StallWatch {
  /** Tells of every lane with a call that is outstanding too long, once a second while it lasts. */
  look(): void;
  oldest(): { readonly side: Side; readonly operation: string; readonly sinceMs: number } | null;
}

export function createStallWatch(means: CarrierMeans, lanes: () => Iterable<Lane>): StallWatch {
  const { clock, limits, route } = means;
  const toldAt = new WeakMap<Lane, number>();
  const lookAt = (lane: Lane): void => {
    const call = lane.calls.oldest();
    const now = clock.now();
    if (call === null || now - call.sinceAt <= route.stallAfterMs) return;
    if (now - (toldAt.get(lane) ?? Number.NEGATIVE_INFINITY) < limits.stallReportEveryMs) return;
    toldAt.set(lane, now);
    const { side, operation, sinceAt } = call;
    lane.means.report({ kind: 'stalled', side, operation, sinceMs: Math.round(now - sinceAt) }).catch(() => undefined);
  };
  return {
    look: () => {
      for (const lane of lanes()) lookAt(lane);
    },
    oldest: () => {
      const calls = [...lanes()].map((lane) => lane.calls.oldest()).filter((call) => call !== null);
      const [call] = calls.sort((a, b) => a.sinceAt - b.sinceAt);
      if (call === undefined) return null;
      return { side: call.side, operation: call.operation, sinceMs: Math.round(clock.now() - call.sinceAt) };
    },
  };
}
