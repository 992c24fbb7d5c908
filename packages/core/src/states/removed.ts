import type { TrackedFile } from '../file.ts';
import { move, type Work } from '../work.ts';
import { commonOf } from './common.ts';

/** The source file is gone before it was carried: told, and nothing follows. */
export function remove(work: Work, file: TrackedFile): void {
  move(work, { ...commonOf(file), status: 'REMOVED', endedAt: work.wall, sourceGone: true }, 'gone from the source');
}
