import type { EndedFiles, LeftFile } from '../messages/ports.ts';
import type { JournalImage, JournalRecord } from '../messages/record.ts';
import { assert } from '../model/assert.ts';
import { type CompletedFile, isCompleted, isCopied, isEnded, isLost, type ReadyFile, type TrackedFile } from '../model/file.ts';
import type { FileId, RouteName } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import type { CoreSettings, RouteSettings } from '../model/settings.ts';
import { isLeftToJournal } from './left-to-journal.ts';
import { countLanes, emptyRoute, isSmall, type RouteState } from './route-state.ts';

export type { Blocker, FormerDestination, Listing, Recheck, RouteHold, RouteState, Sweep } from './route-state.ts';

/** The whole state of core. */
export interface CoreState {
  settings: CoreSettings;
  /** Live files, and those that ended and are the newest of their paths; without those that are left to the journal. */
  readonly files: Map<FileId, TrackedFile>;
  /** Null: none is left to the journal. */
  readonly ended: EndedFiles | null;
  /** Reads the journal again, for a route that comes while the agent runs. Null: it has nothing of such a route. */
  readonly loadImage: (() => JournalImage) | null;
  readonly routes: Map<RouteName, RouteState>;
  readonly alarms: Alarms;
  /** The settings of each route, as the journal has them; also of routes that are configured no longer. */
  readonly configured: Map<RouteName, RouteSettings>;
  /** A listing is asked for as soon as one could show that nothing is left to do. */
  readonly untilIdle: boolean;
  stopping: { readonly by: string; readonly drain: boolean } | null;
  hasStopped: boolean;
}

/** Returns the state before the journal is loaded. @param wall milliseconds since the epoch */
export function emptyState(
  settings: CoreSettings,
  untilIdle: boolean,
  wall: number,
  { ended = null, loadImage = null }: Partial<Pick<CoreState, 'ended' | 'loadImage'>> = {},
): CoreState {
  return {
    settings,
    files: new Map(),
    ended,
    loadImage,
    routes: new Map(settings.routes.map((route) => [route.name, emptyRoute(route, wall)])),
    alarms: createAlarms(),
    configured: new Map(),
    untilIdle,
    stopping: null,
    hasStopped: false,
  };
}

/** @throws ProgrammingError where the route is not configured. */
export function routeOf(state: CoreState, name: RouteName): RouteState {
  const route = state.routes.get(name);
  assert(route !== undefined, `unknown route ${name}`);
  return route;
}

/** Forgets a route and its files, which stay in the journal. */
export function forgetRoute(state: CoreState, name: RouteName): void {
  state.routes.delete(name);
  for (const { id, route } of state.files.values()) {
    if (route !== name) continue;
    state.files.delete(id);
    state.alarms.clear(id);
  }
}

/** Puts a new or replaced record into the sets it belongs to. */
export function putFile(state: CoreState, file: TrackedFile): void {
  const route = routeOf(state, file.route);
  const before = state.files.get(file.id);
  if (before !== undefined) {
    countLanes(state.settings, route.lanes, before, -1);
    unlist(state.settings, route, before, file);
  }
  countLanes(state.settings, route.lanes, file, 1);
  if (isEnded(file.status) || (before !== undefined && before.destination !== file.destination)) route.renewed.delete(file.id);
  state.files.set(file.id, file);
  if (!isEnded(file.status)) route.byStatus[file.status].add(file.id);
  if (file.status === 'WAITING_FOR_SPACE') route.roomWait.add(file.id, file.fingerprint.sizeBytes);
  else if (before?.status === 'WAITING_FOR_SPACE') route.roomWait.delete(file.id);
  if (file.status === 'READY' && file.hold === null) {
    route.movable.add(file.id);
    movableOf(state.settings, route, file).add(file.id);
  }
  if (file.status === 'READY' && file.growing) route.readyGrowing.add(file.id);
  else route.readyGrowing.delete(file.id);
  if (file.toMark.length > 0) route.toMark.add(file.id);
  else route.toMark.delete(file.id);
  if (isCopied(file.status) || file.status === 'REMOVED') forgetSource(route, file.source);
  if (isLost(file)) route.lost.add(file.id);
  else forgetLost(route, file.id);
  if (isPausing(file)) route.pausing.add(file.id);
  if (bearsName(file)) route.names.set(file.destination, file.id);
  const newest = route.newest.get(file.source);
  if (newest === undefined || newest === file.id || before === undefined) replaceNewest(state, route, file);
}

