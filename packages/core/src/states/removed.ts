// REMOVED: the file was gone from the source before it was copied.
//
// Entered from every state that has no copy under way. An end.

import { sweepAt } from '../leftovers.ts';
import { commonOf, type TrackedFile } from '../model/file.ts';
import { forgetFirst } from '../queue.ts';
import type { RouteState } from '../state/state.ts';
import { move, type Work } from '../state/work.ts';

/** The source file is gone before it was copied: recorded, and nothing follows. */
export function remove(work: Work, route: RouteState, file: TrackedFile): void {
  const removed = move(work, { ...commonOf(file), status: 'REMOVED', endedAt: work.wall, sourceGone: true }, { kind: 'source_gone' });
  forgetFirst(route, file.source);
  sweepAt(route, removed, work.at);
}
