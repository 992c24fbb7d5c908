import type { FileError } from '@sluice/core/model';
import type { Explained } from './meaning.ts';

type ErrorKind = FileError['kind'];
type FailureReason = FileError['reason'];

/** What is known about a failed attempt, without what follows it. */
type Failure = Pick<FileError, 'reason' | 'percent'>;

const call = (side: 'source' | 'destination', code: string, operation: string, message: string): FailureReason => ({
  kind: 'call',
  fault: { side, code, operation, message },
});
const write = (code: string, message: string): Failure => ({
  percent: 45.2,
  reason: call('destination', code, 'write day1/clip.mxf', message),
});
const read = (code: string, message: string): Failure => ({ percent: 45.2, reason: call('source', code, 'read day1/clip.mxf', message) });

interface ExplainedKind extends Explained<Failure> {
  /** What a person does before the file is retried, in a few words for the screen. Null: nothing. */
  readonly brief: string | null;
}

/** Why an attempt fails. The kinds are those of `error.kind` in JSON. */
export const kindMeanings: Readonly<Record<ErrorKind, ExplainedKind>> = {
  network_interruption: {
    brief: 'check the storage and the network',
    cause: 'A call to the destination failed or did not return, and the probe that followed failed too: the whole destination is offline.',
    files:
      'Every running copy to this destination has failed. Sluice starts a new copy of each file when the destination is online again. The failure does not count as an attempt.',
    remedy: 'Bring the storage or the network back. Sluice continues without a command.',
    examples: [write('EIO', 'i/o error'), write('EROFS', 'read-only file system'), write('MARKER', 'another marker')],
  },
  destination_full: {
    brief: 'make room at the destination',
    cause: 'The destination has no room for the rest of the file, or a quota is used up.',
    files: 'The file waits for room, and after `max_attempts` attempts it needs you. Other files that fit are copied.',
    remedy: 'Make room at the destination. Sluice continues without a command.',
    examples: [write('ENOSPC', 'no space left on device')],
  },
  destination_denied: {
    brief: 'let Sluice write to the destination',
    cause: 'The destination answers, but refuses this file: Sluice has no right to write there.',
    files: 'Sluice tries the file again after a pause, and after `max_attempts` attempts it needs you.',
    remedy: 'Let the user that Sluice runs as write to the destination, then run `sluice retry FILE`.',
    examples: [write('EACCES', 'permission denied')],
  },
  destination_error: {
    brief: 'check the storage',
    cause: 'The destination answers its probes, but reports an error for this file, or needs longer than `stall_max` for it.',
    files: 'Sluice tries the file again after a pause, and after `max_attempts` attempts it needs you.',
    remedy: 'Check the storage. The codes below say more about the error.',
    examples: [write('EINVAL', 'invalid argument')],
  },
  source_unreadable: {
    brief: 'check the source',
    cause: 'The source file cannot be read, or the source stopped answering.',
    files: 'Sluice tries the file again after a pause, and after `max_attempts` attempts it needs you.',
    remedy: 'Check the disk of the source. If permission is denied, let the user that Sluice runs as read the file.',
    examples: [read('EIO', 'i/o error'), read('EACCES', 'permission denied'), read('SILENT', 'no answer')],
  },
  source_changed: {
    brief: null,
    cause: 'During the copy, another file took the path of the source file.',
    files: 'Sluice copies the new file when it has settled. What the failed attempt wrote is not part of it.',
    remedy: 'Nothing.',
    examples: [read('CHANGED', 'another file has this path now')],
  },
  checksum_mismatch: {
    brief: 'check the storage and the memory of this machine',
    cause: 'Sluice read the copy back from the destination, and it differs from the bytes of the source.',
    files: 'The attempt has failed. Sluice copies the file again after a pause, and after `max_attempts` attempts it needs you.',
    remedy: 'If it happens again, check the storage, the network and the memory of this machine.',
    examples: [{ percent: 100, reason: call('destination', 'MISMATCH', 'read back day1/clip.mxf', 'the hashes differ') }],
  },
  agent_stopped: {
    brief: null,
    cause: 'Sluice was stopped, ended, or lost power while this copy ran.',
    files: 'Sluice copies the file again after its next start. This counts as an attempt.',
    remedy: 'Start Sluice. If it ended unexpectedly, read the last lines of its log and the log of the system.',
    examples: [
      { percent: 45.2, reason: { kind: 'agent_stopped' } },
      { percent: 45.2, reason: { kind: 'agent_gone' } },
    ],
  },
  skipped: {
    brief: null,
    cause: 'An operator skipped the file while it was being copied.',
    files: 'Sluice does not copy the file until an operator retries it.',
    remedy: 'To copy it, run `sluice retry FILE`.',
    examples: [{ percent: 45.2, reason: { kind: 'skipped', by: 'ann' } }],
  },
};
