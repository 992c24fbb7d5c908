import type { ContentHash, CopyNote, Leftover, Mark, Phase, ReadbackMethod } from './copy.ts';
import type { CallFault, FileError } from './fault.ts';
import type { CopyId, FileId, FileIdentity, Fingerprint, RouteName } from './ids.ts';
import type { AfterCopy, Removal } from './removal.ts';

/** A regular file that the rules take in, as a listing or a check saw it. */
export interface SourceEntry {
  /** Relative to the source root, `/` between the parts. */
  readonly path: string;
  /** False if the name is not valid UTF-8. Such a file is shown and never copied. */
  readonly nameValid: boolean;
  readonly fingerprint: Fingerprint;
  /** Null if its filesystem may make up inode numbers. */
  readonly identity: FileIdentity | null;
  /** When anything of the file last changed, whatever its times were set to: milliseconds since the epoch. Absent if `identity` is null. */
  readonly changedMs?: number;
  /** The card or disc that it is on: another text for each that is put in. Absent: other properties tell its files from others. */
  readonly medium?: string;
  /** Permission bits. */
  readonly mode: number;
  /** Whether growing copies are enabled for this name. */
  readonly mayGrow: boolean;
}

/** The states of a source. */
export type SourceStateName = 'ok' | 'missing' | 'unreadable' | 'silent' | 'suddenly_empty';

/** Why a waiting file does not move. */
export type Hold = 'network' | 'space' | 'backoff' | 'operator' | 'needs_you';

/** Why a copy has another name than its source. */
export type NameReason = 'recovery' | 'name_taken';

/** Another path that the same file had at the source: with the same device, inode, size and modification time. */
export interface EarlierName {
  readonly source: string;
  /** The name of its copy at the destination. Null: there is no copy to compare with. */
  readonly copy: string | null;
  /** True: the source no longer has it under that path, so it was renamed. False: not known yet, or it has both names. */
  readonly isGone: boolean;
}

/** The fields of a tracked file in every state. */
interface FileCommon {
  readonly id: FileId;
  readonly route: RouteName;
  /** Relative to the source root. */
  readonly source: string;
  /** Relative to the destination root. Planned at first, then real. */
  readonly destination: string;
  readonly nameValid: boolean;
  /** The `N` of `stem_N.ext`. 0: the source's own name. */
  readonly nameNumber: number;
  readonly nameReason: NameReason | null;
  /** The fingerprint with which the source was last seen. */
  readonly fingerprint: Fingerprint;
  readonly mode: number;
  readonly mayGrow: boolean;
  /** 1 for the first attempt of the lineage. */
  readonly attempt: number;
  /** Attempts that count for `max_attempts`. Those that a closed gate ended do not. */
  readonly countedAttempts: number;
  readonly recoveryOf: FileId | null;
  readonly recoveredBy: FileId | null;
  /** Names of the lineage for which a create, link or rename was not answered. They are never used again. */
  readonly burned: readonly string[];
  /** Temporary files of ended attempts of the lineage that may still exist. */
  readonly leftParts: readonly string[];
  /** Names of visible leftovers of ended attempts of the lineage. */
  readonly leftVisible: readonly string[];
  /** Visible leftovers that are to be renamed for `recovery.leftover = "mark"`. */
  readonly toMark: readonly Mark[];
  /** The visible leftovers of the lineage. Absent: there are none, or an earlier version wrote the record. */
  readonly leftovers?: readonly Leftover[];
  /** Wall clock, milliseconds since the epoch. */
  readonly discoveredAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly sourceGone: boolean;
  /** How many times in a row the path changed soon after its copy was completed. Absent: never. */
  readonly pauses?: number;
  /** The earlier path. Absent: none is known. */
  readonly renamedFrom?: EarlierName;
  /** The path that the source has now. Absent: it was not renamed. */
  readonly renamedTo?: string;
}

/** Returns the fields that every state has. */
export function commonOf(file: TrackedFile): FileCommon {
  return {
    id: file.id,
    route: file.route,
    source: file.source,
    destination: file.destination,
    nameNumber: file.nameNumber,
    nameValid: file.nameValid,
    nameReason: file.nameReason,
    fingerprint: file.fingerprint,
    mode: file.mode,
    mayGrow: file.mayGrow,
    attempt: file.attempt,
    countedAttempts: file.countedAttempts,
    recoveryOf: file.recoveryOf,
    recoveredBy: file.recoveredBy,
    burned: file.burned,
    leftParts: file.leftParts,
    leftVisible: file.leftVisible,
    toMark: file.toMark,
    discoveredAt: file.discoveredAt,
    startedAt: file.startedAt,
    endedAt: file.endedAt,
    sourceGone: file.sourceGone,
    ...(file.leftovers === undefined ? {} : { leftovers: file.leftovers }),
    ...(file.pauses === undefined ? {} : { pauses: file.pauses }),
    ...(file.renamedFrom === undefined ? {} : { renamedFrom: file.renamedFrom }),
    ...(file.renamedTo === undefined ? {} : { renamedTo: file.renamedTo }),
  };
}

