import type { Renaming } from '../messages/route-event.ts';
import type { RouteTroubleName } from '../model/conditions.ts';
import type { DestinationMount } from '../model/copy.ts';
import type { Finding } from '../model/fault.ts';
import { type SourceEntry, type Status, statuses } from '../model/file.ts';
import type { CheckId, CopyId, FileId, ListingId, ProbeId, SweepId } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import type { DiskSpace, GateCause, SpaceLevel } from '../model/probe.ts';
import type { RouteSettings } from '../model/settings.ts';
import { emptyLaneCounts, type LaneCounts } from './lanes.ts';
import { NumberSet } from './number-set.ts';
import { noRemovals, type Removals } from './removals.ts';
import type { RouteEnding, RouteHold } from './route-hold.ts';
import { noSightings, type Sightings } from './sightings.ts';
import { type SourceStatus, unknownSource } from './source-status.ts';
import { createRoomWait, type RoomWait } from './waiting-for-space.ts';

/** Whether a destination may be written to, and what is known of it. Times are monotonic milliseconds, except `since`. */
export interface Gate {
  state: 'open' | 'closed';
  /** Wall clock, milliseconds since the epoch. */
  since: number;
  /** When the outage began that an earlier agent saw and did not see end. Wall clock. Null: there was none. */
  earlierSince: number | null;
  cause: GateCause | null;
  code: string | null;
  finding: Finding;
  /** The probe that has not been answered yet. Null: none. */
  outstanding: { readonly probeId: ProbeId; readonly sentAt: number } | null;
  nextProbeAt: number;
  /** An open suspicion, or an operator, needs a probe that is sent after this moment. Null: no such probe is needed. */
  askedAt: number | null;
  mount: DestinationMount | null;
  description: string | null;
  marker: string | null;
  /** The marker that is written if the destination has none. It is journaled before the first attempt to write it. */
  intendedMarker: string | null;
  plainFolderMeant: boolean;
  /**
   * The operator's command `before_probe`: its program, when it was last requested (monotonic and wall clock), whether it runs, and
   * whether a probe followed it.
   */
  readonly preparing: { program: string; askedAt: number; askedWall: number; isRunning: boolean; isProbed: boolean };
  /** When the gate closed, for the latest times. */
  closings: number[];
  /** The start of an unbroken series of good answers. A flapping destination opens only after it has lasted long enough. */
  goodSince: number | null;
  /** When a copy last got an answer from the destination. */
  lastSignAt: number;
  /** When the journal last accepted records that it had refused. Until then the agent read no answers. */
  resumedAt: number;
}

/** A listing that was requested. */
export interface Listing {
  readonly id: ListingId;
  readonly requestedAt: number;
  readonly isQuick: boolean;
  /** An operator said for this listing that files missing from it were removed on purpose. */
  readonly emptyIsMeant: boolean;
}

/** A check that was requested. */
export interface Check {
  readonly id: CheckId;
  readonly requestedAt: number;
  /** The number of paths, if the check has all files that have to come to rest. Null: it has only some. */
  readonly evidenceOf: number | null;
}

/** The files that had not settled when a full listing ended. */
interface Settling {
  readonly ids: readonly FileId[];
  /** The place of the first file to which the listing was not applied yet. */
  next: number;
  readonly requestedAt: number;
  /** Folders that the listing could not read; nothing is known about the files in them. */
  readonly unread: readonly string[];
}

/** The listings and checks of a source. Evidence from one of them counts from the moment of its request. */
export interface Scanning {
  listing: Listing | null;
  nextListingAt: number;
  /** The last listing was requested as a quick one, but only a full one was possible. */
  wasQuickRefused: boolean;
  /** Until this moment a quick listing is enough, as long as few files are unsettled. */
  nextFullListingAt: number;
  check: Check | null;
  pathsToCheck: Set<string>;
  /** More paths were to be checked than one check may have. */
  wantsFullListing: boolean;
  /** The next check has to have all files that have to come to rest. */
  wantsEvidence: boolean;
  /** An operator requested the next listing: files that are missing from it were removed on purpose, however many they are. */
  emptyIsMeant: boolean;
  /** Paths of tracked files that the current intake child has not reported yet. */
  unconfirmed: Set<string>;
  /** How far the files that are left to the journal have been confirmed. Null: all are. */
  endedWalk: { after: number; readonly until: number } | null;
  /** The files to which the latest full listing is still to be applied. Null: it is applied to all. */
  settling: Settling | null;
  /** Paths that the intake is to report again, whether they have changed or not. */
  again: Set<string>;
  completedListings: number;
  /** When the latest complete listing was requested. A file that it does not report as changed was at rest then. */
  evidenceAt: number;
  /** When the latest full listing that followed the present rules was requested. A file that it does not have is left alone by them. */
  rulesListedAt: number;
  /** When the settings were last read again, and with them the rules. */
  rulesReadAt: number;
}

/** The destination that a route had before its present one. */
export interface FormerDestination {
  /** Null: it had none, or its marker is not known. */
  readonly marker: string | null;
  /** Files that were copied to the present destination since the agent started. */
  readonly copiedSince: Set<FileId>;
}

