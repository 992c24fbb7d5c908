import type { InQueueFile, ReadyFile } from '../model/file.ts';
import { commonOf } from '../model/file.ts';
import type { RouteState } from '../state/state.ts';
import { move, type Work } from '../state/work.ts';

/** Whether it would be queued as a growing copy: what rests by now is carried as a stable file, however it was found. */
export function isStillGrowing(route: RouteState, file: ReadyFile): boolean {
  const { scanning, settings, source } = route;
  return file.growing && scanning.evidenceAt < file.movedAt + settings.stableAfterMs + source.cacheMs;
}

/** READY: its turn comes soon. */
export function enqueue(work: Work, route: RouteState, file: ReadyFile): InQueueFile {
  const growing = isStillGrowing(route, file);
  const { networkTries } = file;
  return move(work, { ...commonOf(file), status: 'IN_QUEUE', growing, networkTries, copyId: null }, { kind: 'queued' });
}
