import type { Renaming } from '../messages/route-event.ts';
import type { DestinationMount } from '../model/copy.ts';
import { isRunning, type SourceEntry, type Status, statuses, type TrackedFile } from '../model/file.ts';
import type { Finding } from '../model/finding.ts';
import type { CheckId, CopyId, FileId, Fingerprint, ListingId, ProbeId, SweepId } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import type { DiskSpace, GateCause, SpaceLevel } from '../model/probe.ts';
import { type CoreSettings, type RouteSettings, smallLanes } from '../model/settings.ts';
import type { RouteTroubleName } from '../model/trouble.ts';
import { NumberSet } from './number-set.ts';
import { createRoomWait, type RoomWait } from './room-wait.ts';
import { createSourceFiles, type SourceFiles } from './source-files.ts';
import { type SourceStatus, unknownSource } from './source-status.ts';

/** Whether a destination may be written to, and what is known of it. Monotonic milliseconds, but for `since`. */
export interface Gate {
  state: 'open' | 'closed';
  /** Wall clock. */
  since: number;
  cause: GateCause | null;
  code: string | null;
  finding: Finding;
  /** The question under way; `isSilent`: past its deadline, the gate was closed for it. */
  outstanding: { readonly probeId: ProbeId; readonly sentAt: number } | null;
  nextProbeAt: number;
  /** A probe sent later than this is needed to judge a suspicion. */
  askedAt: number | null;
  mount: DestinationMount | null;
  description: string | null;
  marker: string | null;
  /** What is written where no marker is; journaled before it was first tried. */
  intendedMarker: string | null;
  plainFolderMeant: boolean;
  /** Moments of the latest closings. */
  closings: number[];
  /** Since when a flapping destination has answered without a break. */
  goodSince: number | null;
  /** When a copy last saw the destination answer. */
  lastSignAt: number;
  /** When the journal last took what it had refused: no answer was read before. */
  resumedAt: number;
}

/** An operator's hold: nothing new is started. */
export interface RouteHold {
  readonly by: string;
  readonly since: number;
  readonly until: number | null;
  readonly reason: string;
}

/** A listing that was asked for. */
export interface Listing {
  readonly id: ListingId;
  readonly requestedAt: number;
  readonly isQuick: boolean;
  /** An operator said of this one that what is missing in it is gone. */
  readonly emptyIsMeant: boolean;
}

/** A check that was asked for. */
export interface Check {
  readonly id: CheckId;
  readonly requestedAt: number;
  /** Where all files that have to come to rest are in it: how many paths it has. */
  readonly evidenceOf: number | null;
}

/** One check or listing under way; evidence it brings is as old as its request. */
export interface Scanning {
  listing: Listing | null;
  nextListingAt: number;
  /** The last listing was to be quick, and only a full one was possible. */
  wasQuickRefused: boolean;
  /** Until then a quick listing is enough where little is unsettled. */
  nextFullListingAt: number;
  check: Check | null;
  pathsToCheck: Set<string>;
  /** More paths wanted to be checked than one check has. */
  wantsFullListing: boolean;
  /** The next check has to have all files that have to come to rest. */
  wantsEvidence: boolean;
  /** An operator asked for the next listing: what is missing in it is gone, however much that is. */
  emptyIsMeant: boolean;
  /** Paths of files of core that this intake child has not reported yet. */
  unconfirmed: Set<string>;
  /** Files that are left to the journal, which have to be confirmed as well; null: all are. */
  endedWalk: { after: number; readonly until: number } | null;
  completedListings: number;
  /** When the latest complete listing was asked for: what it does not show as moved was at rest then. */
  evidenceAt: number;
}

/** A destination of a route that has another one by now. */
export interface FormerDestination {
  /** Null: it had none, or it is not known. */
  readonly marker: string | null;
  /** Files that were copied to the new one since the agent started. */
  readonly copiedSince: Set<FileId>;
}

/** Parts of ended attempts, to be removed again later. */
export interface Sweep {
  readonly fileId: FileId;
  readonly dueAt: number;
  /** How often it was asked for since the destination was last away. */
  readonly round: number;
}

/** A copied file whose time changed and whose size did not: its bytes are hashed once it is at rest. */
export interface Recheck {
  readonly fileId: FileId;
  readonly entry: SourceEntry;
  /** Monotonic: when it was last seen to move. */
  readonly movedAt: number;
  /** Being hashed; null: waits. */
  readonly copyId: CopyId | null;
  /** It could not be read before. */
  readonly hasFailed?: true;
}

/** Evidence for `--until-idle`. Monotonic milliseconds. */
export interface Quiet {
  lastChangeAt: number;
  /** Request of the first complete listing that showed nothing left to do. */
  sinceListingAt: number | null;
  isIdle: boolean;
  /** What only a person can end, and since when. */
  blocked: { readonly by: Blocker; readonly since: number } | null;
}

