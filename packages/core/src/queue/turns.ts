import type { InQueueFile, ReadyFile } from '../model/file.ts';
import type { FileId } from '../model/ids.ts';
import { newestOf, type RouteState } from '../state/state.ts';
import type { Work } from '../state/work.ts';
import { enqueue, isStillGrowing } from './enqueue.ts';
import { freeLanes } from './lanes.ts';

/** Begins the work on a queued file, which holds a lane from then on. */
type Begin = (work: Work, route: RouteState, file: InQueueFile) => void;

/** Moves what may move: READY files into a short queue, queued ones onto free lanes. Recordings first, then oldest first. */
export function pursueQueue(work: Work, route: RouteState, begin: Begin): void {
  if (route.gate.state !== 'open' || work.state.stopping !== null || route.hold !== null) return;
  fillQueue(work, route);
  fillLanes(work, route, begin);
}

/** Fewer than twice the lanes are queued: what is queued has been promised an order. */
function fillQueue(work: Work, route: RouteState): void {
  const { lanes: stable, growingLanes: growing } = work.state.settings;
  const room = { stable: 2 * stable - queued(work, route, false), growing: 2 * growing - queued(work, route, true) };
  const enqueueIfRoom = (id: FileId, lanes: readonly (keyof typeof room)[], beyond = { stable: 0, growing: 0 }): void => {
    const file = work.state.files.get(id) as ReadyFile;
    const lane = isStillGrowing(route, file) ? 'growing' : 'stable';
    if (room[lane] + beyond[lane] <= 0 || !lanes.includes(lane)) return;
    room[lane] -= 1;
    enqueue(work, route, file);
  };
  // They do not wait for those to go that are queued already.
  for (const id of firsts(work, route)) enqueueIfRoom(id, ['growing', 'stable'], { stable, growing });
  for (const id of room.growing > 0 ? route.movableGrowing : []) enqueueIfRoom(id, ['growing']);
  // Never past what there is room for: a hundred thousand files may wait behind it.
  for (const id of route.movable) {
    if (room.stable <= 0) return;
    enqueueIfRoom(id, ['stable']);
  }
}

/** Those an operator wants first. */
function firsts(work: Work, route: RouteState): FileId[] {
  const ids = [...route.firsts].map((source) => newestOf(work.state, route, source)?.id);
  return ids.filter((id) => id !== undefined && route.movable.has(id)) as FileId[];
}

function queued(work: Work, route: RouteState, growing: boolean): number {
  let count = 0;
  for (const id of route.byStatus.IN_QUEUE) if ((work.state.files.get(id) as InQueueFile).growing === growing) count += 1;
  return count;
}

function fillLanes(work: Work, route: RouteState, begin: Begin): void {
  const free = freeLanes(work.state, route);
  const queue = [...route.byStatus.IN_QUEUE].map((id) => work.state.files.get(id) as InQueueFile);
  const isFirst = ({ source }: InQueueFile): boolean => route.firsts.has(source);
  for (const file of [...queue.filter(isFirst), ...queue.filter((each) => !isFirst(each))]) {
    if (file.copyId !== null) continue;
    const lane = file.growing ? 'growing' : 'stable';
    if (free[lane] <= 0) continue;
    free[lane] -= 1;
    begin(work, route, file);
  }
}
