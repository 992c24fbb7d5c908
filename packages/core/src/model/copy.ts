import type { CallFault, Side } from './fault.ts';
import type { CopyId, FileId, FileIdentity, Fingerprint, RouteName } from './ids.ts';

/** How far a growing copy is. */
export type Phase = 'following' | 'draining' | 'settling' | 'reading_back';

/** How the destination's bytes were verified: past the page cache, through it, or by size only. */
export type ReadbackMethod = 'direct' | 'cached' | 'size';

/** The hash of a file's content. */
export interface ContentHash {
  /** Algorithm: XXH64 of the xxHash family. */
  readonly algorithm: 'xxh64';
  /** The hash, as 16 lower-case hexadecimal digits. */
  readonly value: string;
}

/** The mount that answered the last good probe. What a copy opens must be on it. */
export interface DestinationMount {
  /** Absolute path of the destination. */
  readonly path: string;
  /** Number of the mount, from `/proc/self/mountinfo`. Null: the system has none. */
  readonly mountId: number | null;
  /** UUID of its marker. The mount id is not enough, because the system gives it to the next disk that is mounted. Absent: none is known. */
  readonly marker?: string;
  /**
   * What may answer even a read past the page cache of this machine: its memory (`reads`), or data that it has not sent to the storage yet
   * (`writes`). Absent: the storage itself answers.
   */
  readonly cache?: 'reads' | 'writes';
}

/** Everything a carrier needs to make one copy. All paths are relative to the roots. */
export interface CopyOrder {
  readonly route: RouteName;
  readonly fileId: FileId;
  readonly copyId: CopyId;
  readonly source: string;
  /** The file that has to be found there; null: not known. */
  readonly sourceIdentity: FileIdentity | null;
  readonly destination: string;
  /** The hidden file to write to, or null to write under the visible final name. */
  readonly part: string | null;
  readonly growing: boolean;
  readonly expected: Fingerprint;
  readonly mode: number;
  /** A file of the expected size stands under the final name: read both and compare, create nothing. */
  readonly compare: boolean;
  /** A copy that is thought to have these bytes under another name: read both and compare, then give it this name too. */
  readonly linkFrom?: string;
  /** Parts of ended attempts, removed before anything is created; absent ones are no error. */
  readonly removeFirst: readonly string[];
  readonly mount: DestinationMount;
}

/** Gives verified bytes their final name. Idempotent: asked again after a crash it finds out what happened. */
export interface PublishOrder {
  readonly route: RouteName;
  readonly fileId: FileId;
  readonly copyId: CopyId;
  readonly destination: string;
  /** Null where the copy was written under its final name: then only times, mode and syncs are left to do. */
  readonly part: string | null;
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  readonly mode: number;
  readonly hash: ContentHash;
  /**
   * Null: `link(part, final)`. Where links are refused: `{ claimed: null }` creates the claim exclusively,
   * `{ claimed }` renames over that very empty file.
   */
  readonly claim: { readonly claimed: FileIdentity | null } | null;
  readonly mount: DestinationMount;
}

/** What a carrier finds before anything is created. */
export interface Preflight {
  readonly sourceFingerprint: Fingerprint;
  /** Another file has the source's path than the one that the order names. */
  readonly isOther: boolean;
  /** Size in bytes of the file with the final name. Null: nothing has the name. -1: it is not a regular file. */
  readonly existingSizeBytes: number | null;
  /** Available bytes; null: unknown. */
  readonly freeBytes: number | null;
}

/** What is worth knowing of a copy that is verified all the same. */
export type CopyNote =
  | { readonly kind: 'times_not_set'; readonly code: string }
  | { readonly kind: 'mode_not_set'; readonly code: string }
  /** The folders that were made for it have another mode than the configuration asks for. Noted once. */
  | { readonly kind: 'folder_mode_not_set'; readonly code: string }
  /** It has its final name; its temporary name could not be removed yet. */
  | { readonly kind: 'part_left'; readonly code: string }
  /** The source was removed during the copy and could not be read a second time. */
  | { readonly kind: 'source_removed' }
  /** The change time of the source never rested; its bytes were the same each time. */
  | { readonly kind: 'change_time_moved'; readonly readings: number };

/**
 * Why a copy could not get a second name.
 *
 * - `differs`: what has the earlier name is gone, or has other bytes by now.
 * - `refused`: the destination has no links, or none here, or something has the new name.
 */
export type NotLinked = 'differs' | 'refused';

