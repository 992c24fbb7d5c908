import {
  type ContentHash,
  type CopyNote,
  type CopyOrder,
  type CopyReport,
  type DestinationMount,
  type FileIdentity,
  type Fingerprint,
  type PublishOrder,
  type RouteSettings,
  type Side,
  unreachable,
} from '@sluice/core/model';
import { type Awaitable, closeQuietly, errnoOf } from '@sluice/platform';
import type { Calls } from '../calls.ts';
import type { CopyLimits } from '../limits.ts';
import type { MarkerFound } from '../mounted/marker.ts';
import type { SharedReading, Sharing } from '../sharing/sharing.ts';
import { type FileFacts, finding, type OpenFile, type Storage } from '../storage/storage.ts';
import type { SidePace } from '../streams/pace.ts';
import type { Buffers, ChunkHashes, Hashing, ReadBuffers } from '../streams/read-chunks.ts';
import type { RateLimit, Sink } from '../streams/sink.ts';
import type { UnsyncedBudget } from '../streams/unsynced-budget.ts';
import { type Clock, type Mutex, Stopped } from '../waiting.ts';

/** The dependencies that all lanes of one carrier share. */
export interface SharedDependencies {
  /** Its waits are replaced when the settings change. */
  route: RouteSettings;
  readonly clock: Clock;
  readonly limits: CopyLimits;
  readonly hashing: Hashing;
  readonly buffers: Buffers;
  readonly budget: UnsyncedBudget;
  /** Bound what is under way at the same time to each side. */
  readonly paces: Readonly<Record<Side, SidePace>>;
  readonly rate: RateLimit;
  /** `areMadeUp`: the destination was seen to report different inodes for one file, so that inodes do not identify files. */
  readonly inodes: { areMadeUp: boolean };
  /** `refusal`: the errno with which a configured folder mode was refused, or null. `isNoted`: a copy has a note about it. */
  readonly folderModes: { refusal: string | null; isNoted: boolean };
  /** Folders of the destination whose names this process has synced, so that they survive a power cut. */
  readonly durableFolders: Set<string>;
  /** Folders of the destination that a lane is creating. Other lanes wait, so that nothing is put into one before its mode is set. */
  readonly foldersInMaking: Map<string, Promise<void>>;
  /** Lets only one copy of this carrier settle at a time, because a settle reads a whole file. */
  readonly settleMutex: Mutex;
  /** Shares reads with the copies of other routes that have the same source. */
  readonly sharing: Sharing;
  /** Returns how long the source's metadata may be stale, milliseconds; 0 on a local disk. */
  sourceCacheMs(): Promise<number>;
  /** Returns whether the destination is known to have real inode numbers. */
  hasRealInodes(): Promise<boolean>;
}

/** The mount and the marker of a destination's root, as just read. */
export interface RootFacts {
  /** Null if the system does not report it. */
  readonly mountId: number | null;
  readonly marker: MarkerFound;
}

/** The dependencies of one lane. Its storages are watched, so that their failures are `CallFailure`s. */
export interface LaneDependencies extends SharedDependencies {
  readonly source: Storage;
  readonly destination: Storage;
  readonly calls: Calls;
  /** Reads the mount and the marker of the destination's root. */
  root(): Awaitable<RootFacts>;
  report(report: CopyReport): Promise<void>;
}

/** One copy, from its order to its published name. */
export interface CopyTask extends LaneDependencies {
  readonly order: CopyOrder;
  readonly progress: Progress;
  /** The only part of a task that changes. Each step takes the current stage and sets the next one. */
  stage: Stage;
}

/** Sets the stage of the copy, and returns it. @throws Stopped if the copy has ended meanwhile */
export function enter<Next extends Stage>(task: CopyTask, stage: Next): Next {
  if (task.stage.kind === 'ended') throw new Stopped();
  task.stage = stage;
  return stage;
}

/** Returns the name a copy is written under: its temporary file, or the final name if it has none. */
export function targetName(order: CopyOrder | PublishOrder): string {
  return order.part ?? order.destination;
}

/** Returns the fingerprint in these facts. */
export function fingerprintOf(facts: FileFacts): Fingerprint {
  return { sizeBytes: facts.sizeBytes, mtimeNs: facts.mtimeNs };
}

/** Returns the file identity in these facts. */
export function identityOf(facts: FileFacts): FileIdentity {
  return { device: facts.device, inode: facts.inode };
}

/** Returns whether a file is on the mount that was probed. True if the system does not report mounts, or the route has no guard. */
export function isOnMount(file: Pick<OpenFile, 'mountId'>, mount: DestinationMount, route: RouteSettings): boolean {
  return route.guard === 'none' || mount.mountId === null || file.mountId === null || file.mountId === mount.mountId;
}

/**
 * Checks, before anything is created, that the destination is still the one that was probed. In the place of an unmounted share there is
 * an empty local folder. Another disk often gets the same mount id and device number, so the marker is compared too.
 *
 * @throws DIVERTED if it is another destination; MARKER_UNCLEAR if the marker cannot be read
 */
