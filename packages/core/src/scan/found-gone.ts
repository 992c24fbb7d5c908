import { isCompleted, isRunning } from '../model/file.ts';
import { newestOf, type RouteState } from '../state/state.ts';
import { refresh, type Work, wantCheck } from '../state/work.ts';
import { cameBack } from './came-back.ts';

/**
 * Asks for the files that only a carrier found gone. A file that is back before the intake missed it twice is nothing new for the intake, so
 * that it would count as gone until the agent starts again.
 */
export function checkFoundGone(work: Work, route: RouteState): void {
  for (const id of route.foundGone) {
    const file = work.state.files.get(id);
    if (file?.sourceGone === true) wantCheck(route, file.source);
    else route.foundGone.delete(id);
  }
}

/** The intake has seen this path: a file that a carrier found gone is back. */
export function seenThere(work: Work, route: RouteState, path: string): void {
  const file = newestOf(work.state, route, path);
  if (file === null || !route.foundGone.has(file.id)) return;
  // Another attempt follows, which needs the entry. The intake reports it in the check after the one in which it forgot the path.
  if (file.status === 'FAILED') return void route.removals.takenAway.add(path);
  route.foundGone.delete(file.id);
  if (!file.sourceGone) return;
  if (isCompleted(file)) cameBack(work, file);
  else if (isRunning(file)) refresh(work, { ...file, sourceGone: false });
}
