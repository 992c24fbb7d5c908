import { commonOf, type InQueueFile, isEnded, type ReadyFile, type TrackedFile } from './model/file.ts';
import type { FileId } from './model/ids.ts';
import { limits } from './model/limits.ts';
import { smallLanes } from './model/settings.ts';
import { restMs } from './policy/growth.ts';
import { endingLaneOf, type Lanes, laneOf } from './state/lanes.ts';
import { type CoreState, newestOf, type RouteState } from './state/state.ts';
import { move, noteRoute, type Work } from './state/work.ts';

/** Begins the work on a queued file, which holds a lane from then on. */
type Begin = (work: Work, route: RouteState, file: InQueueFile) => void;

/**
 * Moves files on: READY files into a short queue, and queued files onto free lanes. Recordings come first, then the oldest files.
 */
export function pursueQueue(work: Work, route: RouteState, begin: Begin): void {
  if (route.gate.state !== 'open' || work.state.stopping !== null || route.hold !== null) return;
  fillQueue(work, route);
  fillLanes(work, route, begin);
}

/** Fills the queue up to twice the number of lanes, some small files at a time, since the order of queued files no longer changes. */
function fillQueue(work: Work, route: RouteState): void {
  const { settings } = work.state;
  const most: Lanes = { stable: settings.lanes, small: smallLanes(settings), growing: settings.growingLanes };
  const waiting = route.lanes.queued;
  const room = {
    stable: 2 * most.stable - waiting.stable,
    small: Math.min(2 * most.small - waiting.small, limits.smallQueuedAtOnce),
    growing: 2 * most.growing - waiting.growing,
  };
  const enqueueIfRoom = (id: FileId, beyond: Readonly<Lanes> = nothing): void => {
    const file = work.state.files.get(id) as ReadyFile;
    const lane = isStillGrowing(route, file) ? 'growing' : endingLaneOf(settings, file.fingerprint);
    if (room[lane] + beyond[lane] <= 0) return;
    room[lane] -= 1;
    enqueue(work, route, file);
  };
  // It stops as soon as the queue is full: a hundred thousand files may wait.
  const fill = (ids: Iterable<FileId>, lane: keyof Lanes): void => {
    // To find the first of many files takes time: a set keeps the places of those that have left it.
    if (room[lane] <= 0) return;
    for (const id of ids) {
      enqueueIfRoom(id);
      if (room[lane] <= 0) return;
    }
  };
  // Files that an operator put first do not wait until the queue has room.
  if (route.firsts.size > 0) for (const id of firsts(work, route)) enqueueIfRoom(id, most);
  // A file at rest needs another kind of lane than it needed when it was found growing.
  if (Object.values(room).some((left) => left > 0)) for (const id of route.movableGrowing) enqueueIfRoom(id);
  fill(route.movableLarge, 'stable');
  fill(route.movableSmall, 'small');
}

const nothing: Readonly<Lanes> = { stable: 0, small: 0, growing: 0 };

/** Returns the movable files that an operator put first. */
function firsts(work: Work, route: RouteState): FileId[] {
  const ids = [...route.firsts].map((source) => newestOf(work.state, route, source)?.id);
  return ids.filter((id) => id !== undefined && route.movable.has(id)) as FileId[];
}

function fillLanes(work: Work, route: RouteState, begin: Begin): void {
  const lanes = freeLanes(work.state, route);
  // With all of hundreds of files, the first one would wait until the others are checked. Their reports lead to the next step.
  const free = { ...lanes, small: Math.min(lanes.small, limits.smallBegunAtOnce) };
  const { idle } = route.lanes;
  const mayBegin = (): boolean => laneKinds.some((lane) => free[lane] > 0 && idle[lane] > 0);
  const beginThose = (isTheirTurn: (file: InQueueFile) => boolean): void => {
    for (const id of route.byStatus.IN_QUEUE) {
      if (!mayBegin()) return;
      const file = work.state.files.get(id) as InQueueFile;
      if (file.copyId !== null || !isTheirTurn(file)) continue;
      const lane = laneOf(work.state.settings, file);
      if (free[lane] <= 0) continue;
      free[lane] -= 1;
      begin(work, route, file);
    }
  };
  if (route.firsts.size > 0) beginThose(({ source }) => route.firsts.has(source));
  beginThose(() => true);
}

const laneKinds = ['stable', 'small', 'growing'] as const;

/** Returns the free lanes by kind. After an outage by silence there are fewer stable lanes at first. */
export function freeLanes({ settings }: CoreState, { lanes: { used }, laneLimit }: RouteState): Lanes {
  return {
    stable: Math.min(settings.lanes, laneLimit) - used.stable,
    small: Math.min(smallLanes(settings), laneLimit) - used.small,
    growing: settings.growingLanes - used.growing,
  };
}

/** Returns whether another growing copy may start. */
export function growingLaneIsFree(state: CoreState, route: RouteState): boolean {
  return freeLanes(state, route).growing > 0;
}

/**
 * Returns whether a file would be queued as a growing copy. A file that is at rest by now is copied as a stable file, even if it
 * was found growing.
 */
export function isStillGrowing(route: RouteState, file: ReadyFile): boolean {
  const { scanning, settings, source } = route;
  return file.growing && scanning.evidenceAt < file.movedAt + restMs(settings, file.pauses) + source.cacheMs;
}

/** Moves a READY file into the queue. */
export function enqueue(work: Work, route: RouteState, file: ReadyFile): InQueueFile {
  const growing = isStillGrowing(route, file);
  const { networkTries } = file;
  return move(work, { ...commonOf(file), status: 'IN_QUEUE', growing, networkTries, copyId: null }, { kind: 'queued' });
}

/** Puts a file before all others, except those that were put first earlier. */
export function putFirst(work: Work, route: RouteState, source: string): void {
  route.firsts.delete(source);
  route.firsts.add(source);
  for (const oldest of route.firsts) if (route.firsts.size > limits.firsts) route.firsts.delete(oldest);
  noteRoute(work, route, { kind: 'first', sources: [...route.firsts] });
}

/**
 * Removes a file from those put first, because it is being copied or is not to be copied first any more. This is not journaled: a
 * list for each of a thousand files that leave would be most of the journal. After a crash, `recallFirsts` may put such a file
 * first once more.
 */
export function forgetFirst(route: RouteState, source: string): void {
  route.firsts.delete(source);
}

/** Restores the files that an operator put first and that still wait. */
export function recallFirsts(state: CoreState, route: RouteState, sources: readonly string[]): void {
  for (const source of sources) if (isWaiting(newestOf(state, route, source))) route.firsts.add(source);
}

function isWaiting(file: TrackedFile | null): boolean {
  if (file === null || isEnded(file.status)) return false;
  return file.status !== 'READY' || file.hold !== 'operator';
}