/** A removal of temporary files of ended attempts that is planned. */
export interface Sweep {
  readonly fileId: FileId;
  readonly dueAt: number;
  /** How many times it was requested since the destination was last offline. */
  readonly round: number;
}

/** A copied file whose modification time changed but whose size did not. Its bytes are hashed once it is at rest. */
export interface Recheck {
  readonly fileId: FileId;
  readonly entry: SourceEntry;
  /** When the file was last seen to change. Monotonic milliseconds. */
  readonly movedAt: number;
  /** The hash that runs. Null: it has not started. */
  readonly copyId: CopyId | null;
  /** True if the file could not be read at the last attempt. */
  readonly hasFailed?: true;
}

/** Evidence that a route is idle, for `--until-idle`. Monotonic milliseconds. */
export interface Quiet {
  lastChangeAt: number;
  /** When the first complete listing that showed nothing left to do was requested. */
  sinceListingAt: number | null;
  isIdle: boolean;
  /** A condition that only a person can end, and when it began. */
  blocked: { readonly by: Blocker; readonly since: number } | null;
}

/**
 * A condition for which a person is called: how long it has lasted, and whether a person was called. Monotonic milliseconds,
 * except `sinceWall`.
 */
export interface RouteTrouble {
  since: number;
  /** Wall clock. */
  readonly sinceWall: number;
  /** When the condition seemed to end. It may come back. Null: it lasts. */
  goneSince: number | null;
  isCalled: boolean;
}

/** A condition that blocks a route until a person does something. */
export type Blocker = 'wrong_disk' | 'destination_refuses' | 'no_room_ever' | 'source_suddenly_empty';

/** All state of one route. Core owns it and edits it in place. */
export interface RouteState extends Sightings {
  settings: RouteSettings;
  /** Set if the route was removed from the settings. It ends when its running copies have ended. Null: it was not removed. */
  ending: RouteEnding | null;
  readonly gate: Gate;
  readonly source: SourceStatus;
  readonly scanning: Scanning;
  readonly space: { disk: DiskSpace; level: SpaceLevel; isFull: boolean; askedAt: number };
  /** Ids by status, oldest first. Ended files are not in it. */
  readonly byStatus: Record<Status, Set<FileId>>;
  readonly lanes: LaneCounts;
  /** The sizes of the files in WAITING_FOR_SPACE. */
  readonly roomWait: RoomWait;
  /** The conditions for which a person is called, by name. */
  readonly troubles: Map<RouteTroubleName, RouteTrouble>;
  /** A lack of room: when it began, when it was last recorded, and when it seemed to end. Monotonic milliseconds. */
  roomReported: { readonly since: number; at: number | null; goneSince: number | null } | null;
  /** Files that need a person, oldest first. */
  readonly needing: Set<FileId>;
  /** READY files without a hold. They may be queued. */
  readonly movable: Set<FileId>;
  /** READY files that grow, with or without a hold. They are few compared with the files at rest. */
  readonly readyGrowing: Set<FileId>;
  /** The growing ones that may be queued. */
  readonly movableGrowing: Set<FileId>;
  /** The files at rest that may be queued, by size. Large and small files do not wait for each other. */
  readonly movableLarge: Set<FileId>;
  readonly movableSmall: Set<FileId>;
  /** The newest tracked file of each source path, ended or not, without those that are left to the journal. */
  readonly newest: Map<string, FileId>;
  /** Source paths whose files also have another path, and that path. The file counts as renamed once the first path is gone. */
  readonly renames: Map<string, string>;
  /**
   * The latest renaming, the number of renamed files, and when. Null: nothing was renamed recently. Monotonic milliseconds. Not
   * kept over a restart.
   */
  renamed: { readonly latest: Renaming; readonly files: number; readonly at: number } | null;
  /**
   * Files that are left to the journal: those that the current intake child has reported, and those that are no longer at the
   * source.
   */
  readonly seen: NumberSet;
  readonly gone: NumberSet;
  /** Which file has or claims a name at the destination, without those that are left to the journal. */
  readonly names: Map<string, FileId>;
  /** Files that are copied again under the names of their earlier copies. They own those names. Not kept over a restart. */
  readonly renewed: Set<FileId>;
  hold: RouteHold | null;
  /** Monotonic milliseconds. Infinite if the hold has no end, or if there is none. */
  holdEndsAt: number;
  /** Source paths that an operator put first, in this order. */
  readonly firsts: Set<string>;
  /** How many stable copies may run at once. It is lower for a while after an outage by silence. */
  laneLimit: number;
  /** Copied files whose modification time changed and that are to be hashed. */
  readonly rechecks: Map<FileId, Recheck>;
  /** The file whose source was last asked to be hashed. */
  lastRecheck: FileId | null;
  /** Files whose lineage has a visible leftover to rename, and those that the carrier is renaming now. */
  readonly toMark: Set<FileId>;
  readonly marking: Set<FileId>;
  /** Files whose lineage has visible leftovers, and files of which the carrier is removing one now. */
  readonly leaving: Set<FileId>;
  readonly removingLeftover: Set<FileId>;
  sweeps: Sweep[];
  readonly sweeping: Map<SweepId, FileId>;
  /** Ended files whose source is gone. They are kept until none of their leftovers remain. */
  readonly departed: Set<FileId>;
  /** Files that a carrier found gone at the source, and of which the intake has not said the same yet. */
  readonly foundGone: Set<FileId>;
  /** Files that vanished at the source before they were copied, and those that vanished since the agent started. Oldest first. */
  readonly lost: Set<FileId>;
  readonly lostNow: Set<FileId>;
  /** When they vanished. The time is monotonic, so that a change of the wall clock does not change how long they are reported. */
  readonly lostSince: Map<FileId, number>;
  /** The newest files of paths for which `stable_after` is too short: their writers went on several times after the copy. */
  readonly pausing: Set<FileId>;
  /** How long a name the destination accepts, learned from its refusals. Bytes. */
  nameBytes: number;
  /** The longest name and the longest relative path that the destination is known to accept. Null: not known. */
  taken: { readonly nameBytes: number | null; readonly pathBytes: number | null };
  /** The largest file that the destination accepts, learned from where a copy was refused as too big. Bytes. */
  fileBytes: number;
  /** A link to one of Sluice's own files was refused. Names are claimed at this destination instead. */
  linksRefused: boolean;
  /** Removals at the source. */
  readonly removals: Removals;
  readonly quiet: Quiet;
  /**
   * The destination that the route had before. Null: it had none, or the files that were copied there have been compared with the
   * present one.
   */
  movedFrom: FormerDestination | null;
}

