import type { CallFault, Side } from './fault.ts';
import type { CopyId, FileId, FileIdentity, Fingerprint, RouteName } from './ids.ts';

/** The phase of a growing copy. */
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

/** The mount that answered the last good probe. Everything that a copy opens must be on it. */
export interface DestinationMount {
  /** Absolute path of the destination. */
  readonly path: string;
  /** Number of the mount, from `/proc/self/mountinfo`. Null: the system has none. */
  readonly mountId: number | null;
  /** UUID of its marker. The mount id is not enough, because the system gives it to the next disk that is mounted. Absent: none is known. */
  readonly marker?: string;
  /**
   * What may answer a read past the page cache instead of the storage: the memory of this machine (`reads`), or data that it has
   * not sent to the storage yet (`writes`). Absent: the storage itself answers.
   */
  readonly cache?: 'reads' | 'writes';
}

/** The order for one copy. All paths are relative to the roots. */
export interface CopyOrder {
  readonly route: RouteName;
  readonly fileId: FileId;
  readonly copyId: CopyId;
  readonly source: string;
  /** The identity of the file that has to be at the source. Null: not known. */
  readonly sourceIdentity: FileIdentity | null;
  readonly destination: string;
  /** The temporary file to write to. Null: the copy is written under its visible final name. */
  readonly part: string | null;
  readonly growing: boolean;
  readonly expected: Fingerprint;
  readonly mode: number;
  /** A file of the expected size has the final name: read both, compare them, and create nothing. */
  readonly compare: boolean;
  /** The name of a copy that probably has the same bytes: read both, compare them, and give that copy this name too. */
  readonly linkFrom?: string;
  /** Temporary files of ended attempts, which are removed before anything is created. A missing one is not an error. */
  readonly removeFirst: readonly string[];
  readonly mount: DestinationMount;
}

/** The order to give verified bytes their final name. Idempotent: repeated after a crash, it finds out what happened. */
export interface PublishOrder {
  readonly route: RouteName;
  readonly fileId: FileId;
  readonly copyId: CopyId;
  readonly destination: string;
  /** Null: the copy was written under its final name. Then only times, mode and syncs are left to do. */
  readonly part: string | null;
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  readonly mode: number;
  readonly hash: ContentHash;
  /**
   * Null: `link(part, final)`. If links are refused: `{ claimed: null }` creates the claim exclusively, and `{ claimed }` renames
   * over exactly that empty file. `isAgain`: the order was given before, and what became of it is not known.
   */
  readonly claim: { readonly claimed: FileIdentity | null; readonly isAgain?: true } | null;
  readonly mount: DestinationMount;
}

/** The result of the checks before anything is created. */
export interface Preflight {
  readonly sourceFingerprint: Fingerprint;
  /** The file at the source's path is another one than the order names. */
  readonly isOther: boolean;
  /** Size in bytes of the file with the final name. Null: nothing has the name. -1: it is not a regular file. */
  readonly existingSizeBytes: number | null;
  /** Available bytes. Null: not known. */
  readonly freeBytes: number | null;
}

/** A remark about a copy that is verified nevertheless. */
export type CopyNote =
  | { readonly kind: 'times_not_set'; readonly code: string }
  | { readonly kind: 'mode_not_set'; readonly code: string }
  /** The folders that were created for it have another mode than configured. Noted once. */
  | { readonly kind: 'folder_mode_not_set'; readonly code: string }
  /** The copy has its final name, but its temporary name could not be removed yet. */
  | { readonly kind: 'part_left'; readonly code: string }
  /** The source was removed during the copy and could not be read a second time. */
  | { readonly kind: 'source_removed' }
  /** The change time of the source changed repeatedly, but its bytes were the same each time. */
  | { readonly kind: 'change_time_moved'; readonly readings: number };

/**
 * Why a copy could not get a second name.
 *
 * - `differs`: the file with the earlier name is gone, or has other bytes now.
 * - `refused`: the destination has no links here, or the new name is taken.
 */
export type NotLinked = 'differs' | 'refused';