/** How long something has stopped the work of a route, and whether a person was called for it. Monotonic milliseconds. */
export interface RouteTrouble {
  since: number;
  /** It is over, and may come back; null: it lasts. */
  goneSince: number | null;
  isCalled: boolean;
}

/** What keeps a route from its end until a person does something. */
export type Blocker = 'wrong_disk' | 'destination_refuses' | 'no_room_ever' | 'source_suddenly_empty';

/** A route that was removed from the settings. */
export interface Leaving {
  /** The hold that it had, for the case that it comes back. */
  readonly hold: RouteHold | null;
  /** Monotonic. */
  readonly holdEndsAt: number;
  /** `route_drained` was asked. */
  isDrained: boolean;
}

/** All about one route. Owned by core, edited in place. */
export interface RouteState {
  settings: RouteSettings;
  /** It was removed from the settings, and goes when its running copies have ended. Null: it was not. */
  leaving: Leaving | null;
  readonly gate: Gate;
  readonly source: SourceStatus;
  readonly scanning: Scanning;
  readonly space: { disk: DiskSpace; level: SpaceLevel; isFull: boolean; askedAt: number };
  /** Ids by status, oldest first; ended ones are not kept here. */
  readonly byStatus: Record<Status, Set<FileId>>;
  readonly lanes: LaneCounts;
  /** WAITING_FOR_SPACE: how much that is. */
  readonly roomWait: RoomWait;
  /** What stops the work of this route, by what it is. */
  readonly troubles: Map<RouteTroubleName, RouteTrouble>;
  /** A lack of room: since when, when it was recorded last, and since when it seems to be over. Monotonic. */
  roomReported: { readonly since: number; at: number | null; goneSince: number | null } | null;
  /** READY without a hold: what may be queued. */
  readonly movable: Set<FileId>;
  /** READY with a hold or without, and found growing: few compared with the many that rest. */
  readonly readyGrowing: Set<FileId>;
  /** Those of them that may be queued. */
  readonly movableGrowing: Set<FileId>;
  /** What may be queued and does not grow, by size: neither kind waits behind the other. */
  readonly movableLarge: Set<FileId>;
  readonly movableSmall: Set<FileId>;
  /** The newest tracked file of each source path, ended or not, but for those that are left to the journal. */
  readonly newest: Map<string, FileId>;
  /** Which file has a source path (`identityText`), as the intake saw it; of those that are not copied yet. Not kept over a restart. */
  readonly identities: Map<string, string>;
  /** When anything of a source file had changed, as the intake saw it; of those that are not copied yet. Not kept over a restart. */
  readonly changes: Map<string, number>;
  /** Which file has a source path, copied or not, to find out what was renamed. */
  readonly sourceFiles: SourceFiles;
  /** Source paths whose files have other paths too, and which. Each was renamed once the first is found to be gone. */
  readonly renames: Map<string, string>;
  /** What was renamed last, how many files were, and when; null: nothing, or long ago. Monotonic. Not kept over a restart. */
  renamed: { readonly latest: Renaming; readonly files: number; readonly at: number } | null;
  /** Of the files that are left to the journal: those that this intake child has reported, and those that are not at the source any more. */
  readonly seen: NumberSet;
  readonly gone: NumberSet;
  /** Who has or claims a name at the destination, but for those that are left to the journal. */
  readonly names: Map<string, FileId>;
  /** Copied again under the names of their copies, which are theirs and no mere plans. Not kept over a restart. */
  readonly renewed: Set<FileId>;
  hold: RouteHold | null;
  /** Monotonic; infinite where the hold has no end, or there is none. */
  holdEndsAt: number;
  /** Source paths whose turn comes before that of all others, in this order. */
  readonly firsts: Set<string>;
  /** Stable copies at once; fewer after an outage by silence. */
  laneLimit: number;
  /** Copied files whose time changed, waiting to be hashed. */
  readonly rechecks: Map<FileId, Recheck>;
  /** Files whose lineage has a visible leftover to be renamed, and those the carrier is renaming now. */
  readonly toMark: Set<FileId>;
  readonly marking: Set<FileId>;
  sweeps: Sweep[];
  readonly sweeping: Map<SweepId, FileId>;
  /** Ended files whose source is gone, kept until nothing of theirs is left to be cleared up. */
  readonly departed: Set<FileId>;
  /** Files that vanished at the source before they were copied, and those of them that did in this life. Oldest first. */
  readonly lost: Set<FileId>;
  readonly lostNow: Set<FileId>;
  /** When they vanished, monotonic: however the wall clock is set, they are reported for as long. */
  readonly lostSince: Map<FileId, number>;
  /** The newest files of paths for which `stable_after` is too short: they went on again and again after they were copied. */
  readonly pausing: Set<FileId>;
  /** What the destination allows for one name, judged by its refusals. */
  nameBytes: number;
  /** The longest name and the longest relative path that the destination is known to take; null: not known. */
  taken: { readonly nameBytes: number | null; readonly pathBytes: number | null };
  /** The largest size that the destination takes, judged by where a copy was refused as too big. */
  fileBytes: number;
  /** Learned on Sluice's own files: names have to be claimed here. */
  linksRefused: boolean;
  readonly quiet: Quiet;
  /** Another destination that the route had before. Null: it had none, or what was copied there is looked after. */
  movedFrom: FormerDestination | null;
}