/** Returns the synced share of the size last seen, in percent with one decimal. */
export function percentOf(copiedBytes: number, sizeBytes: number): number {
  if (sizeBytes <= 0) return 0;
  return Math.min(Math.floor((copiedBytes / sizeBytes) * 1000) / 10, 100);
}

/** What is known of a changing size. Times are monotonic milliseconds, which start from zero with each run of the agent. */
export interface Growth {
  /** Since when the file has been watched without coming to rest. */
  readonly since: number;
  /** When a change of size or modification time was last observed. The first sight counts. */
  readonly movedAt: number;
  /** The first of the observations in the present series of increases, with its size. */
  readonly roseFrom: { readonly at: number; readonly sizeBytes: number } | null;
  /** Number of increases that count, which are `poll` apart. */
  readonly roseTimes: number;
  /** When the last of them was observed. */
  readonly roseAt: number;
}

/** A file that was found and is not stable yet. */
export interface DiscoveredFile extends FileCommon {
  readonly status: 'DISCOVERED';
  readonly growth: Growth;
}

/** A file that grows. */
export interface GrowingFile extends FileCommon {
  readonly status: 'GROWING';
  readonly growth: Growth;
  /** Since when it has been growing. Wall clock. */
  readonly growingSince: number;
  /** Its writer denies reading it. */
  readonly heldByWriter: boolean;
  /** A person was called because the file does not come to rest. */
  readonly stuck: boolean;
}

/** What a file keeps until its copy. */
interface PendingCopy {
  /** The file is to be copied as a growing copy. */
  readonly growing: boolean;
  /** How many preflights in a row did not reach the destination. A copy resets the count. */
  readonly networkTries: number;
}

/** A stable file that can be queued. */
export interface ReadyFile extends FileCommon, PendingCopy {
  readonly status: 'READY';
  /** When its source was last seen to change. Monotonic milliseconds. A file that is at rest by now is copied as a stable file. */
  readonly movedAt: number;
  /** `network` is not stored: a READY file without a hold waits for the network while its gate is closed. */
  readonly hold: 'backoff' | 'operator' | 'needs_you' | null;
  /** When a hold `backoff` or `needs_you` ends by itself. Wall clock. Null: it does not. */
  readonly retryAt: number | null;
}

/** A file that waits until its destination can be reached. */
export interface WaitingForNetworkFile extends FileCommon, PendingCopy {
  readonly status: 'WAITING_FOR_NETWORK';
  /** The file moves at the first good probe after this moment. Wall clock. */
  readonly retryAt: number;
}

/** A file that waits for space at its destination. */
export interface WaitingForSpaceFile extends FileCommon, PendingCopy {
  readonly status: 'WAITING_FOR_SPACE';
  /**
   * The destination is not asked again before this moment. It matters if the filesystem does not report its free space. Wall
   * clock.
   */
  readonly retryAt: number;
}

/** A queued file. */
export interface InQueueFile extends FileCommon, PendingCopy {
  readonly status: 'IN_QUEUE';
  /** Set during the preflight. */
  readonly copyId: CopyId | null;
}

/** The fields of a running copy. */
interface Running {
  readonly copyId: CopyId;
  /** The temporary file. Null: the copy is written under its final name. */
  readonly part: string | null;
  /** The create succeeded, or was sent and not answered. */
  readonly begun: boolean;
  /** The exclusive create succeeded, so the file with that name is Sluice's. Absent in records of earlier versions. */
  readonly isCreated?: boolean;
  /** The inode of the created file. Absent: none was created, or it is not known. */
  readonly createdInode?: string;
  /** The source's fingerprint when the copy was ordered. */
  readonly expected: Fingerprint;
  /** Number of synced bytes. */
  readonly copiedBytes: number;
  /** Averaged over the last seconds. */
  readonly bytesPerSecond: number;
  /** A failure at the destination that a probe still has to judge. */
  readonly suspicion: Suspicion | null;
  /** When the last sign of life was reported. Monotonic milliseconds. */
  readonly aliveAt: number;
}

/** An error or a silence of the destination. A probe that begins later decides what it was. */
export interface Suspicion {
  readonly fault: CallFault;
  /** Whether the copy is over whatever the probe finds. False: it is only silent so far. */
  readonly isFinal: boolean;
  readonly since: number;
}

/** A file that is being copied. */
export interface CopyingFile extends FileCommon, Running {
  readonly status: 'COPYING';
  readonly growing: false;
  /** The file is being compared with an existing file of this name, not copied. */
  readonly comparing: boolean;
}

/** A file that is copied while it grows. */
export interface GrowingCopyFile extends FileCommon, Running {
  readonly status: 'GROWING_COPY';
  readonly growing: true;
  readonly phase: Phase;
  /** 0 to 1, for a phase that has an end. */
  readonly phaseDone: number | null;
}

/** What was known of a source when it was last copied or compared. `identity`: `identityText`; absent: it may be a made up number. */
export interface CopiedSource {
  readonly identity?: string;
  readonly changedMs?: number;
  readonly medium?: string;
}

