import type { InQueueFile, ReadyFile } from '../file.ts';
import type { RouteState } from '../state.ts';
import { move, type Work } from '../work.ts';
import { commonOf } from './common.ts';

/** READY: its turn comes soon. What rests by now is carried as a stable file, however it was found. */
export function enqueue(work: Work, route: RouteState, file: ReadyFile): InQueueFile {
  const { scanning, settings, source } = route;
  const rests = scanning.evidenceAt >= file.movedAt + settings.stableAfterMs + source.cacheMs;
  const growing = file.growing && !rests;
  const { networkTries } = file;
  return move(work, { ...commonOf(file), status: 'IN_QUEUE', growing, networkTries, copyId: null }, 'queued');
}
