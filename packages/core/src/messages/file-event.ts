import type { CopyNote, LeftoverOutcome, NotLinked, ReadbackMethod } from '../model/copy.ts';
import type { ErrorKind } from '../model/fault.ts';
import type { FileId, FileIdentity } from '../model/ids.ts';
import type { Refusal } from '../model/refusal.ts';
import type { RemovalStep } from '../model/removal.ts';
import type { FileAction } from './action.ts';

/** A request of an operator: who made it, and why. */
interface Asked {
  readonly action: FileAction['do'];
  readonly by: string;
  readonly reason: string | null;
}

/** An event of a tracked file, as the journal keeps it. `words` makes the text. A kind that was written is never renamed. */
export type FileEvent =
  | { readonly kind: 'found' }
  /** A new attempt for the source of an ended attempt. */
  | { readonly kind: 'found_again'; readonly after: FileId }
  /** On the failed file: the attempt that follows it. */
  | { readonly kind: 'recovery_found'; readonly by: FileId }
  | { readonly kind: 'name_invalid' }
  | { readonly kind: 'source_changes' }
  | { readonly kind: 'settled' }
  | { readonly kind: 'recording' }
  /** The file has changed for longer than `stuck_after`. */
  | { readonly kind: 'stuck' }
  | { readonly kind: 'held_by_writer' }
  /** On a completed file: its source changed, and its new content is another tracked file. */
  | { readonly kind: 'superseded'; readonly by: FileId }
  /** The path changed this many times in a row soon after its copy, and now has to be at rest for `restMs` before it is copied. */
  | { readonly kind: 'paused'; readonly times: number; readonly stableAfterMs: number; readonly restMs: number }
  /** The source exists and is empty now. No empty copy is made. */
  | { readonly kind: 'emptied' }
  /** The modification time changed, the bytes did not. `onMedium`: it is on another medium, or on one that was put in again. Absent: no. */
  | { readonly kind: 'same_bytes'; readonly mtimeNs: string; readonly onMedium?: boolean }
  | { readonly kind: 'source_gone' }
  /** The source has another path now. */
  | { readonly kind: 'renamed'; readonly to: string }
  /** The source had this path before. */
  | { readonly kind: 'renamed_from'; readonly from: string }
  /** The source was not found when it was to be copied. A scan decides whether it was removed. */
  | { readonly kind: 'source_missing' }
  /** The source is unchanged since the failed attempt: it need not settle again. */
  | { readonly kind: 'source_unchanged' }
  | { readonly kind: 'failed_too_often' }
  /** Every later attempt would fail in the same way. */
  | { readonly kind: 'no_use_trying' }
  | { readonly kind: 'queued' }
  | { readonly kind: 'destination_offline' }
  | { readonly kind: 'destination_answers' }
  | { readonly kind: 'destination_not_reached'; readonly code: string }
  | { readonly kind: 'no_room' }
  | { readonly kind: 'room_again' }
  | { readonly kind: 'agent_started' }
  | { readonly kind: 'agent_stops' }
  | { readonly kind: 'asked'; readonly action: Asked['action']; readonly by: string; readonly reason: string | null }
  /** The requested action was no longer possible. */
  | ({ readonly kind: 'refused'; readonly why: Refusal } & Asked)
  | { readonly kind: 'route_held' }
  | { readonly kind: 'held' }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'hold_ended' }
  | { readonly kind: 'pause_over' }
  /** The name is taken at the destination; the next one is tried. */
  | { readonly kind: 'name_taken'; readonly taken: string }
  /** The attempt before may have published under this name, but the file of that name is not its copy. The next name is tried. */
  | { readonly kind: 'name_given_up'; readonly from: string }
  /** A source file has the name that this recovery had planned. */
  | { readonly kind: 'name_yielded'; readonly from: string }
  /**
   * The intent of everything that the carrier creates. `part` null: under the final name. `compare`: the existing file of this
   * name is read first.
   */
  | { readonly kind: 'copy_begins'; readonly part: string | null; readonly compare: boolean }
  /** The intent of a link: the copy with that name is read, and gets this name too. */
  | { readonly kind: 'link_begins'; readonly from: string }
  /** The copy with that name gets no other name. This file is copied from its source. */
  | { readonly kind: 'not_linked'; readonly from: string; readonly why: NotLinked }
  | { readonly kind: 'created'; readonly part: string | null; readonly identity: FileIdentity }
  | { readonly kind: 'source_grew' }
  | { readonly kind: 'withdrawn' }
  | { readonly kind: 'copied'; readonly hash: string; readonly bytes: number }
  | { readonly kind: 'publish'; readonly as: string; readonly readback: ReadbackMethod | null }
  /** An empty file claims the name, because links are refused. */
  | { readonly kind: 'claim'; readonly as: string }
  | { readonly kind: 'claimed'; readonly as: string; readonly identity: FileIdentity }
  | { readonly kind: 'published'; readonly as: string; readonly notes: readonly CopyNote[] }
  | { readonly kind: 'already_there'; readonly as: string; readonly notes: readonly CopyNote[] }
  /** The copy with another name has this name too. */
  | { readonly kind: 'linked'; readonly as: string; readonly from: string }
  | { readonly kind: 'failed'; readonly error: ErrorKind; readonly code: string }
  | { readonly kind: 'parts_removed'; readonly removed: readonly string[]; readonly kept: readonly string[] }
  /** The intent of a rename. */
  | { readonly kind: 'leftover_to_mark'; readonly from: string; readonly to: string }
  | { readonly kind: 'leftover_marked'; readonly from: string; readonly to: string; readonly outcome: 'done' | 'gone' | 'refused' }
  /** An operator asks for the removal of a leftover. */
  | { readonly kind: 'leftover_removal_asked'; readonly name: string; readonly by: string; readonly reason: string | null }
  /** The intent of a removal. `as`: the hidden name that it gets before it is removed. */
  | { readonly kind: 'leftover_to_remove'; readonly name: string; readonly as: string }
  | { readonly kind: 'leftover_removed'; readonly name: string; readonly outcome: LeftoverOutcome }
  /** Its copy is not verified well enough for its source to be removed: `after_copy_proof`. */
  | { readonly kind: 'removal_unproven'; readonly readback: ReadbackMethod }
  /** An operator requested the removal of its source. */
  | { readonly kind: 'removal_asked'; readonly by: string; readonly reason: string | null }
  /** The intent of the rename to a hidden name at the source. */
  | { readonly kind: 'removal_begins'; readonly as: string }
  /** It was not renamed. The removal is tried again later. */
  | { readonly kind: 'removal_put_off'; readonly why: 'open_for_writing' | 'changed' | 'missing' }
  | { readonly kind: 'source_hidden'; readonly as: string }
  /** The intent of the removal. `archive`: the folder that it is moved into; null: it is deleted. */
  | { readonly kind: 'source_to_remove'; readonly archive: string | null }
  /** `archivedAs`: relative to the archive. `folders`: empty folders that were removed with it. */
  | {
      readonly kind: 'source_removed';
      readonly archive: string | null;
      readonly archivedAs: string | null;
      readonly folders: readonly string[];
    }
  /** The intent to give it its name back. */
  | { readonly kind: 'source_to_restore'; readonly why: RestoreReason }
  | { readonly kind: 'source_restored' }
  /** Another file has its name, so it keeps the hidden one. */
  | { readonly kind: 'source_name_taken'; readonly as: string }
  | { readonly kind: 'removal_failed'; readonly step: RemovalStep; readonly code: string; readonly operation: string }
  /**
   * The removal of its source was canceled. `put_off_to_policy`: only that which an operator requested; that of `after_copy` goes on.
   * `other_source`, `other_destination`: an operator adopted another disk than the one that it
   * was copied from, or to.
   */
  | {
      readonly kind: 'removal_off';
      readonly why: 'settings' | 'source_gone' | 'put_off' | 'put_off_to_policy' | 'other_source' | 'other_destination';
    };

/** Why a hidden source file gets its name back. */
export type RestoreReason = 'open_for_writing' | 'changed' | 'failed' | 'interrupted' | 'settings' | 'paused' | 'not_everywhere';