function isPausing({ pauses = 0 }: TrackedFile): boolean {
  return pauses >= limits.pausesToNote;
}

/** What the intake saw of a path serves its copy, and nothing after that. */
function forgetSource(route: RouteState, source: string): void {
  route.identities.delete(source);
  route.changes.delete(source);
}

/** It is reported no longer. */
export function forgetLost(route: RouteState, id: FileId): void {
  route.lost.delete(id);
  route.lostNow.delete(id);
  route.lostSince.delete(id);
}

/** The set of the lane that it will need. */
function movableOf(settings: CoreSettings, route: RouteState, file: ReadyFile): Set<FileId> {
  if (file.growing) return route.movableGrowing;
  return isSmall(settings, file.fingerprint) ? route.movableSmall : route.movableLarge;
}

/** What stays in a set keeps its place there: sets are queues. */
function unlist(settings: CoreSettings, route: RouteState, before: TrackedFile, after: TrackedFile): void {
  if (before.status !== after.status) route.byStatus[before.status].delete(before.id);
  const isMovable = after.status === 'READY' && after.hold === null;
  if (!isMovable) route.movable.delete(before.id);
  if (before.status === 'READY' && !(isMovable && movableOf(settings, route, before) === movableOf(settings, route, after)))
    movableOf(settings, route, before).delete(before.id);
  if (before.destination !== after.destination || !bearsName(after)) freeName(route, before);
}

function freeName(route: RouteState, before: TrackedFile): void {
  if (route.names.get(before.destination) === before.id) route.names.delete(before.destination);
}

function replaceNewest(state: CoreState, route: RouteState, file: TrackedFile): void {
  const before = route.newest.get(file.source);
  route.newest.set(file.source, file.id);
  if (before === undefined || before === file.id) return;
  const old = state.files.get(before);
  assert(old !== undefined && isEnded(old.status), `two live files for ${file.source}`);
  dropFile(state, route, before);
}

/** An ended file that is not the newest of its path any more, or whose path is gone. */
function dropFile(state: CoreState, route: RouteState, id: FileId): void {
  state.files.delete(id);
  route.toMark.delete(id);
  route.renewed.delete(id);
  route.departed.delete(id);
  route.pausing.delete(id);
  forgetLost(route, id);
  route.sweeps = route.sweeps.filter(({ fileId }) => fileId !== id);
}

/**
 * The source of an ended file is gone: the path found again is a new tracked file. What it left at the destination is
 * cleared up first.
 */
export function departFile(state: CoreState, route: RouteState, file: TrackedFile): void {
  if (file.leftParts.length > 0 || file.toMark.length > 0) {
    route.departed.add(file.id);
    return;
  }
  route.departed.delete(file.id);
  forgetSource(route, file.source);
  route.sourceFiles.delete(file.source);
  if (isFoundByItsRecordOnly(file) || route.lost.has(file.id)) return;
  if (route.newest.get(file.source) === file.id) route.newest.delete(file.source);
  if (isCompleted(file)) noteGone(state, route, file.id);
  dropFile(state, route, file.id);
}

/**
 * Copied under another name than its own: brought back, its bytes would be looked for under the first and copied a
 * second time.
 */
function isFoundByItsRecordOnly({ status, destination, source }: TrackedFile): boolean {
  return isCopied(status) && destination !== source;
}

/** Whether a tracked file has its destination's name, or claims it. */
export function bearsName(file: TrackedFile): boolean {
  if (file.status === 'REMOVED') return false;
  // A hidden part has no name that anybody could want.
  return file.status !== 'FAILED' || file.left === file.destination;
}

/** @returns the newest tracked file of a source path, or null. */
export function newestOf(state: CoreState, route: RouteState, source: string): TrackedFile | null {
  const id = route.newest.get(source);
  return id === undefined ? (leftFileOf(state, route, source)?.file ?? null) : (state.files.get(id) ?? null);
}

/** @returns the newest tracked file of a source path, where it is left to the journal. */
export function leftFileOf({ ended }: CoreState, route: RouteState, source: string): LeftFile | null {
  if (ended === null || route.newest.has(source)) return null;
  const left = ended.newest(route.settings.name, source);
  return left === null || route.gone.has(left.number) ? null : left;
}