export async function assertRootOnMount(dependencies: LaneDependencies, mount: DestinationMount): Promise<void> {
  const { mountId, marker: found } = await dependencies.root();
  if (!isOnMount({ mountId }, mount, dependencies.route)) throw diverted('open the destination');
  if (mount.marker === undefined || dependencies.route.guard === 'none') return;
  if (found.kind === 'unclear') {
    throw finding('destination', 'MARKER_UNCLEAR', 'read the marker of the destination', 'it is empty, cut short or no regular file');
  }
  if (found.kind !== 'found' || found.marker !== mount.marker) throw diverted('read the marker of the destination');
}

/** Opens a file that Sluice created. @throws LOST if it does not exist any more, DIVERTED if it is on another mount */
export async function openOwn(
  dependencies: LaneDependencies,
  mount: DestinationMount,
  name: string,
  how: 'read' | 'read_direct' | 'write',
): Promise<OpenFile> {
  try {
    const file = await dependencies.destination.open(name, how);
    if (isOnMount(file, mount, dependencies.route)) return file;
    void closeQuietly(file);
    throw diverted(`open ${name}`);
  } catch (error) {
    throw errnoOf(error) === 'ENOENT' ? lost(name) : error;
  }
}

/** Returns the error for a destination other than the one that was probed. */
export function diverted(operation: string): Error {
  return finding('destination', 'DIVERTED', operation, 'it is not the destination that was probed');
}

/** Returns the error for a copy whose file is missing. */
export function lost(name: string): Error {
  return finding('destination', 'LOST', `open ${name}`, 'what was written here is not there any more');
}

/**
 * The stage of a copy, with what exists at that stage:
 *
 *     begun -> opening -> opened -> creating -> writing -> closing -> copied -> publishing
 *
 * A comparison and a hash of the source stay in `opened`. A source that changed after all leads back from `copied`, through
 * `closing`, to `writing`. Every stage may become `ended`.
 */
export type Stage = Begun | Opening | Opened | Creating | Writing | Closing | Copied | Publishing | Ended;

/** Nothing is open, except the source if both sides were checked before. */
export interface Begun {
  readonly kind: 'begun';
  readonly checked: OpenFile | null;
}

/** The file at the source's path is open, and not yet known to be the one that was ordered. */
export interface Opening {
  readonly kind: 'opening';
  readonly file: OpenFile;
}

/** The source can be read. Nothing was created at the destination. */
export interface Opened {
  readonly kind: 'opened';
  readonly source: OpenSource;
  /** The exclusive create was refused in a way that proves that nothing was created. */
  readonly isCreateRefused?: true;
}

/** The creation was reported: from here on a file of this copy may be at the destination. */
export interface Creating {
  readonly kind: 'creating';
  readonly source: OpenSource;
}

/** The destination's file is open for writing. */
export interface Writing {
  readonly kind: 'writing';
  readonly source: OpenSource;
  readonly file: OpenFile;
  readonly sink: Sink;
  /** The hashes of the chunks that are at the destination. */
  readonly hashes: ChunkHashes;
  /** How long the source must be quiet before the next settle, milliseconds. */
  quietForMs: number;
  /** The times and mode that were set on the destination's file; null: none. A later write changes the times again. */
  dressed: Dressed | null;
}

/** Times and mode of a written file. */
export interface Dressed {
  /** The source's modification time, which was set, nanoseconds since the epoch. */
  readonly mtimeNs: string;
  readonly mode: number;
  /** The modification time that the storage then reported, which may be rounded. */
  readonly setMtimeNs: string;
}

/** The destination's file is open for writing and, as its pin, for reading. */
export interface Closing extends Omit<Writing, 'kind'> {
  readonly kind: 'closing';
  readonly pin: OpenFile;
}

/** Everything was written and synced, and the destination's file is closed. */
export interface Copied {
  readonly kind: 'copied';
  readonly source: OpenSource;
  /**
   * The destination's file, open for reading, past the page cache if possible. It stays open because some storage gives a closed file a
   * new inode.
   */
  readonly pin: OpenFile;
  readonly hashes: ChunkHashes;
  readonly quietForMs: number;
  readonly dressed: Dressed | null;
  readonly settled: Settled;
  /** The destination refused to open the file past the page cache. */
  readonly isDirectRefused: boolean;
  /** Another process reads the destination back, and cannot know whether the source changed since this one read it. */
  isReadBackElsewhere: boolean;
}

/** The publication has taken over the pin. */
export interface Publishing {
  readonly kind: 'publishing';
  readonly source: OpenSource;
  readonly settled: Settled;
}

/** Everything is closed. */
export interface Ended {
  readonly kind: 'ended';
  readonly mayHaveCreated: boolean;
  readonly bytes: CopyBytes;
}

