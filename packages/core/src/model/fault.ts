import { unreachable } from './assert.ts';
import type { Finding } from './finding.ts';

/** Which of the two sides a call was made on. */
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

/** Sluice's own codes of a failed call; `words` has the meaning of each. */
export type OwnCode =
  /** No answer in time. */
  | 'SILENT'
  /** An end of file before the size. */
  | 'SHORT'
  /** Opened on another mount than the one that was probed. */
  | 'DIVERTED'
  /** Whether it is the one that was probed cannot be said. */
  | 'MARKER_UNCLEAR'
  /** Replaced by another file. */
  | 'CHANGED'
  /** The bytes read back differ. */
  | 'MISMATCH'
  /** What was made is not there any more. */
  | 'LOST'
  /** What has the name at the destination is the source file. */
  | 'SAME_FILE'
  /** A link where a folder has to be. */
  | 'LINKED'
  /** What `ENAMETOOLONG` was about. */
  | 'FOLDER_TOO_LONG'
  | 'PATH_TOO_LONG'
  /** The process that made the call ended. */
  | 'CHILD_LOST';

/**
 * An expected failure of a call that left the process, as a child saw it; nothing is concluded yet.
 * `code` is the errno name (`EIO`), or an {@linkcode OwnCode}.
 */
export interface CallFault {
  readonly side: Side;
  readonly code: string;
  /** What was tried, as a verb and its object: `write day1/a.mxf`. */
  readonly operation: string;
  readonly message: string;
}

/** What ended an attempt. */
export type FailureReason =
  | { readonly kind: 'call'; readonly fault: CallFault }
  /** The gate of its destination closed, and none of its calls had failed. */
  | { readonly kind: 'gate'; readonly code: string; readonly destination: string; readonly finding: Finding }
  | { readonly kind: 'skipped'; readonly by: string }
  /** An earlier agent ended while the copy ran. */
  | { readonly kind: 'agent_gone' }
  | { readonly kind: 'agent_stopped' };

/** The code that scripts read, and that tables of codes classify. */
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

/** What comes after a failed attempt; `as` is the name that the next one is planned under. */
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
  /** How far the copy was when it failed: synced bytes as a share of the size last seen, with one decimal. */
  readonly percent: number;
  readonly reason: FailureReason;
  readonly follows: Follows;
}