/** Whether the file of this number is the newest of its path, at the source, and left to the journal. */
export function isLeft(state: CoreState, route: RouteState, source: string, number: number): boolean {
  return leftFileOf(state, route, source)?.number === number;
}

/** @returns a tracked file by its id, wherever it is */
export function fileOf({ ended, files }: CoreState, id: FileId): TrackedFile | undefined {
  return files.get(id) ?? ended?.file(id) ?? undefined;
}

/** Its path is found empty: found again, it is a new file, whatever the journal has of it. */
function noteGone({ ended }: CoreState, route: RouteState, id: FileId): void {
  const number = ended?.numberOf(id) ?? null;
  if (number !== null) route.gone.add(number);
}

/** These are committed: of what has ended, core holds from now on only what is not left to the journal. */
export function leaveToJournal(state: CoreState, committed: readonly JournalRecord[]): void {
  if (state.ended === null) return;
  for (const record of committed) {
    const file = 'file' in record ? state.files.get(record.file.id) : undefined;
    if (file !== undefined && isCompleted(file) && isLeftToJournal(file)) leave(state, state.ended, file);
  }
}

function leave(state: CoreState, ended: EndedFiles, { id, route: name, source, identity }: CompletedFile): void {
  const route = routeOf(state, name);
  if (route.newest.get(source) !== id) return;
  route.newest.delete(source);
  if (route.names.get(source) === id) route.names.delete(source);
  if (identity !== undefined && route.sourceFiles.textOf(source) === identity) route.sourceFiles.delete(source);
  // While copied files of an earlier life are still to be confirmed, this one is not asked for again.
  const number = route.scanning.endedWalk === null || route.scanning.unconfirmed.has(source) ? null : ended.numberOf(id);
  if (number !== null) route.seen.add(number);
  dropFile(state, route, id);
}

interface Alarm {
  readonly at: number;
  readonly id: FileId;
  /** Of several that are due at the same moment, the one that was set first comes first. */
  readonly number: number;
}

/**
 * When each file is to be checked again: a binary heap, one valid alarm a file. Setting another moment for a file
 * leaves the old entry in the heap, where it is passed over when it comes up.
 */
export interface Alarms {
  /** @param at monotonic milliseconds */
  set(id: FileId, at: number): void;
  clear(id: FileId): void;
  /** Takes out what is due at `at`, earliest first; of one moment in the order in which they were set. */
  popDue(at: number): FileId[];
  /** @returns the earliest moment, or null where no alarm is set. */
  earliest(): number | null;
}

/** Creates alarms, none of which is set. */
export function createAlarms(): Alarms {
  const heap: Alarm[] = [];
  const current = new Map<FileId, number>();
  let count = 0;

  const isStale = (alarm: Alarm): boolean => current.get(alarm.id) !== alarm.at;

  const dropStale = (): void => {
    for (let top = heap[0]; top !== undefined && isStale(top); top = heap[0]) popTop(heap);
  };

  return {
    set(id, at) {
      if (current.get(id) === at) return;
      current.set(id, at);
      push(heap, { id, at, number: count });
      count += 1;
    },
    clear(id) {
      current.delete(id);
    },
    popDue(at) {
      const due: FileId[] = [];
      for (let top = heap[0]; top !== undefined && top.at <= at; top = heap[0]) {
        popTop(heap);
        if (isStale(top)) continue;
        current.delete(top.id);
        due.push(top.id);
      }
      return due;
    },
    earliest() {
      dropStale();
      return heap[0]?.at ?? null;
    },
  };
}

function push(heap: Alarm[], alarm: Alarm): void {
  let index = heap.length;
  heap.push(alarm);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Alarm;
    if (isBefore(above, alarm)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = alarm;
}

function popTop(heap: Alarm[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const child = smallerChild(heap, index);
    if (child === null || isBefore(last, heap[child] as Alarm)) break;
    heap[index] = heap[child] as Alarm;
    index = child;
  }
  heap[index] = last;
}

function smallerChild(heap: readonly Alarm[], index: number): number | null {
  const left = 2 * index + 1;
  const right = left + 1;
  if (left >= heap.length) return null;
  if (right >= heap.length) return left;
  return isBefore(heap[left] as Alarm, heap[right] as Alarm) ? left : right;
}

function isBefore(a: Alarm, b: Alarm): boolean {
  return a.at === b.at ? a.number < b.number : a.at < b.at;
}
