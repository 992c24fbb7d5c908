import { limits } from '../limits.ts';
import type { RouteState } from '../state.ts';
import { noteRoute, type Work } from '../work.ts';

/** Its turn comes before that of all others, after those that were asked for earlier. */
export function putFirst(work: Work, route: RouteState, source: string): void {
  route.firsts.delete(source);
  route.firsts.add(source);
  for (const oldest of route.firsts) if (route.firsts.size > limits.firsts) route.firsts.delete(oldest);
  noteFirsts(work, route);
}

/** Its turn has come, or it is not wanted any more. */
export function forgetFirst(work: Work, route: RouteState, source: string): void {
  if (route.firsts.delete(source)) noteFirsts(work, route);
}

function noteFirsts(work: Work, route: RouteState): void {
  noteRoute(work, route, 'first', 'carried first', { sources: [...route.firsts] });
}
