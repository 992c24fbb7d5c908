import type { CopyNote, NotLinked, ReadbackMethod } from '../model/copy.ts';
import type { ErrorKind } from '../model/fault.ts';
import type { FileId, FileIdentity } from '../model/ids.ts';
import type { Refusal } from '../model/refusal.ts';
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
  /** The modification time changed, the bytes did not. */
  | { readonly kind: 'same_bytes'; readonly mtimeNs: string }
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
  | { readonly kind: 'leftover_marked'; readonly from: string; readonly to: string; readonly outcome: 'done' | 'gone' | 'refused' };
