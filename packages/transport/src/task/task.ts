import {
  type ContentHash,
  type CopyNote,
  type CopyOrder,
  type CopyReport,
  type DestinationMount,
  type FileIdentity,
  type Fingerprint,
  type Phase,
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
import type { ReadWindow } from '../streams/pace.ts';
import type { Buffers, ChunkHashes, Hashing, ReadBuffers } from '../streams/read-chunks.ts';
import type { RateLimit, Sink, UnsyncedBudget } from '../streams/sink.ts';
import { type Clock, type Mutex, Stopped } from '../waiting.ts';

/** What all lanes of one carrier share. */
export interface SharedDependencies {
  readonly route: RouteSettings;
  readonly clock: Clock;
  readonly limits: CopyLimits;
  readonly hashing: Hashing;
  readonly buffers: Buffers;
  readonly budget: UnsyncedBudget;
  /** What is read at the same time. */
  readonly windows: Readonly<Record<Side, ReadWindow>>;
  readonly rate: RateLimit;
  /** What was learned of the destination's inodes: made-up ones do not tell whether two names are one file. */
  readonly inodes: { areMadeUp: boolean };
  /** What refused the mode of a folder that the configuration asks for; `isNoted`: a copy has said so. */
  readonly folderModes: { refusal: string | null; isNoted: boolean };
  /** Folders of the destination whose names this process has synced: a file in them can be found again after a power cut. */
  readonly durableFolders: Set<string>;
  /** Folders of the destination that a lane is just making: no other lane puts anything into one before it has its mode. */
  readonly foldersInMaking: Map<string, Promise<void>>;
  /** One settle per source at a time. */
  readonly settleMutex: Mutex;
  /** With the copies of other routes that have the same source. */
  readonly sharing: Sharing;
  /** How long the source's attributes may be stale, milliseconds; 0 on a local disk. */
  sourceCacheMs(): Promise<number>;
  /** Whether the destination is known to give one file one inode number. */
  hasRealInodes(): Promise<boolean>;
}

/** What the root of a destination is at a moment. */
export interface RootFacts {
  /** Null where the system does not say. */
  readonly mountId: number | null;
  readonly marker: MarkerFound;
}

/** What one lane works with, whatever it is asked to do. Storage is watched, so its failures are CallFailures. */
export interface LaneDependencies extends SharedDependencies {
  readonly source: Storage;
  readonly destination: Storage;
  readonly calls: Calls;
  /** Looks at the root of the destination, and at the marker in it. */
  root(): Awaitable<RootFacts>;
  report(report: CopyReport): Promise<void>;
}

/** One copy, from its order to its published name. */
export interface CopyTask extends LaneDependencies {
  readonly order: CopyOrder;
  readonly progress: Progress;
  /** The only part of a task that changes. Each step gets the stage it begins with, and leaves the next one here. */
  stage: Stage;
}

/** Makes this the stage of the copy, and returns it. @throws Stopped where the copy has ended meanwhile */
export function enter<Next extends Stage>(task: CopyTask, stage: Next): Next {
  if (task.stage.kind === 'ended') throw new Stopped();
  task.stage = stage;
  return stage;
}

/** Where a copy is written: hidden, or under the name that people see. */
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

/** The mount that was probed and the one opened are the same, as far as the system says. */
export function isOnMount(file: Pick<OpenFile, 'mountId'>, mount: DestinationMount, route: RouteSettings): boolean {
  return route.guard === 'none' || mount.mountId === null || file.mountId === null || file.mountId === mount.mountId;
}

/**
 * Before anything is made: a share that is gone shows an empty local folder, and another disk in its place often has its
 * mount id and its device number too.
 *
 * @throws DIVERTED; MARKER_UNCLEAR where that cannot be said
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

/** Opens what we made, by its name. @throws LOST where it is not there any more, DIVERTED where it lies elsewhere. */
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
 * How far a copy has come, and what exists of it at that point:
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

/** A file is open, and may be another one than the order names. */
export interface Opening {
  readonly kind: 'opening';
  readonly file: OpenFile;
}

/** The source can be read. Nothing was created at the destination. */
export interface Opened {
  readonly kind: 'opened';
  readonly source: OpenSource;
  /** The exclusive create was refused, so that it is certain that nothing was created. */
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
  /** What of the source is at the destination. */
  readonly hashes: ChunkHashes;
  /** How long the source must be quiet before the next settle, milliseconds. */
  quietForMs: number;
  /** The times and the mode that the destination's file was given; any later write changes its time again. */
  dressed: Dressed | null;
}

/** Times and mode of a written file. */
export interface Dressed {
  /** Of the source, as it was set. */
  readonly mtimeNs: string;
  readonly mode: number;
  /** What the storage made of it. */
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
  /** The destination's file, open for reading, past the page cache if it may be. It keeps the inode known: some storage gives a closed file a new one. */
  readonly pin: OpenFile;
  readonly hashes: ChunkHashes;
  readonly quietForMs: number;
  readonly dressed: Dressed | null;
  readonly settled: Settled;
  /** The destination refused to open it past the page cache. */
  readonly isDirectRefused: boolean;
  /** Another process is to read the destination back. It does not know since when the source was read. */
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

/** The open source of a copy, and what the last stat said of it. */
export interface OpenSource {
  readonly file: OpenFile;
  /** As it was when opened: the file this copy is of. */
  readonly facts: FileFacts;
  /** The copy's own, until it ends or needs larger ones. */
  buffers: ReadBuffers;
  /** Its path names no file any more. */
  isGone: boolean;
  sizeBytes: number;
  /** When anything of it changed, nanoseconds since the epoch. */
  changeNs: string;
  /** The same, from before the reading that its bytes are known by. */
  readSinceNs: string;
  /** While it is read together with copies of other routes. */
  shared: SharedReading | null;
  /** Why it could not be made sure that the source has kept the bytes that were read of it; a note of the copy. */
  doubt: CopyNote | null;
}

/** What was copied: a hash of the whole source, and the fingerprint that the source had then. */
export interface Settled {
  readonly hash: ContentHash;
  readonly fingerprint: Fingerprint;
}

/** How far a copy is. */
export interface CopyBytes {
  /** From the start of the file, as far as a sync has confirmed. */
  readonly syncedBytes: number;
  /** Of the source, as last seen. */
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

/** Whether a file of this copy may be at the destination. */
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

/** Reports how far a copy is. Every report follows a sync or a read that came back, so it is a sign of life. */
export interface Progress {
  /** Begins a phase; null: a stable copy that is being written. */
  enter(phase: Phase | null): void;
  /** Reports if the last report, or the beginning of the phase, is long enough ago. Does not wait. @param phaseDone 0 to 1, where it has changed. */
  report(phaseDone?: number): void;
  /** Reports however long ago the last report is. */
  reportNow(): Promise<void>;
  /** The same, if the copy has reported progress before. A short copy reports only its end. */
  reportEnd(): Promise<void>;
}

/** What the reports of progress need. */
export interface ProgressDependencies {
  readonly clock: Clock;
  readonly everyMs: number;
  report(report: CopyReport): Promise<void>;
  /** Synced bytes, and the source's size as last seen. */
  bytes(): { readonly syncedBytes: number; readonly sizeBytes: number };
}

/** Creates the reports of progress of a copy. */
export function createProgress(dependencies: ProgressDependencies): Progress {
  let phase: Phase | null = null;
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
      // A closed channel is noticed where it is read.
      if (dependencies.clock.now() - reportedAt >= dependencies.everyMs) reportNow().catch(() => undefined);
    },
    reportNow,
    reportEnd: async () => {
      if (hasReported) await reportNow();
    },
  };
}
