import type { ContentHash, CopyNote, Leftover, Phase, ReadbackMethod } from './copy.ts';
import type { CallFault, FileError } from './fault.ts';
import type { CopyId, FileId, FileIdentity, Fingerprint, RouteName } from './ids.ts';
import type { Removal } from './removal.ts';

/** One regular file that the rules take in, as a listing or a check saw it. */
export interface SourceEntry {
  /** Relative to the source root, `/` between the parts. */
  readonly path: string;
  /** False where the name is not valid UTF-8; such a file is shown and never carried. */
  readonly nameValid: boolean;
  readonly fingerprint: Fingerprint;
  /** Null where its filesystem may make up inode numbers. */
  readonly identity: FileIdentity | null;
  /** When anything of it changed, whatever its times were set to. Milliseconds since the epoch; absent where `identity` is null. */
  readonly changedMs?: number;
  /** Permission bits. */
  readonly mode: number;
  /** Growing copies are on for this name. */
  readonly mayGrow: boolean;
}

/** The states of a source. */
export type SourceStateName = 'ok' | 'missing' | 'unreadable' | 'silent' | 'suddenly_empty';

/** Why a waiting file does not move. */
export type Hold = 'network' | 'space' | 'backoff' | 'operator' | 'needs_you';

/** Why a copy bears another name than its source. */
export type NameReason = 'recovery' | 'name_taken';

/** What became of the source after the copy. */
export type AfterCopy = 'none' | 'pending' | 'done' | 'failed';

/** A visible leftover and the name it is to bear. */
export interface Mark {
  readonly from: string;
  readonly to: string;
  /** At least so many of its bytes were written by this program. A shorter file with that name belongs to another program. */
  readonly leastBytes: number;
  /** Of the file that was created: another one of that name is another program's. Absent: not known, or an earlier version wrote it. */
  readonly inode?: string;
}

/** Another path that the same file had at the source: same device, inode, size and modification time. */
export interface EarlierName {
  readonly source: string;
  /** The name of its copy at the destination; null: there is none that may be looked for. */
  readonly copy: string | null;
  /** The source has it under that path no longer: it was renamed. False: not known yet, or it has both names. */
  readonly isGone: boolean;
}

/** What every state of a tracked file knows. */
interface FileCommon {
  readonly id: FileId;
  readonly route: RouteName;
  /** Relative to the source root. */
  readonly source: string;
  /** Relative to the destination root: planned, then real. */
  readonly destination: string;
  readonly nameValid: boolean;
  /** The `N` of `stem_N.ext`; 0: the source's own name. */
  readonly nameNumber: number;
  readonly nameReason: NameReason | null;
  /** As the source was last seen. */
  readonly fingerprint: Fingerprint;
  readonly mode: number;
  readonly mayGrow: boolean;
  /** 1 for the first attempt of the lineage. */
  readonly attempt: number;
  /** Attempts that count against `max_attempts`: not those ended by a closed gate. */
  readonly countedAttempts: number;
  readonly recoveryOf: FileId | null;
  readonly recoveredBy: FileId | null;
  /** Names of the lineage whose create, link or rename went unanswered: never used again. */
  readonly burned: readonly string[];
  /** Parts of ended attempts of the lineage that may still be there. */
  readonly leftParts: readonly string[];
  /** Visible leftovers of ended attempts of the lineage, by name. */
  readonly leftVisible: readonly string[];
  /** Those of them that are to be renamed as `recovery.leftover = "mark"` asks. */
  readonly toMark: readonly Mark[];
  /** What is known of the visible leftovers of the lineage. Absent: there are none, or an earlier version wrote the record. */
  readonly leftovers?: readonly Leftover[];
  /** Wall clock, milliseconds since the epoch. */
  readonly discoveredAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly sourceGone: boolean;
  /** How often in a row its path went on soon after a copy of it was completed; absent: not at all. */
  readonly pauses?: number;
  /** Absent: none is known. */
  readonly renamedFrom?: EarlierName;
  /** The source has it under this path now. Absent: it was not renamed. */
  readonly renamedTo?: string;
}

/** Leaves behind what only the old state knew. */
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

/** Share of the size last seen that is synced, in percent with one decimal. */
export function percentOf(copiedBytes: number, sizeBytes: number): number {
  if (sizeBytes <= 0) return 0;
  return Math.min(Math.floor((copiedBytes / sizeBytes) * 1000) / 10, 100);
}

/** What is known of a changing size. Times are monotonic milliseconds, which start again with each run of the agent. */
export interface Growth {
  /** Since when it is watched without coming to rest. */
  readonly since: number;
  /** When a moving size or mtime was last observed; the first sight counts. */
  readonly movedAt: number;
  /** First of the observations that rose without a pause, and how large it was. */
  readonly roseFrom: { readonly at: number; readonly sizeBytes: number } | null;
  /** Rises that count: `poll` apart. */
  readonly roseTimes: number;
  /** When the last of them was. */
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
  /** Wall clock, since when it is growing. */
  readonly growingSince: number;
  /** Its writer denies reading. */
  readonly heldByWriter: boolean;
  /** An operator has been told that it does not come to rest. */
  readonly stuck: boolean;
}

/** What a file keeps that moves towards its copy. */
interface PendingCopy {
  /** A growing copy is meant. */
  readonly growing: boolean;
  /** How often the preflight did not reach the destination, without a copy between. */
  readonly networkTries: number;
}

