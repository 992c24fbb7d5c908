import type { TrackedFile } from '../file.ts';
import { sweepAt } from '../scan/sweep.ts';
import { routeOf } from '../state.ts';
import { move, type Work } from '../work.ts';
import { commonOf } from './common.ts';
import { forgetFirst } from './firsts.ts';

/** The source file is gone before it was carried: told, and nothing follows. */
export function remove(work: Work, file: TrackedFile): void {
  const removed = move(work, { ...commonOf(file), status: 'REMOVED', endedAt: work.wall, sourceGone: true }, 'gone from the source');
  const route = routeOf(work.state, file.route);
  forgetFirst(route, file.source);
  sweepAt(route, removed, work.at);
}
