import { limits } from '../model/limits.ts';
import type { RouteState } from '../state/state.ts';

/** Remembers when a gate closed. Only the last minute counts. */
export function noteClosing(route: RouteState, at: number): void {
  const { gate } = route;
  gate.closings = [...gate.closings, at].filter((moment) => at - moment < limits.flapWindowMs).slice(-limits.flapClosings);
}

/** Returns whether a gate may open. If it closed three times within a minute, it opens only after `probe.settle` of good answers. */
export function mayOpen(route: RouteState, at: number): boolean {
  const { closings, goodSince } = route.gate;
  const isFlapping = closings.filter((moment) => at - moment < limits.flapWindowMs).length >= limits.flapClosings;
  return !isFlapping || (goodSince !== null && at - goodSince >= route.settings.probe.settleMs);
}
