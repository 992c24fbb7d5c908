import { commonOf, type InQueueFile, isEnded, type ReadyFile, type TrackedFile } from './model/file.ts';
import type { FileId } from './model/ids.ts';
import { limits } from './model/limits.ts';
import { smallLanes } from './model/settings.ts';
import { restMs } from './policy/growth.ts';
import { endingLaneOf, type Lanes, laneOf } from './state/route-state.ts';
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
  const { settings } = work.state;
  const most: Lanes = { stable: settings.lanes, small: smallLanes(settings), growing: settings.growingLanes };
  const waiting = route.lanes.queued;
  const room = {
    stable: 2 * most.stable - waiting.stable,
    small: 2 * most.small - waiting.small,
    growing: 2 * most.growing - waiting.growing,
  };
  const enqueueIfRoom = (id: FileId, beyond: Readonly<Lanes> = nothing): void => {
    const file = work.state.files.get(id) as ReadyFile;
    const lane = isStillGrowing(route, file) ? 'growing' : endingLaneOf(settings, file.fingerprint);
    if (room[lane] + beyond[lane] <= 0) return;
    room[lane] -= 1;
    enqueue(work, route, file);
  };
  // Never past what there is room for: a hundred thousand files may wait behind it.
  const fill = (ids: Iterable<FileId>, lane: keyof Lanes): void => {
    for (const id of ids) {
      if (room[lane] <= 0) return;
      enqueueIfRoom(id);
    }
  };
  // They do not wait for those to go that are queued already.
  if (route.firsts.size > 0) for (const id of firsts(work, route)) enqueueIfRoom(id, most);
  // What rests by now needs another lane than it was found for.
  if (Object.values(room).some((left) => left > 0)) for (const id of route.movableGrowing) enqueueIfRoom(id);
  fill(route.movableLarge, 'stable');
  fill(route.movableSmall, 'small');
}

const nothing: Readonly<Lanes> = { stable: 0, small: 0, growing: 0 };

/** Those an operator wants first. */
function firsts(work: Work, route: RouteState): FileId[] {
  const ids = [...route.firsts].map((source) => newestOf(work.state, route, source)?.id);
  return ids.filter((id) => id !== undefined && route.movable.has(id)) as FileId[];
}

function fillLanes(work: Work, route: RouteState, begin: Begin): void {
  const free = freeLanes(work.state, route);
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

/** Lanes that are free now, by kind. After an outage by silence there are fewer stable ones at first. */
export function freeLanes({ settings }: CoreState, { lanes: { used }, laneLimit }: RouteState): Lanes {
  return {
    stable: Math.min(settings.lanes, laneLimit) - used.stable,
    small: Math.min(smallLanes(settings), laneLimit) - used.small,
    growing: settings.growingLanes - used.growing,
  };
}

export function growingLaneIsFree(state: CoreState, route: RouteState): boolean {
  return freeLanes(state, route).growing > 0;
}

/** Whether it would be queued as a growing copy: what rests by now is carried as a stable file, however it was found. */
function isStillGrowing(route: RouteState, file: ReadyFile): boolean {
  const { scanning, settings, source } = route;
  return file.growing && scanning.evidenceAt < file.movedAt + restMs(settings, file.pauses) + source.cacheMs;
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
