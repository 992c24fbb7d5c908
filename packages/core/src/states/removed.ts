import type { TrackedFile } from '../file.ts';
import { sweepAt } from '../scan/sweep.ts';
import { routeOf } from '../state.ts';
import { move, type Work } from '../work.ts';
import { commonOf } from './common.ts';

/** The source file is gone before it was carried: told, and nothing follows. */
export function remove(work: Work, file: TrackedFile): void {
  const removed = move(work, { ...commonOf(file), status: 'REMOVED', endedAt: work.wall, sourceGone: true }, 'gone from the source');
  sweepAt(routeOf(work.state, file.route), removed, work.at);
}