/** Returns the state of a route before anything is known. @param wall milliseconds since the epoch */
export function emptyRoute(settings: RouteSettings, wall: number): RouteState {
  return {
    settings,
    ending: null,
    gate: emptyGate(wall),
    source: unknownSource(wall),
    scanning: emptyScanning(),
    space: { disk: { totalBytes: null, freeBytes: null }, level: 'unknown', isFull: false, askedAt: Number.NEGATIVE_INFINITY },
    byStatus: Object.fromEntries(statuses.map((status) => [status, new Set()])) as unknown as RouteState['byStatus'],
    lanes: emptyLaneCounts(),
    roomWait: createRoomWait(),
    troubles: new Map(),
    roomReported: null,
    needing: new Set(),
    movable: new Set(),
    readyGrowing: new Set(),
    movableGrowing: new Set(),
    movableLarge: new Set(),
    movableSmall: new Set(),
    newest: new Map(),
    ...noSightings(),
    renames: new Map(),
    renamed: null,
    seen: new NumberSet(),
    gone: new NumberSet(),
    names: new Map(),
    renewed: new Set(),
    hold: null,
    holdEndsAt: Number.POSITIVE_INFINITY,
    firsts: new Set(),
    laneLimit: Number.POSITIVE_INFINITY,
    rechecks: new Map(),
    lastRecheck: null,
    toMark: new Set(),
    marking: new Set(),
    leaving: new Set(),
    removingLeftover: new Set(),
    sweeps: [],
    sweeping: new Map(),
    departed: new Set(),
    foundGone: new Set(),
    lost: new Set(),
    lostNow: new Set(),
    lostSince: new Map(),
    pausing: new Set(),
    nameBytes: limits.nameBytes,
    taken: { nameBytes: null, pathBytes: null },
    fileBytes: Number.POSITIVE_INFINITY,
    linksRefused: false,
    removals: noRemovals(),
    quiet: { lastChangeAt: Number.NEGATIVE_INFINITY, sinceListingAt: null, isIdle: false, blocked: null },
    movedFrom: null,
  };
}

function emptyScanning(): Scanning {
  return {
    listing: null,
    nextListingAt: Number.NEGATIVE_INFINITY,
    nextFullListingAt: Number.NEGATIVE_INFINITY,
    wasQuickRefused: false,
    check: null,
    pathsToCheck: new Set(),
    wantsFullListing: false,
    wantsEvidence: false,
    emptyIsMeant: false,
    unconfirmed: new Set(),
    endedWalk: null,
    settling: null,
    again: new Set(),
    completedListings: 0,
    evidenceAt: Number.NEGATIVE_INFINITY,
    rulesListedAt: Number.NEGATIVE_INFINITY,
    rulesReadAt: Number.NEGATIVE_INFINITY,
  };
}

function emptyGate(wall: number): Gate {
  return {
    state: 'closed',
    since: wall,
    earlierSince: null,
    cause: 'unknown',
    code: null,
    finding: { kind: 'not_probed' },
    outstanding: null,
    nextProbeAt: Number.NEGATIVE_INFINITY,
    askedAt: null,
    mount: null,
    description: null,
    marker: null,
    intendedMarker: null,
    plainFolderMeant: false,
    preparing: { program: '', askedAt: Number.NEGATIVE_INFINITY, askedWall: 0, isRunning: false, isProbed: true },
    closings: [],
    goodSince: null,
    lastSignAt: Number.NEGATIVE_INFINITY,
    resumedAt: Number.NEGATIVE_INFINITY,
  };
}