/** A stable file that can be queued. */
export interface ReadyFile extends FileCommon, PendingCopy {
  readonly status: 'READY';
  /** Monotonic: when its source was last seen to move; what rests again is carried as a stable file. */
  readonly movedAt: number;
  /** `network` is not stored: a READY file without a hold waits for the network while its gate is closed. */
  readonly hold: 'backoff' | 'operator' | 'needs_you' | null;
  /** Wall clock: when a hold `backoff` or `needs_you` ends by itself; null: it does not. */
  readonly retryAt: number | null;
}

/** A file that waits until its destination can be reached. */
export interface WaitingForNetworkFile extends FileCommon, PendingCopy {
  readonly status: 'WAITING_FOR_NETWORK';
  /** Wall clock: it moves at the first good probe after this. */
  readonly retryAt: number;
}

/** A file that waits for space at its destination. */
export interface WaitingForSpaceFile extends FileCommon, PendingCopy {
  readonly status: 'WAITING_FOR_SPACE';
  /** Wall clock: not asked again before; matters where the filesystem does not tell its space. */
  readonly retryAt: number;
}

/** A queued file. */
export interface InQueueFile extends FileCommon, PendingCopy {
  readonly status: 'IN_QUEUE';
  /** Set while a carrier looks at both sides. */
  readonly copyId: CopyId | null;
}

/** What a running copy knows. */
interface Running {
  readonly copyId: CopyId;
  /** The hidden file it is written to; null: under its final name. */
  readonly part: string | null;
  /** The create succeeded, or was sent and went unanswered. */
  readonly begun: boolean;
  /** The create was answered well, exclusively: what has the name is ours. Records of earlier versions do not say. */
  readonly isCreated?: boolean;
  /** Of the file that was created. Absent: nothing was, or it is not known. */
  readonly createdInode?: string;
  /** The source as it was when the copy was ordered. */
  readonly expected: Fingerprint;
  /** Synced bytes: what is truly there. */
  readonly copiedBytes: number;
  /** Smoothed, over the last seconds. */
  readonly bytesPerSecond: number;
  /** A failure on the destination's side that a probe has yet to judge. */
  readonly suspicion: Suspicion | null;
  /** Monotonic: the last report that was a sign of life. */
  readonly aliveAt: number;
}

/** An error or a silence that a probe begun after it decides. */
export interface Suspicion {
  readonly fault: CallFault;
  /** The copy is over whatever the probe says; false: only silent so far. */
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
  /** 0 to 1, of a phase that has an end. */
  readonly phaseDone: number | null;
}

/** A file whose copy is being verified. */
export interface VerifyingFile extends FileCommon, Running {
  readonly status: 'VERIFYING';
  readonly growing: boolean;
  readonly hash: ContentHash;
  readonly readback: ReadbackMethod | null;
  readonly phaseDone: number | null;
  /** The committed step of publishing. Past `none` a file does not fail when the gate closes: the outcome has to be checked. */
  readonly publishing: Publishing;
  /** Monotonic: since when a fresh process is to read back, after a probe sent later than this; null: not asked for. */
  readonly freshSince: number | null;
  /** A fresh process was asked. */
  readonly isReadFresh: boolean;
}

/** How a copy is about to get its final name. */
export type Publishing =
  | { readonly step: 'none' }
  | { readonly step: 'link' }
  | { readonly step: 'claim'; readonly claimed: { readonly device: string; readonly inode: string } | null };

/** A file that was copied. */
export interface CompletedFile extends FileCommon {
  readonly status: 'COMPLETED' | 'COMPLETED_DELETE_FAILED';
  readonly growing: boolean;
  readonly hash: ContentHash | null;
  readonly readback: ReadbackMethod;
  /** False: the very bytes were there already. */
  readonly copied: boolean;
  readonly afterCopy: AfterCopy;
  /** Of a file whose `afterCopy` is `pending` or `failed`. */
  readonly removal?: Removal;
  readonly notes: readonly CopyNote[];
  /** The source went on after it was copied: the tracked file of what it is since. */
  readonly supersededBy?: FileId;
  /** Which file its source was (`identityText`). Absent: its filesystem may make up inode numbers, or an earlier version wrote it. */
  readonly identity?: string;
  /** When anything of its source had changed, as it was copied or compared last: `changedMs` of its entry. Absent: not known. */
  readonly changedMs?: number;
}

/** A file that failed. */
export interface FailedFile extends FileCommon {
  readonly status: 'FAILED';
  readonly growing: boolean;
  readonly error: FileError;
  readonly copiedBytes: number;
  readonly begun: boolean;
  /** What it left at the destination, by name; null: nothing. */
  readonly left: string | null;
  /** Its source is gone, nothing follows, and no operator has acknowledged that. */
  readonly isLost?: boolean;
}

/** A file that was removed before it was copied. */
export interface RemovedFile extends FileCommon {
  readonly status: 'REMOVED';
  /** It had come to rest and was to be copied, and no operator has acknowledged that it is gone. */
  readonly isLost?: boolean;
}

/** ONE attempt to carry ONE source file along one route. Replaced, never edited. */
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

/** The file of one state, also where several states share a type. */
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

/** An end: the path found again is a new tracked file. */
export function isEnded(status: Status): boolean {
  return isCopied(status) || status === 'FAILED' || status === 'REMOVED';
}

/** Its bytes are at the destination and were verified there. */
export function isCopied(status: Status): status is CompletedFile['status'] {
  return status === 'COMPLETED' || status === 'COMPLETED_DELETE_FAILED';
}

/** Returns whether the file was copied. */
export function isCompleted(file: TrackedFile): file is CompletedFile {
  return isCopied(file.status);
}

/** It vanished at the source before it was copied, and no operator has acknowledged that. */
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