/** The open source of a copy, and its metadata from the last stat. */
export interface OpenSource {
  readonly file: OpenFile;
  /** Its metadata when it was opened. */
  readonly facts: FileFacts;
  /** The buffers that this copy reads into. */
  buffers: ReadBuffers;
  /** Its path does not name a file any more. */
  isGone: boolean;
  sizeBytes: number;
  /** Its change time (ctime), nanoseconds since the epoch. */
  changeNs: string;
  /** Its change time before the read that gave its hash, nanoseconds since the epoch. */
  readSinceNs: string;
  /** Set while the read is shared with copies of other routes, else null. */
  shared: SharedReading | null;
  /** A note for the copy: why Sluice could not make sure that the source still has the bytes that were read; null: it could. */
  doubt: CopyNote | null;
}

/** The state of the source that was copied: the hash of all its bytes, and its fingerprint. */
export interface Settled {
  readonly hash: ContentHash;
  readonly fingerprint: Fingerprint;
}

/** The progress of a copy. */
export interface CopyBytes {
  /** Bytes from the start of the file that a sync has confirmed. */
  readonly syncedBytes: number;
  /** The size of the source at the last stat. */
  readonly sizeBytes: number;
}

/** Returns the progress of a copy in bytes. */
export function bytesOf(stage: Stage, order: CopyOrder): CopyBytes {
  switch (stage.kind) {
    case 'begun':
    case 'opening':
      return { syncedBytes: 0, sizeBytes: order.expected.sizeBytes };
    case 'opened':
    case 'creating':
      return { syncedBytes: 0, sizeBytes: stage.source.sizeBytes };
    case 'writing':
    case 'closing':
      return { syncedBytes: stage.sink.syncedBytes, sizeBytes: stage.source.sizeBytes };
    case 'copied':
    case 'publishing':
      return { syncedBytes: stage.settled.fingerprint.sizeBytes, sizeBytes: stage.source.sizeBytes };
    case 'ended':
      return stage.bytes;
    default:
      return unreachable(stage);
  }
}

/** Returns whether a file of this copy may be at the destination. */
export function mayHaveCreated(stage: Stage): boolean {
  switch (stage.kind) {
    case 'begun':
    case 'opening':
    case 'opened':
      return false;
    case 'creating':
    case 'writing':
    case 'closing':
    case 'copied':
    case 'publishing':
      return true;
    case 'ended':
      return stage.mayHaveCreated;
    default:
      return unreachable(stage);
  }
}

/** Returns the files that a copy has open. */
export function openFilesOf(stage: Stage): readonly OpenFile[] {
  switch (stage.kind) {
    case 'begun':
      return stage.checked === null ? [] : [stage.checked];
    case 'ended':
      return [];
    case 'opening':
      return [stage.file];
    case 'opened':
    case 'creating':
    case 'publishing':
      return [stage.source.file];
    case 'writing':
      return [stage.source.file, stage.file];
    case 'closing':
      return [stage.source.file, stage.file, stage.pin];
    case 'copied':
      return [stage.source.file, stage.pin];
    default:
      return unreachable(stage);
  }
}

type Phase = Extract<CopyReport, { kind: 'progress' }>['phase'];
/** Reports the progress of a copy. Each report follows a sync or read that has returned, so it also shows that the storage answers. */
export interface Progress {
  /** Begins a phase; null: a stable copy is being written. */
  enter(phase: Phase): void;
  /** Reports if `everyMs` have passed since the last report or the start of the phase. Does not wait. @param phaseDone 0 to 1 */
  report(phaseDone?: number): void;
  /** Reports now. */
  reportNow(): Promise<void>;
  /** Reports now if the copy has reported progress before. A short copy reports only its end. */
  reportEnd(): Promise<void>;
}

/** The dependencies of `createProgress`. */
export interface ProgressDependencies {
  readonly clock: Clock;
  readonly everyMs: number;
  report(report: CopyReport): Promise<void>;
  /** Returns the synced bytes, and the source's size at the last stat. */
  bytes(): { readonly syncedBytes: number; readonly sizeBytes: number };
}

/** Creates the progress of a copy, without a phase. */
export function createProgress(dependencies: ProgressDependencies): Progress {
  let phase: Phase = null;
  let done: number | null = null;
  let reportedAt = dependencies.clock.now();
  let hasReported = false;
  const reportNow = (): Promise<void> => {
    reportedAt = dependencies.clock.now();
    hasReported = true;
    return dependencies.report({ kind: 'progress', ...dependencies.bytes(), phase, phaseDone: done });
  };
  return {
    enter: (next) => {
      if (next === phase) return;
      phase = next;
      done = null;
      reportedAt = dependencies.clock.now();
    },
    report: (phaseDone) => {
      if (phaseDone !== undefined) done = phaseDone;
      // The error of a closed channel is handled where the channel is read.
      if (dependencies.clock.now() - reportedAt >= dependencies.everyMs) reportNow().catch(() => undefined);
    },
    reportNow,
    reportEnd: async () => {
      if (hasReported) await reportNow();
    },
  };
}
