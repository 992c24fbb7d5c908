import { unreachable } from './assert.ts';

/** The side on which a call was made. */
export type Side = 'source' | 'destination';

/** Why an attempt FAILED. The journal, the JSON and the screen use these words. */
export type ErrorKind =
  | 'network_interruption'
  | 'destination_full'
  | 'destination_denied'
  | 'destination_error'
  | 'source_unreadable'
  | 'source_changed'
  | 'checksum_mismatch'
  | 'agent_stopped'
  | 'skipped';

/** The kinds of errors. */
export const errorKinds = [
  'network_interruption',
  'destination_full',
  'destination_denied',
  'destination_error',
  'source_unreadable',
  'source_changed',
  'checksum_mismatch',
  'agent_stopped',
  'skipped',
] as const satisfies readonly ErrorKind[];

/** Sluice's own codes of a failed call. `words` has their meanings. */
export type OwnCode =
  /** No answer in time. */
  | 'SILENT'
  /** The end of the file came before its size. */
  | 'SHORT'
  /** The file was opened on another mount than the probed one. */
  | 'DIVERTED'
  /** It is not known whether the mount is the probed one. */
  | 'MARKER_UNCLEAR'
  /** Replaced by another file. */
  | 'CHANGED'
  /** The bytes read back differ. */
  | 'MISMATCH'
  /** The created file is no longer there. */
  | 'LOST'
  /** The file with the name at the destination is the source file. */
  | 'SAME_FILE'
  /** A link is in the place of a folder. */
  | 'LINKED'
  /** `ENAMETOOLONG` because of a folder in the path, or because of the whole path. */
  | 'FOLDER_TOO_LONG'
  | 'PATH_TOO_LONG'
  /** The process that made the call ended. */
  | 'CHILD_LOST';

/**
 * An expected failure of a call that left the process, as a child saw it, without any conclusion. `code` is the errno name
 * (`EIO`), or an {@linkcode OwnCode}.
 */
export interface CallFault {
  readonly side: Side;
  readonly code: string;
  /** The call as a verb and its object: `write day1/a.mxf`. */
  readonly operation: string;
  readonly message: string;
}

/** Why an attempt ended. */
export type FailureReason =
  | { readonly kind: 'call'; readonly fault: CallFault }
  /** The gate of the destination closed, and none of the attempt's calls had failed. */
  | { readonly kind: 'gate'; readonly code: string; readonly destination: string; readonly finding: Finding }
  | { readonly kind: 'skipped'; readonly by: string }
  /** An earlier agent ended while the copy ran. */
  | { readonly kind: 'agent_gone' }
  | { readonly kind: 'agent_stopped' };

/** Returns the code that scripts read, and by which tables classify failures. */
export function codeOfReason(reason: FailureReason): string {
  switch (reason.kind) {
    case 'call':
      return reason.fault.code;
    case 'gate':
      return reason.code;
    case 'skipped':
      return 'SKIPPED';
    case 'agent_gone':
      return 'AGENT_GONE';
    case 'agent_stopped':
      return 'STOPPED';
    default:
      return unreachable(reason);
  }
}

/** What follows a failed attempt. `as` is the planned name of the next one. */
export type Follows =
  /** The source is gone. */
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'attempt';
      readonly as: string;
      readonly waitsFor: 'turn' | 'network' | 'space' | 'backoff' | 'operator' | 'needs_you';
    };

/** Why a FAILED file failed. */
export interface FileError {
  /** What kind of failure it was. [states.md](states.md#why-a-copy-fails) explains each kind. */
  readonly kind: ErrorKind;
  /** How much was copied when the attempt failed: synced bytes as a share of the size last seen, with one decimal. */
  readonly percent: number;
  readonly reason: FailureReason;
  readonly follows: Follows;
}

/** The result of probing a destination. `words` makes the text, with the path and the error code. */
export type Finding =
  /** No probe has answered yet. */
  | { readonly kind: 'not_probed' }
  | { readonly kind: 'answers' }
  | { readonly kind: 'no_answer'; readonly deadlineMs: number }
  /** Abandoned processes are still inside a call. */
  | { readonly kind: 'calls_hang'; readonly pids: readonly number[] }
  /** The probing process ended. `how` is the system's description. */
  | { readonly kind: 'prober_lost'; readonly how: string }
  | { readonly kind: 'agent_ends'; readonly operation: string }
  | { readonly kind: 'call_failed'; readonly operation: string }
  | { readonly kind: 'no_room_for_marker'; readonly operation: string }
  /** The destination answers, but its marker cannot be written. */
  | { readonly kind: 'marker_refused'; readonly operation: string }
  /** The marker is empty, incomplete, too long, or not a regular file. */
  | { readonly kind: 'marker_unclear'; readonly operation: string }
  /** Sluice is not permitted to read the marker. */
  | { readonly kind: 'marker_denied'; readonly operation: string }
  | { readonly kind: 'marker_missing'; readonly expected: string }
  | { readonly kind: 'marker_differs'; readonly found: string; readonly expected: string }
  /** Nothing is mounted at the path, and the path is in a mount folder. */
  | { readonly kind: 'nothing_mounted'; readonly under: string }
  /** From a journal of another version. Only `technical` was kept. */
  | { readonly kind: 'unspecified'; readonly technical: string };

const noReasons: ReadonlySet<Finding['kind']> = new Set(['not_probed', 'answers', 'agent_ends', 'unspecified'] as const);

/** Returns whether a finding explains why a destination is not online, even if the cause is `unknown`. */
export function isReason({ kind }: Finding): boolean {
  return !noReasons.has(kind);
}
