import { limits } from '../model/limits.ts';
import type { RouteState } from '../state/state.ts';

/** Remembers a closing; only those of the last minute count. */
export function noteClosing(route: RouteState, at: number): void {
  const { gate } = route;
  gate.closings = [...gate.closings, at].filter((moment) => at - moment < limits.flapWindowMs).slice(-limits.flapClosings);
}

/** A destination that came and went three times in a minute has to answer for `probe.settle` before it is believed. */
export function mayOpen(route: RouteState, at: number): boolean {
  const { closings, goodSince } = route.gate;
  const isFlapping = closings.filter((moment) => at - moment < limits.flapWindowMs).length >= limits.flapClosings;
  return !isFlapping || (goodSince !== null && at - goodSince >= route.settings.probe.settleMs);
}
