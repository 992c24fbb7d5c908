import { type Alarms, createAlarms } from './alarms.ts';
import { assert } from './assert.ts';
import type { Place } from './copy.ts';
import type { SourceEntry, SourceStateName } from './entry.ts';
import { isEnded, type Status, statuses, type TrackedFile } from './file.ts';
import type { CopyId, FileId, ListingId, LookId, ProbeId, RouteName, SweepId } from './ids.ts';
import type { DiskSpace, GateCause, SpaceLevel } from './probe.ts';
import type { Filling } from './scan/filling.ts';
import type { CoreSettings, RouteSettings } from './settings.ts';

/** Whether a destination may be written to, and what is known of it. Monotonic milliseconds, but for `since`. */
export interface Gate {
  state: 'open' | 'closed';
  /** Wall clock. */
  since: number;
  cause: GateCause | null;
  code: string | null;
  operator: string;
  technical: string;
  /** The question under way; `isSilent`: past its deadline, the gate was closed for it. */
  outstanding: { readonly probeId: ProbeId; readonly sentAt: number } | null;
  nextProbeAt: number;
  /** A probe sent later than this is wanted to judge a suspicion. */
  askedAt: number | null;
  place: Place | null;
  description: string | null;
  marker: string | null;
  plainFolderMeant: boolean;
  /** Moments of the latest closings. */
  closings: number[];
  /** Since when a flapping destination has answered without a break. */
  goodSince: number | null;
  /** When a copy last saw the destination answer. */
  lastSignAt: number;
}

/** What is known of a source. */
export interface SourceStatus {
  state: SourceStateName | 'unknown';
  /** Wall clock. */
  since: number;
  lastListingAt: number | null;
  code: string | null;
  description: string | null;
  freeBytes: number | null;
  filling: Filling | null;
  cacheMs: number;
}

/** An operator's word that nothing new is to be started. */
export interface RouteHold {
  readonly by: string;
  readonly since: number;
  readonly until: number | null;
  readonly reason: string;
}

/** One look or listing under way; evidence it brings is as old as its request. */
export interface Scanning {
  listing: { readonly id: ListingId; readonly requestedAt: number } | null;
  nextListingAt: number;
  look: { readonly id: LookId; readonly requestedAt: number } | null;
  wantedLooks: Set<string>;
  /** Paths of live files that this intake child has not told of yet; null: all are confirmed. */
  unconfirmed: Set<string>;
  completedListings: number;
  /** When the latest complete listing was asked for: what it does not show as moved was at rest then. */
  evidenceAt: number;
}

/** Parts of ended attempts, to be removed again later. */
export interface Sweep {
  readonly fileId: FileId;
  readonly dueAt: number;
  /** How often it was asked for since the destination was last away. */
  readonly round: number;
}

/** A carried file whose time changed and whose size did not: its bytes are hashed once it is at rest. */
export interface Recheck {
  readonly fileId: FileId;
  readonly entry: SourceEntry;
  /** Monotonic: when it was last seen to move. */
  readonly movedAt: number;
  /** Being hashed; null: waits. */
  readonly copyId: CopyId | null;
}

/** Evidence for `--until-idle`. Monotonic milliseconds. */
export interface Quiet {
  lastChangeAt: number;
  /** Request of the first complete listing that showed nothing left to do. */
  sinceListingAt: number | null;
  isIdle: boolean;
}

/** All about one route. Owned by core, edited in place. */
export interface RouteState {
  readonly settings: RouteSettings;
  readonly gate: Gate;
  readonly source: SourceStatus;
  readonly scanning: Scanning;
  readonly space: { disk: DiskSpace; level: SpaceLevel; isFull: boolean; askedAt: number };
  /** Ids by status, oldest first; ended ones are not kept here. */
  readonly byStatus: Record<Status, Set<FileId>>;
  /** READY without a hold: what may be queued. */
  readonly movable: Set<FileId>;
  /** Those of them that were found growing: few beside many that rest. */
  readonly movableGrowing: Set<FileId>;
  /** The newest tracked file of each source path, ended or not. */
  readonly newest: Map<string, FileId>;
  /** Who bears or claims a name at the destination. */
  readonly names: Map<string, FileId>;
  hold: RouteHold | null;
  /** Monotonic; infinite where the hold has no end, or there is none. */
  holdEndsAt: number;
  /** Source paths whose turn comes before that of all others, in this order. */
  readonly firsts: Set<string>;
  /** Stable copies at once; fewer after an outage by silence. */
  laneLimit: number;
  /** Carried files whose time changed, waiting to be hashed. */
  readonly rechecks: Map<FileId, Recheck>;
  /** Files whose lineage has a visible leftover to be renamed, and those the carrier is renaming now. */
  readonly toMark: Set<FileId>;
  readonly marking: Set<FileId>;
  sweeps: Sweep[];
  readonly sweeping: Map<SweepId, FileId>;
  /** Ended files whose source is gone, kept until nothing of theirs is left to be cleared up. */
  readonly departed: Set<FileId>;
  /** Learned on Sluice's own files: names have to be claimed here. */
  linksRefused: boolean;
  readonly quiet: Quiet;
}

