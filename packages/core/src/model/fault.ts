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

/**
 * An expected failure of a call that left the process, as a child saw it; nothing is concluded yet.
 * `code` is the errno name (`EIO`), or one of Sluice's own: `SILENT` (no answer in time), `SHORT` (an end of file
 * before the size), `DIVERTED` (opened on another mount than the one probed), `CHANGED` (replaced by another file),
 * `MISMATCH` (the bytes read back differ), `LOST` (what was made is not there any more), `CHILD_LOST`.
 */
export interface CallFault {
  readonly side: Side;
  readonly code: string;
  /** What was tried, as a verb and its object: `write day1/a.mxf`. */
  readonly operation: string;
  readonly message: string;
}

/** What a FAILED file says of itself. */
export interface FileError {
  readonly kind: ErrorKind;
  readonly code: string;
  /** Of the size last seen, one decimal, from synced bytes. */
  readonly percent: number;
  /** What it means and what happens next, in the operator's words. */
  readonly operator: string;
  readonly technical: string;
}