/** A file whose copy is being verified. While it is published its source is not watched: `CopiedSource` is of the moment before. */
export interface VerifyingFile extends FileCommon, Running, CopiedSource {
  readonly status: 'VERIFYING';
  readonly growing: boolean;
  readonly hash: ContentHash;
  readonly readback: ReadbackMethod | null;
  readonly phaseDone: number | null;
  /**
   * The committed step of publishing. After `none`, a file does not fail when the gate closes, because the outcome has to be
   * checked.
   */
  readonly publishing: Publishing;
  /**
   * Since when a fresh process is to read back. It starts after the answer to a probe that was sent later. Monotonic
   * milliseconds. Null: not requested.
   */
  readonly freshSince: number | null;
  /** True if a fresh process was asked to read back. */
  readonly isReadFresh: boolean;
}

/** The step in which a copy gets its final name. */
export type Publishing =
  | { readonly step: 'none' }
  | { readonly step: 'link' }
  | { readonly step: 'claim'; readonly claimed: { readonly device: string; readonly inode: string } | null };

/** A file that was copied. */
export interface CompletedFile extends FileCommon, CopiedSource {
  readonly status: 'COMPLETED' | 'COMPLETED_DELETE_FAILED';
  readonly growing: boolean;
  readonly hash: ContentHash | null;
  readonly readback: ReadbackMethod;
  /** False: the same bytes were at the destination already. */
  readonly copied: boolean;
  readonly afterCopy: AfterCopy;
  /** Set if `afterCopy` is `pending` or `failed`. */
  readonly removal?: Removal;
  readonly notes: readonly CopyNote[];
  /** The tracked file of the newer content, if the source changed after it was copied. */
  readonly supersededBy?: FileId;
}

/** A file that failed. */
export interface FailedFile extends FileCommon {
  readonly status: 'FAILED';
  readonly growing: boolean;
  readonly error: FileError;
  readonly copiedBytes: number;
  readonly begun: boolean;
  /** The name of what it left at the destination. Null: nothing. */
  readonly left: string | null;
  /** True if its source is gone, nothing follows, and no operator has acknowledged that. */
  readonly isLost?: boolean;
}

/** A file that was removed before it was copied. */
export interface RemovedFile extends FileCommon {
  readonly status: 'REMOVED';
  /** True if the file had settled and was to be copied, and no operator has acknowledged that it is gone. */
  readonly isLost?: boolean;
}

/** ONE attempt to copy ONE source file along one route. It is replaced, never edited. */
export type TrackedFile =
  | DiscoveredFile
  | GrowingFile
  | ReadyFile
  | WaitingForNetworkFile
  | WaitingForSpaceFile
  | InQueueFile
  | CopyingFile
  | GrowingCopyFile
  | VerifyingFile
  | CompletedFile
  | FailedFile
  | RemovedFile;

/** The states of a file. */
export type Status = TrackedFile['status'];

/** The type of a file in one state, also if several states share a type. */
export type FileOf<Of extends Status, Each = TrackedFile> = Each extends { readonly status: infer Its }
  ? Of extends Its
    ? Each
    : never
  : never;

/** All states of a file. */
export const statuses = [
  'DISCOVERED',
  'GROWING',
  'READY',
  'WAITING_FOR_NETWORK',
  'WAITING_FOR_SPACE',
  'IN_QUEUE',
  'COPYING',
  'GROWING_COPY',
  'VERIFYING',
  'COMPLETED',
  'COMPLETED_DELETE_FAILED',
  'FAILED',
  'REMOVED',
] as const satisfies readonly Status[];

/** Returns whether a state is final. If the path is found again, it is a new tracked file. */
export function isEnded(status: Status): boolean {
  return isCopied(status) || status === 'FAILED' || status === 'REMOVED';
}

/** Returns whether the bytes of a file in this state are at the destination and were verified there. */
export function isCopied(status: Status): status is CompletedFile['status'] {
  return status === 'COMPLETED' || status === 'COMPLETED_DELETE_FAILED';
}

/** Returns whether the file was copied. */
export function isCompleted(file: TrackedFile): file is CompletedFile {
  return isCopied(file.status);
}

/** Returns whether a file vanished at the source before it was copied, and no operator has acknowledged that. */
export function isLost(file: TrackedFile): file is FailedFile | RemovedFile {
  return (file.status === 'REMOVED' || file.status === 'FAILED') && file.isLost === true;
}

/** A copy that moves bytes. */
export type ActiveCopy = CopyingFile | GrowingCopyFile;
/** A file with a running copy. */
export type RunningFile = CopyingFile | GrowingCopyFile | VerifyingFile;

/** Returns whether the file has a running copy. */
export function isRunning(file: TrackedFile): file is RunningFile {
  return file.status === 'COPYING' || file.status === 'GROWING_COPY' || file.status === 'VERIFYING';
}

/** Returns whether a file has, or may have, a hidden name at the source. */
export function isBeingRemoved(file: TrackedFile): boolean {
  return isCompleted(file) && file.removal !== undefined && file.removal.step !== 'waits';
}

/** Returns whether Sluice has removed the source of a file. A file that appears under its path is another one. */
export function isSourceRemoved(file: TrackedFile): boolean {
  return isCompleted(file) && file.afterCopy === 'done';
}
