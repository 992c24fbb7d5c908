import { isEnded, type TrackedFile } from '../model/file.ts';
import { limits } from '../model/limits.ts';
import { type CoreState, newestOf, type RouteState } from '../state/state.ts';
import { noteRoute, type Work } from '../state/work.ts';

/** Its turn comes before that of all others, after those that were asked for earlier. */
export function putFirst(work: Work, route: RouteState, source: string): void {
  route.firsts.delete(source);
  route.firsts.add(source);
  for (const oldest of route.firsts) if (route.firsts.size > limits.firsts) route.firsts.delete(oldest);
  noteRoute(work, route, { kind: 'first', sources: [...route.firsts] });
}

/**
 * Its turn has come, or it is no longer needed. Not journaled: a list for every one of a thousand files that leave it
 * would be most of the journal. What `recallFirsts` finds too much of after a crash is tried first once more.
 */
export function forgetFirst(route: RouteState, source: string): void {
  route.firsts.delete(source);
}

/** Those of an earlier life that still wait for their turn. */
export function recallFirsts(state: CoreState, route: RouteState, sources: readonly string[]): void {
  for (const source of sources) if (isWaiting(newestOf(state, route, source))) route.firsts.add(source);
}

function isWaiting(file: TrackedFile | null): boolean {
  if (file === null || isEnded(file.status)) return false;
  return file.status !== 'READY' || file.hold !== 'operator';
}