/** A route of which nothing is known yet. @param wall milliseconds since the epoch */
export function emptyRoute(settings: RouteSettings, wall: number): RouteState {
  return {
    settings,
    leaving: null,
    gate: emptyGate(wall),
    source: unknownSource(wall),
    scanning: emptyScanning(),
    space: { disk: { totalBytes: null, freeBytes: null }, level: 'unknown', isFull: false, askedAt: Number.NEGATIVE_INFINITY },
    byStatus: Object.fromEntries(statuses.map((status) => [status, new Set()])) as unknown as RouteState['byStatus'],
    lanes: emptyLaneCounts(),
    roomWait: createRoomWait(),
    troubles: new Map(),
    roomReported: null,
    movable: new Set(),
    readyGrowing: new Set(),
    movableGrowing: new Set(),
    movableLarge: new Set(),
    movableSmall: new Set(),
    newest: new Map(),
    identities: new Map(),
    changes: new Map(),
    sourceFiles: createSourceFiles(),
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
    toMark: new Set(),
    marking: new Set(),
    sweeps: [],
    sweeping: new Map(),
    departed: new Set(),
    lost: new Set(),
    lostNow: new Set(),
    lostSince: new Map(),
    pausing: new Set(),
    nameBytes: limits.nameBytes,
    taken: { nameBytes: null, pathBytes: null },
    fileBytes: Number.POSITIVE_INFINITY,
    linksRefused: false,
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
    completedListings: 0,
    evidenceAt: Number.NEGATIVE_INFINITY,
  };
}

function emptyGate(wall: number): Gate {
  return {
    state: 'closed',
    since: wall,
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
    closings: [],
    goodSince: null,
    lastSignAt: Number.NEGATIVE_INFINITY,
    resumedAt: Number.NEGATIVE_INFINITY,
  };
}

/** Numbers of copies by the kind of lane that they need. A small file does not wait for a large one. */
export interface Lanes {
  stable: number;
  small: number;
  growing: number;
}

/** How many files of a route need or hold a lane; kept up to date by every change of a file, so that a question costs nothing. */
export interface LaneCounts {
  /** IN_QUEUE. */
  readonly queued: Lanes;
  /** Those of them that have no lane yet. */
  readonly idle: Lanes;
  /** Lanes that are held: by running copies, and by queued files whose two sides are being checked. */
  readonly used: Lanes;
  /** What running copies have yet to write. */
  unwrittenBytes: number;
}

/** Returns counts of zero. */
export function emptyLaneCounts(): LaneCounts {
  const none = (): Lanes => ({ stable: 0, small: 0, growing: 0 });
  return { queued: none(), idle: none(), used: none(), unwrittenBytes: 0 };
}

/** Adds what one file counts for, or takes it away. */
export function countLanes(settings: CoreSettings, counts: LaneCounts, file: TrackedFile, by: 1 | -1): void {
  if (file.status === 'IN_QUEUE') {
    const lane = laneOf(settings, file);
    counts.queued[lane] += by;
    counts[file.copyId === null ? 'idle' : 'used'][lane] += by;
  } else if (isRunning(file)) {
    counts.used[file.status === 'GROWING_COPY' ? 'growing' : laneOf(settings, file)] += by;
    if (file.status !== 'VERIFYING') counts.unwrittenBytes += by * Math.max(0, file.fingerprint.sizeBytes - file.copiedBytes);
  }
}

/** Returns the lane in which a file is copied. */
export function laneOf(settings: CoreSettings, file: { readonly growing: boolean; readonly fingerprint: Fingerprint }): keyof Lanes {
  return file.growing ? 'growing' : endingLaneOf(settings, file.fingerprint);
}

/** Of a file that does not grow. */
export function endingLaneOf(settings: CoreSettings, fingerprint: Fingerprint): 'small' | 'stable' {
  return isSmall(settings, fingerprint) ? 'small' : 'stable';
}

/** Returns whether a file of this size counts as small. It does not if small files have no lanes. */
export function isSmall(settings: CoreSettings, { sizeBytes }: Fingerprint): boolean {
  return smallLanes(settings) > 0 && sizeBytes <= settings.smallSizeBytes;
}
