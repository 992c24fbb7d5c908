import type { EndedFiles, LeftFile } from '../messages/ports.ts';
import type { JournalImage, JournalRecord } from '../messages/record.ts';
import { ProgrammingError } from '../model/assert.ts';
import {
  type CompletedFile,
  isBeingRemoved,
  isCompleted,
  isCopied,
  isEnded,
  isLost,
  isSourceRemoved,
  type ReadyFile,
  type TrackedFile,
} from '../model/file.ts';
import type { FileId, RouteName } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import type { CoreSettings, RouteSettings } from '../model/settings.ts';
import { type Alarms, createAlarms } from './alarms.ts';
import { countLanes, isSmall } from './lanes.ts';
import { forgetRemoval, noteRemoval } from './removals.ts';
import { emptyRoute, type RouteState } from './route-state.ts';
import { forgetSeen, takeSeen } from './sightings.ts';

export type { RouteHold } from './route-hold.ts';
export type { Blocker, FormerDestination, Listing, Recheck, RouteState, Sweep } from './route-state.ts';

/** The whole state of core. */
export interface CoreState {
  settings: CoreSettings;
  /** Live files, and ended files that are the newest of their paths. Files that are left to the journal are not in it. */
  readonly files: Map<FileId, TrackedFile>;
  /** The files that are left to the journal. Null: none is. */
  readonly ended: EndedFiles | null;
  /** Reads the journal again, for a route that is added while the agent runs. Null: the journal has no record of such a route. */
  readonly loadImage: (() => JournalImage) | null;
  readonly routes: Map<RouteName, RouteState>;
  readonly alarms: Alarms;
  /** The settings of each route that the journal has, including routes that are no longer configured. */
  readonly configured: Map<RouteName, RouteSettings>;
  /** The agent ends when idle: a listing is requested as soon as it could show that nothing is left to do. */
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

/** @throws ProgrammingError if the route is not configured */
export function routeOf(state: CoreState, name: RouteName): RouteState {
  const route = state.routes.get(name);
  if (route === undefined) throw new ProgrammingError(`unknown route ${name}`);
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

/** Stores a new or changed tracked file, and updates the sets that it belongs to. */
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
  if (needsPerson(file)) route.needing.add(file.id);
  else route.needing.delete(file.id);
  if (file.toMark.length > 0) route.toMark.add(file.id);
  else route.toMark.delete(file.id);
  if (hasLeftovers(file)) route.leaving.add(file.id);
  else route.leaving.delete(file.id);
  if (isCopied(file.status) || file.status === 'REMOVED') forgetSeen(route, file.source);
  else if (route.seenSince.size > 0) takeSeen(route, file);
  if (isLost(file)) route.lost.add(file.id);
  else forgetLost(route, file.id);
  if ('removal' in file || route.removals.wanted.size > 0) noteRemoval(route.removals, file);
  if (isPausing(file)) route.pausing.add(file.id);
  if (bearsName(file)) route.names.set(file.destination, file.id);
  if (isNewest(state, route, file, before !== undefined)) replaceNewest(state, route, file);
}

/**
 * Returns whether a file is the newest of its path. A file with a hidden name is held although another one has its path by now, and that
 * one may be left to the journal.
 *
 * @param isHeld core holds the file already
 */
function isNewest({ ended }: CoreState, route: RouteState, file: TrackedFile, isHeld: boolean): boolean {
  const newest = route.newest.get(file.source);
  if (newest !== undefined) return newest === file.id || !isHeld;
  if (ended === null || !(isHeld || isBeingRemoved(file))) return true;
  const left = ended.newest(route.settings.name, file.source);
  return left === null || left.number <= (ended.numberOf(file.id) ?? left.number);
}

function needsPerson(file: TrackedFile): boolean {
  return file.status === 'GROWING' ? file.stuck : file.status === 'READY' && file.hold === 'needs_you';
}

function isPausing({ pauses = 0 }: TrackedFile): boolean {
  return pauses >= limits.pausesToNote;
}

/** Removes a file from the lost files that are reported. */
export function forgetLost(route: RouteState, id: FileId): void {
  route.lost.delete(id);
  route.lostNow.delete(id);
  route.lostSince.delete(id);
}

/** Returns the set of movable files for the lane that the file needs. */
function movableOf(settings: CoreSettings, route: RouteState, file: ReadyFile): Set<FileId> {
  if (file.growing) return route.movableGrowing;
  return isSmall(settings, file.fingerprint) ? route.movableSmall : route.movableLarge;
}

/** Removes a file from the sets that it leaves. In the other sets it keeps its position: sets are used as queues. */
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
  if (old === undefined || !isEnded(old.status)) throw new ProgrammingError(`two live files for ${file.source}`);
  // A file with a hidden name stays, whatever file has its path now: it has to be removed or restored.
  if (!isBeingRemoved(old)) dropFile(state, route, before);
}

/** Removes an ended file that is no longer the newest of its path, or whose path is gone. */
export function dropFile(state: CoreState, route: RouteState, id: FileId): void {
  state.files.delete(id);
  route.toMark.delete(id);
  route.leaving.delete(id);
  route.removingLeftover.delete(id);
  route.renewed.delete(id);
  route.departed.delete(id);
  route.foundGone.delete(id);
  route.pausing.delete(id);
  forgetLost(route, id);
  if (route.removals.wanted.size > 0) forgetRemoval(route.removals, id);
  route.sweeps = route.sweeps.filter(({ fileId }) => fileId !== id);
}

/**
 * Removes an ended file whose source is gone. If the path appears again, it is a new tracked file. A file with leftovers at the
 * destination is kept until they are cleared.
 */
