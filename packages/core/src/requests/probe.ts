import type { RouteState } from '../state/state.ts';
import type { Work } from '../state/work.ts';

/** Wants a probe that begins now or later. */
export function askProbe(work: Work, route: RouteState): void {
  route.gate.askedAt = work.at;
}