export interface CoreState {
  readonly settings: CoreSettings;
  readonly files: Map<FileId, TrackedFile>;
  readonly routes: Map<RouteName, RouteState>;
  readonly alarms: Alarms;
  /** A listing is asked for as soon as one could prove that nothing is left to do. */
  readonly untilIdle: boolean;
  stopping: { readonly by: string; readonly drain: boolean } | null;
  hasStopped: boolean;
}

export function emptyState(settings: CoreSettings, untilIdle: boolean, wall: number): CoreState {
  return {
    settings,
    files: new Map(),
    routes: new Map(settings.routes.map((route) => [route.name, emptyRoute(route, wall)])),
    alarms: createAlarms(),
    untilIdle,
    stopping: null,
    hasStopped: false,
  };
}

function emptyRoute(settings: RouteSettings, wall: number): RouteState {
  return {
    settings,
    gate: {
      state: 'closed',
      since: wall,
      cause: 'unknown',
      code: null,
      operator: 'asking the destination',
      technical: 'no probe has answered yet',
      outstanding: null,
      nextProbeAt: Number.NEGATIVE_INFINITY,
      askedAt: null,
      place: null,
      description: null,
      marker: null,
      plainFolderMeant: false,
      closings: [],
      goodSince: null,
      lastSignAt: Number.NEGATIVE_INFINITY,
    },
    source: {
      state: 'unknown',
      since: wall,
      lastListingAt: null,
      code: null,
      description: null,
      freeBytes: null,
      filling: null,
      cacheMs: 0,
    },
    scanning: {
      listing: null,
      nextListingAt: Number.NEGATIVE_INFINITY,
      look: null,
      wantedLooks: new Set(),
      unconfirmed: new Set(),
      completedListings: 0,
      evidenceAt: Number.NEGATIVE_INFINITY,
    },
    space: { disk: { totalBytes: null, freeBytes: null }, level: 'unknown', isFull: false, askedAt: Number.NEGATIVE_INFINITY },
    byStatus: Object.fromEntries(statuses.map((status) => [status, new Set()])) as unknown as RouteState['byStatus'],
    movable: new Set(),
    movableGrowing: new Set(),
    newest: new Map(),
    names: new Map(),
    hold: null,
    holdEndsAt: Number.POSITIVE_INFINITY,
    firsts: new Set(),
    laneLimit: Number.POSITIVE_INFINITY,
    rechecks: new Map(),
    toMark: new Set(),
    marking: new Set(),
    sweeps: [],
    sweeping: new Map(),
    departed: new Set(),
    linksRefused: false,
    quiet: { lastChangeAt: Number.NEGATIVE_INFINITY, sinceListingAt: null, isIdle: false },
  };
}

/** @throws ProgrammingError where the route is not configured. */
export function routeOf(state: CoreState, name: RouteName): RouteState {
  const route = state.routes.get(name);
  assert(route !== undefined, `unknown route ${name}`);
  return route;
}

/** Puts a new or replaced record in its places. */
export function putFile(state: CoreState, file: TrackedFile): void {
  const route = routeOf(state, file.route);
  const before = state.files.get(file.id);
  if (before !== undefined) unlist(route, before, file);
  state.files.set(file.id, file);
  if (!isEnded(file.status)) route.byStatus[file.status].add(file.id);
  if (file.status === 'READY' && file.hold === null) {
    route.movable.add(file.id);
    if (file.growing) route.movableGrowing.add(file.id);
  }
  if (file.toMark.length > 0) route.toMark.add(file.id);
  else route.toMark.delete(file.id);
  if (bearsName(file)) route.names.set(file.destination, file.id);
  const newest = route.newest.get(file.source);
  if (newest === undefined || newest === file.id || before === undefined) takeNewest(state, route, file);
}

/** What stays in a set keeps its place there: sets are queues. */
function unlist(route: RouteState, before: TrackedFile, after: TrackedFile): void {
  if (before.status !== after.status) route.byStatus[before.status].delete(before.id);
  if (after.status !== 'READY' || after.hold !== null) route.movable.delete(before.id);
  if (after.status !== 'READY' || after.hold !== null || !after.growing) route.movableGrowing.delete(before.id);
  if (before.destination !== after.destination || !bearsName(after)) freeName(route, before);
}

function freeName(route: RouteState, before: TrackedFile): void {
  if (route.names.get(before.destination) === before.id) route.names.delete(before.destination);
}

function takeNewest(state: CoreState, route: RouteState, file: TrackedFile): void {
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
  route.departed.delete(id);
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
  if (route.newest.get(file.source) === file.id) route.newest.delete(file.source);
  dropFile(state, route, file.id);
}

function bearsName(file: TrackedFile): boolean {
  if (file.status === 'REMOVED') return false;
  return file.status !== 'FAILED' || file.left !== null;
}

/** @returns the newest tracked file of a source path, or null. */
export function newestOf(state: CoreState, route: RouteState, source: string): TrackedFile | null {
  const id = route.newest.get(source);
  return id === undefined ? null : (state.files.get(id) ?? null);
}