export function departFile(state: CoreState, route: RouteState, file: TrackedFile): void {
  if (isBeingRemoved(file)) return;
  if (file.leftParts.length > 0 || file.toMark.length > 0) {
    route.departed.add(file.id);
    return;
  }
  route.departed.delete(file.id);
  forgetSeen(route, file.source);
  route.sourceFiles.delete(file.source);
  if (isFoundByItsRecordOnly(file) || hasLeftovers(file) || route.lost.has(file.id)) return;
  if (route.newest.get(file.source) === file.id) route.newest.delete(file.source);
  if (isCompleted(file)) noteGone(state, route, file.id);
  dropFile(state, route, file.id);
}

/** Returns whether a file has leftovers, which only its record describes. */
function hasLeftovers({ leftovers = [] }: TrackedFile): boolean {
  return leftovers.length > 0;
}

/**
 * Returns whether a file was copied under a name other than its own. If its source came back, Sluice would look for the bytes
 * under the original name, not find them, and copy them a second time; the record prevents that.
 */
function isFoundByItsRecordOnly(file: TrackedFile): boolean {
  // A file that Sluice itself has removed is not restored.
  if (isSourceRemoved(file)) return false;
  return isCopied(file.status) && file.destination !== file.source;
}

/** Returns whether a tracked file has its destination name, or claims it. */
export function bearsName(file: TrackedFile): boolean {
  if (file.status === 'REMOVED') return false;
  // A failed attempt with only a hidden temporary file does not occupy a name.
  return file.status !== 'FAILED' || file.left === file.destination;
}

/** @returns the newest tracked file of a source path, or null */
export function newestOf(state: CoreState, route: RouteState, source: string): TrackedFile | null {
  const id = route.newest.get(source);
  return id === undefined ? (leftFileOf(state, route, source)?.file ?? null) : (state.files.get(id) ?? null);
}

/** @returns the newest tracked file of a source path if it is left to the journal, else null */
export function leftFileOf({ ended }: CoreState, route: RouteState, source: string): LeftFile | null {
  if (ended === null || route.newest.has(source)) return null;
  const left = ended.newest(route.settings.name, source);
  return left === null || route.gone.has(left.number) ? null : left;
}

/** Returns whether the file of this number is the newest of its path, is at the source, and is left to the journal. */
export function isLeft(state: CoreState, route: RouteState, source: string, number: number): boolean {
  return leftFileOf(state, route, source)?.number === number;
}

/** @returns a tracked file by its id, from memory or from the journal */
export function fileOf({ ended, files }: CoreState, id: FileId): TrackedFile | undefined {
  return files.get(id) ?? ended?.file(id) ?? undefined;
}

/** Notes that the path of a file is gone. If the path appears again, it is a new file, whatever the journal has of it. */
function noteGone({ ended }: CoreState, route: RouteState, id: FileId): void {
  const number = ended?.numberOf(id) ?? null;
  if (number !== null) route.gone.add(number);
}

/**
 * Drops committed ended files that need not stay in memory. From now on only the journal has them. A file that has changed in memory since its
 * last record, for example because it came back, stays: the journal does not have that change.
 */
export function leaveToJournal(state: CoreState, committed: readonly JournalRecord[]): void {
  if (state.ended === null) return;
  const newest = new Map<FileId, TrackedFile>();
  for (const record of committed) if ('file' in record && isCompleted(record.file)) newest.set(record.file.id, record.file);
  for (const [id, recorded] of newest) {
    const file = state.files.get(id);
    if (file !== undefined && isCompleted(file) && isLeftToJournal(file) && isLeftToJournal(recorded)) leave(state, state.ended, file);
  }
}

function leave(state: CoreState, ended: EndedFiles, { id, route: name, source, identity }: CompletedFile): void {
  const route = routeOf(state, name);
  if (route.newest.get(source) !== id) return;
  const isAnyGone = !route.gone.isUnused();
  // While copied files of an earlier run still have to be confirmed, this one need not be asked for again.
  const isSeen = route.scanning.endedWalk !== null && !route.scanning.unconfirmed.has(source);
  const number = isAnyGone || isSeen ? ended.numberOf(id) : null;
  // Another file of this path was copied and removed after this one, and would be taken for its newest.
  if (isAnyGone && ended.newest(name, source)?.number !== number) return;
  route.newest.delete(source);
  if (route.names.get(source) === id) route.names.delete(source);
  if (identity !== undefined && route.sourceFiles.textOf(source) === identity) route.sourceFiles.delete(source);
  // A file that got its name back counted as gone before.
  if (number !== null && isAnyGone) route.gone.delete(number);
  if (number !== null && isSeen) route.seen.add(number);
  dropFile(state, route, id);
}

/**
 * Returns whether only the journal has a file: it was copied under its own name, is at the source as far as is known, and nothing
 * remains to be done for it. There may be millions of such files. All other files are held in memory as well.
 */
export function isLeftToJournal(file: TrackedFile): boolean {
  return (
    file.status === 'COMPLETED' &&
    file.destination === file.source &&
    file.afterCopy === 'none' &&
    !file.sourceGone &&
    file.leftParts.length === 0 &&
    file.toMark.length === 0 &&
    file.pauses === undefined &&
    file.renamedFrom === undefined &&
    file.renamedTo === undefined
  );
}

/**
 * Returns whether core holds a file after a start, if it is the newest of its path. A file whose source Sluice has removed is held while
 * something of its attempts may be at the destination: nothing else knows of it.
 */
export function isHeldAtStart(file: TrackedFile): boolean {
  if (isLeftToJournal(file)) return false;
  return !isSourceRemoved(file) || file.leftParts.length > 0 || file.toMark.length > 0 || hasLeftovers(file);
}
