import { commonOf, type InQueueFile, isEnded, type ReadyFile, type TrackedFile } from './model/file.ts';
import type { FileId } from './model/ids.ts';
import { limits } from './model/limits.ts';
import { type CoreState, newestOf, type RouteState } from './state/state.ts';
import { move, noteRoute, type Work } from './state/work.ts';

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

/** Running copies by the kind of lane they hold; a file that is being looked at holds one already. */
function lanesInUse(state: CoreState, route: RouteState): { stable: number; growing: number } {
  let stable = route.byStatus.COPYING.size;
  let growing = route.byStatus.GROWING_COPY.size;
  for (const id of route.byStatus.VERIFYING) {
    const file = state.files.get(id);
    if (file?.status === 'VERIFYING' && file.growing) growing += 1;
    else stable += 1;
  }
  for (const id of route.byStatus.IN_QUEUE) {
    const file = state.files.get(id);
    if (file?.status !== 'IN_QUEUE' || file.copyId === null) continue;
    if (file.growing) growing += 1;
    else stable += 1;
  }
  return { stable, growing };
}

/** Lanes that are free now, by kind. After an outage by silence there are fewer stable ones at first. */
export function freeLanes(state: CoreState, route: RouteState): { stable: number; growing: number } {
  const used = lanesInUse(state, route);
  return {
    stable: Math.min(state.settings.lanes, route.laneLimit) - used.stable,
    growing: state.settings.growingLanes - used.growing,
  };
}

export function growingLaneIsFree(state: CoreState, route: RouteState): boolean {
  return freeLanes(state, route).growing > 0;
}

/** Whether it would be queued as a growing copy: what rests by now is carried as a stable file, however it was found. */
function isStillGrowing(route: RouteState, file: ReadyFile): boolean {
  const { scanning, settings, source } = route;
  return file.growing && scanning.evidenceAt < file.movedAt + settings.stableAfterMs + source.cacheMs;
}

/** READY: its turn comes soon. */
export function enqueue(work: Work, route: RouteState, file: ReadyFile): InQueueFile {
  const growing = isStillGrowing(route, file);
  const { networkTries } = file;
  return move(work, { ...commonOf(file), status: 'IN_QUEUE', growing, networkTries, copyId: null }, { kind: 'queued' });
}

/** Its turn comes before that of all others, after those that were asked for earlier. */
export function putFirst(work: Work, route: RouteState, source: string): void {
  route.firsts.delete(source);
  route.firsts.add(source);
  for (const oldest of route.firsts) if (route.firsts.size > limits.firsts) route.firsts.delete(oldest);
  noteRoute(work, route, { kind: 'first', sources: [...route.firsts] });
}

/**
 * Its turn has come, or it is not wanted any more. Not journaled: a list for every one of a thousand files that leave it
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