/** What a carrier reports of one copy, in order. Every report but `stalled` is a sign of life. */
export type CopyReport =
  | { readonly kind: 'preflight'; readonly preflight: Preflight }
  /** The writer denies reading; not an attempt. */
  | { readonly kind: 'held_by_writer'; readonly code: string }
  /** The create is about to be sent: from here on the copy has begun. */
  | { readonly kind: 'creating' }
  | { readonly kind: 'created'; readonly identity: FileIdentity }
  /** The name is taken by something that is not ours, and not by these bytes. */
  | { readonly kind: 'name_taken' }
  /** Compared: these very bytes are there already. */
  | { readonly kind: 'already_there'; readonly hash: ContentHash; readonly readback: ReadbackMethod; readonly fingerprint: Fingerprint }
  /** Compared: the copy of `linkFrom` has these very bytes, and the final name too. */
  | { readonly kind: 'linked'; readonly hash: ContentHash; readonly readback: ReadbackMethod; readonly fingerprint: Fingerprint }
  /** It got no other name; nothing was made. */
  | { readonly kind: 'not_linked'; readonly why: NotLinked }
  | {
      readonly kind: 'progress';
      readonly syncedBytes: number;
      /** Of the source, as last seen by the carrier. */
      readonly sizeBytes: number;
      readonly phase: Phase | null;
      /** Done of this phase, 0 to 1, where it has an end. */
      readonly phaseDone: number | null;
    }
  /** A stable copy's source grew in place: the carrier follows it from here on. */
  | { readonly kind: 'source_grew'; readonly sizeBytes: number }
  /**
   * All bytes are synced and, for a growing copy, settled. The carrier waits for `read_back`, unless it reads a small file back at once
   * (`readsBack`).
   */
  | { readonly kind: 'copied'; readonly hash: ContentHash; readonly fingerprint: Fingerprint; readonly readsBack?: true }
  /** `O_DIRECT` is refused here: ask again with a fresh process. */
  | { readonly kind: 'direct_refused' }
  /** Read back, equal, and the source's fingerprint is still the settled one. The carrier waits for `publish`. */
  | { readonly kind: 'verified'; readonly readback: ReadbackMethod; readonly sourceGone: boolean }
  /** The source moved during the verification: the carrier follows and settles again. */
  | { readonly kind: 'source_moved'; readonly sizeBytes: number }
  | { readonly kind: 'link_refused'; readonly code: string }
  | { readonly kind: 'claimed'; readonly identity: FileIdentity }
  /** Under the final name, synced, times and mode set. */
  | { readonly kind: 'published'; readonly notes: readonly CopyNote[] }
  /** Answer to `hash_source`: of a file whose fingerprint was the expected one before and after. */
  | { readonly kind: 'source_hashed'; readonly hash: ContentHash }
  /** A call has been outstanding longer than `stall_after`. */
  | { readonly kind: 'stalled'; readonly side: Side; readonly operation: string; readonly sinceMs: number }
  /** Withdrawn on request: the part is removed, nothing is left. */
  | { readonly kind: 'withdrawn'; readonly left: boolean }
  | {
      readonly kind: 'failed';
      readonly fault: CallFault;
      readonly syncedBytes: number;
      readonly sizeBytes: number;
      /** The create was refused: although it was announced, no file of this copy was made. */
      readonly isUncreated?: true;
      /** A name or a path was too long: how many bytes the longest one has that is taken there. Absent: nothing was, or it is not known. */
      readonly takenBytes?: number;
    };

/** The complete copy that replaced a leftover. */
export interface Replacement {
  /** The attempt that made it. */
  readonly id: FileId;
  /** Its name, relative to the destination root. */
  readonly destination: string;
  readonly sizeBytes: number;
}

/**
 * Why a leftover stays at the destination.
 *
 * - `not_replaced`: no complete copy replaced it. It may be all that is left of its source.
 * - `not_known_as_ours`: the journal does not say which file was created, or the storage does not say which file has the name.
 * - `other_file`: another file has its name.
 * - `changed`: it was changed after the complete copy was made, or has another size than a part of that copy.
 * - `replacement_gone`: the complete copy is not at the destination any more, or has another size.
 * - `other_bytes`: it does not hold the beginning of the complete copy. It may be of another recording.
 * - `failed`: a call failed.
 */
export type KeptBecause = 'not_replaced' | 'not_known_as_ours' | 'other_file' | 'changed' | 'replacement_gone' | 'other_bytes' | 'failed';

/** The partial file that a failed growing copy left under a visible name, and what identifies it. */
export interface Leftover {
  /** Its name, relative to the destination root. */
  readonly name: string;
  /** The failed attempt that wrote it. */
  readonly attempt: FileId;
  /** When that attempt failed. Wall clock, milliseconds since the epoch. */
  readonly failedAt: number;
  /** So many of its bytes were written and synced. */
  readonly leastBytes: number;
  /** Of the file that was created. Absent: the create was not answered, so it is not known whose file it is. */
  readonly inode?: string;
  /** Absent: there is none yet. */
  readonly replacement?: Replacement;
  /** Its source was gone before a complete copy was made: what is copied from the same path later does not replace it. */
  readonly isLast?: true;
  /** An operator asked for its removal, which is under way. */
  readonly removal?: { readonly by: string; readonly reason: string | null };
  /** Why the last removal did not remove it. */
  readonly kept?: KeptBecause;
}

/** What is compared before a leftover is removed. */
export interface LeftoverCheck extends Pick<Leftover, 'name' | 'leastBytes' | 'inode'> {
  /** Absent: there is none, so the leftover stays. */
  readonly replacement?: Replacement;
}

/** What a comparison found. `sizeBytes` is null if nothing has the name. */
export interface LeftoverFound {
  /** Null: it can be removed, or is gone. */
  readonly kept: KeptBecause | null;
  readonly sizeBytes: number | null;
  /** The error code, where `kept` is `failed`. */
  readonly code?: string;
}

/** What became of the removal of a leftover. `gone`: nothing has its name any more. Otherwise why it stays. */
export type LeftoverOutcome = 'removed' | 'gone' | KeptBecause;