/** What a carrier reports of one copy, in order. Every report but `stalled` is a sign of life. */
export type CopyReport =
  | { readonly kind: 'preflight'; readonly preflight: Preflight }
  /** A process that has the source open for writing denies reading. This is not an attempt. */
  | { readonly kind: 'held_by_writer'; readonly code: string }
  /** The create call is about to be sent: from here on the copy has begun. */
  | { readonly kind: 'creating' }
  | { readonly kind: 'created'; readonly identity: FileIdentity }
  /** The name is taken by a file that is not from this program and does not have these bytes. */
  | { readonly kind: 'name_taken' }
  /** The bytes were compared: a file with exactly these bytes is there already. */
  | { readonly kind: 'already_there'; readonly hash: ContentHash; readonly readback: ReadbackMethod; readonly fingerprint: Fingerprint }
  /** The bytes were compared: the copy of `linkFrom` has exactly these bytes, and now also has the final name. */
  | { readonly kind: 'linked'; readonly hash: ContentHash; readonly readback: ReadbackMethod; readonly fingerprint: Fingerprint }
  /** The copy of `linkFrom` got no second name; nothing was created. */
  | { readonly kind: 'not_linked'; readonly why: NotLinked }
  | {
      readonly kind: 'progress';
      readonly syncedBytes: number;
      /** Size of the source, as last seen by the carrier. */
      readonly sizeBytes: number;
      readonly phase: Phase | null;
      /** How much of the phase is done, 0 to 1. Null: the phase has no known end. */
      readonly phaseDone: number | null;
    }
  /** The source of a stable copy grew in place. The carrier follows it from now on. */
  | { readonly kind: 'source_grew'; readonly sizeBytes: number }
  /**
   * All bytes are synced and, for a growing copy, settled. The carrier waits for `read_back`, unless it reads a small file back at once
   * (`readsBack`).
   */
  | { readonly kind: 'copied'; readonly hash: ContentHash; readonly fingerprint: Fingerprint; readonly readsBack?: true }
  /** `O_DIRECT` is refused here. A fresh process has to read back. */
  | { readonly kind: 'direct_refused' }
  /** Read back and equal, and the source still has the settled fingerprint. The carrier waits for `publish`. */
  | { readonly kind: 'verified'; readonly readback: ReadbackMethod; readonly sourceGone: boolean }
  /** The source changed during the verification. The carrier follows it and settles again. */
  | { readonly kind: 'source_moved'; readonly sizeBytes: number }
  | { readonly kind: 'link_refused'; readonly code: string }
  | { readonly kind: 'claimed'; readonly identity: FileIdentity }
  /** The copy has its final name, is synced, and has its times and mode. */
  | { readonly kind: 'published'; readonly notes: readonly CopyNote[] }
  /** The answer to `hash_source` for a file that had the expected fingerprint before and after. */
  | { readonly kind: 'source_hashed'; readonly hash: ContentHash }
  /** A call has been outstanding longer than `stall_after`. */
  | { readonly kind: 'stalled'; readonly side: Side; readonly operation: string; readonly sinceMs: number }
  /** Withdrawn on request. `left`: the temporary file could not be removed. */
  | { readonly kind: 'withdrawn'; readonly left: boolean }
  | {
      readonly kind: 'failed';
      readonly fault: CallFault;
      readonly syncedBytes: number;
      readonly sizeBytes: number;
      /** The create was refused: although it was announced, no file of this copy exists. */
      readonly isUncreated?: true;
      /**
       * A name or a path was too long: the length in bytes of the longest one that the destination takes. Absent: none was too
       * long, or it is not known.
       */
      readonly takenBytes?: number;
    };

/** A visible leftover and its marked name. */
export interface Mark {
  readonly from: string;
  readonly to: string;
  /** At least this many of its bytes were written by Sluice. A shorter file with that name belongs to another program. */
  readonly leastBytes: number;
  /**
   * The inode of the created file. A file of that name with another inode belongs to another program. Absent: not known, or an
   * earlier version wrote the record.
   */
  readonly inode?: string;
}

/** The complete copy that replaced a leftover. */
export interface Replacement {
  /** The attempt that made it. */
  readonly id: FileId;
  /** Its name, relative to the destination root. */
  readonly destination: string;
  readonly sizeBytes: number;
}

/**
 * Why a leftover stays at the destination:
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

/** The partial file of a failed growing copy under a visible name, and its identity. */
export interface Leftover {
  /** Its name, relative to the destination root. */
  readonly name: string;
  /** The failed attempt that wrote it. */
  readonly attempt: FileId;
  /** When that attempt failed. Wall clock, milliseconds since the epoch. */
  readonly failedAt: number;
  /** Number of its bytes that were written and synced. */
  readonly leastBytes: number;
  /** Inode of the created file. Absent: the create was not answered, so it is unknown whether the file is from Sluice. */
  readonly inode?: string;
  /** Absent: none exists yet. */
  readonly replacement?: Replacement;
  /** Its source was gone before a complete copy existed. A later copy of the same path does not replace it. */
  readonly isLast?: true;
  /** The requested removal, while it is under way. */
  readonly removal?: { readonly by: string; readonly reason: string | null };
  /** Why the last removal did not remove it. */
  readonly kept?: KeptBecause;
}

/** The properties of a leftover that are compared before its removal. */
export interface LeftoverCheck extends Pick<Leftover, 'name' | 'leastBytes' | 'inode'> {
  /** Absent: none exists, so the leftover stays. */
  readonly replacement?: Replacement;
}

/** The result of a comparison. `sizeBytes` is null if no file has the name. */
export interface LeftoverFound {
  /** Null: it can be removed, or is gone. */
  readonly kept: KeptBecause | null;
  readonly sizeBytes: number | null;
  /** The error code if `kept` is `failed`. */
  readonly code?: string;
}

/** The result of a removal. `gone`: no file has its name any more. Otherwise the reason why it stays. */
export type LeftoverOutcome = 'removed' | 'gone' | KeptBecause;
