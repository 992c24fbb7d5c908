import type { Finding, GateCause } from '@sluice/core/model';
import type { FoundThere } from '../failures/finding.ts';
import type { Explained, Meaning } from '../failures/meaning.ts';

/** Why a destination is offline. The codes are those of `gate.cause` in JSON. */
export const causeMeanings: Readonly<Record<GateCause, Meaning>> = {
  unknown: {
    cause: 'No probe has answered yet, or what it found does not fit another cause.',
    files: 'Nothing is copied to this destination until a probe is answered well.',
    remedy: 'After a start, wait 10 s (`probe.deadline`). If it stays so, read `technical` in `sluice status --json`.',
  },
  timeout: {
    cause: 'The destination did not answer within `probe.deadline`.',
    files: 'All files of the route wait. They are copied when the destination answers again.',
    remedy: 'Check the storage server and the network.',
  },
  unreachable: {
    cause: 'The destination answered with an error, or its folder is missing.',
    files: 'All files of the route wait. They are copied when the destination can be reached again.',
    remedy: 'Check that the share is mounted and that the folder exists.',
  },
  not_the_destination: {
    cause: 'The folder answers, but it is not the destination that Sluice knows: its marker file is missing or another one.',
    files: 'Sluice writes nothing there. All files of the route wait.',
    remedy: 'Mount the right disk or share. If this one is meant, run `sluice adopt ROUTE`, which shows the evidence first.',
  },
  read_only: {
    cause: 'The destination is mounted read-only. Some systems do this by themselves after an error of the disk.',
    files: 'All files of the route wait.',
    remedy: 'Find out why, check the disk, then mount it writable.',
  },
  denied: {
    cause: 'The user that Sluice runs as may not write to the destination, or may not read its marker file.',
    files: 'All files of the route wait.',
    remedy: 'Give that user the rights. `sluice check --as USER` tests them.',
  },
  hung: {
    cause: 'Calls to the destination do not return, and the limit of processes that may hang in one is reached.',
    files: 'All files of the route wait. Sluice continues to work on other routes.',
    remedy: 'Free the mount: bring the server back, or unmount it (`umount -f -l`). A restart of Sluice alone does not help.',
  },
};

const at = (finding: Finding, cause: GateCause | null, code: string | null): FoundThere => ({
  destination: '/mnt/nas',
  cause,
  code,
  finding,
});
const failed = (cause: GateCause, code: string): FoundThere => at({ kind: 'call_failed', operation: 'create a probe file' }, cause, code);
const waits = 'All files of the route wait. They are copied when the destination is online again.';

/** What a probe finds at a destination. */
export const findingMeanings: Readonly<Record<Finding['kind'], Explained<FoundThere>>> = {
  not_probed: {
    cause: 'Sluice has just started, and the first probe is not answered yet.',
    files: 'Nothing is copied until the probe is answered.',
    remedy: 'Wait a few seconds.',
    examples: [at({ kind: 'not_probed' }, 'unknown', null)],
  },
  answers: {
    cause: 'A probe was answered well.',
    files: 'Files are copied.',
    remedy: 'Nothing.',
    examples: [at({ kind: 'answers' }, null, null)],
  },
  no_answer: {
    cause: 'The storage or the network between does not answer. The time is `probe.deadline`.',
    files: waits,
    remedy: 'Check the storage server and the network. Sluice continues without a command.',
    examples: [at({ kind: 'no_answer', deadlineMs: 10_000 }, 'timeout', 'SILENT')],
  },
  calls_hang: {
    cause: 'Several processes are still inside calls that never returned. Sluice starts no more of them.',
    files: waits,
    remedy: 'Bring the server back, or unmount the share (`umount -f -l`) and mount it again.',
    examples: [at({ kind: 'calls_hang', pids: [4711, 4712] }, 'hung', 'HUNG')],
  },
  prober_lost: {
    cause: 'The process that probes the destination ended, for example because the system ended it or had no memory.',
    files: 'The files wait until the probe is repeated, usually a second.',
    remedy: 'Nothing. If it happens again, read the log of the system.',
    examples: [at({ kind: 'prober_lost', how: 'exit code 1' }, 'unreachable', 'CHILD_LOST')],
  },
  agent_ends: {
    cause: 'Sluice is stopping.',
    files: 'Nothing new is copied.',
    remedy: 'Nothing.',
    examples: [at({ kind: 'agent_ends', operation: 'create a probe file' }, 'unknown', 'ENDED')],
  },
  call_failed: {
    cause: 'The operating system refused a call of the probe. The text says which error it was.',
    files: waits,
    remedy: 'Do what the text says: mount the share, create the folder, or give Sluice the rights.',
    examples: [
      failed('unreachable', 'ENOENT'),
      failed('unreachable', 'ENOTDIR'),
      failed('unreachable', 'EIO'),
      failed('unreachable', 'REMOUNTED'),
      failed('read_only', 'EROFS'),
      failed('denied', 'EACCES'),
    ],
  },
  no_room_for_marker: {
    cause: 'The destination is new to Sluice, and has not even room for the small marker file.',
    files: waits,
    remedy: 'Make room at the destination.',
    examples: [at({ kind: 'no_room_for_marker', operation: 'write the marker' }, 'unknown', 'ENOSPC')],
  },
  marker_refused: {
    cause: 'The destination answers, but Sluice cannot write its marker file `.sluice-destination` there.',
    files: waits,
    remedy:
      'Give Sluice the right to create files in the folder itself. Where that is impossible, set `guard = "none"`; Sluice then does not notice that another disk is mounted there.',
    examples: [at({ kind: 'marker_refused', operation: 'link' }, 'unreachable', 'EIO')],
  },
  marker_unclear: {
    cause: 'The marker file is empty, cut short or not a regular file, for example after a crash of the storage.',
    files: waits,
    remedy:
      'Wait: Sluice reads it again. If it stays so, remove the file that the text names. If Sluice then reports a wrong disk, run `sluice adopt ROUTE`.',
    examples: [at({ kind: 'marker_unclear', operation: 'read the marker' }, 'unknown', 'MARKER_UNCLEAR')],
  },
  marker_denied: {
    cause: 'The user that Sluice runs as may not read the marker file.',
    files: waits,
    remedy: 'Give that user the right to read the file that the text names.',
    examples: [at({ kind: 'marker_denied', operation: 'read the marker' }, 'denied', 'EACCES')],
  },
  marker_missing: {
    cause:
      'Sluice has left a marker file at this destination before, and it is not there now: the share is not mounted, or another disk is.',
    files: 'Sluice writes nothing there. All files of the route wait.',
    remedy: 'Mount the share. If this folder is meant, run `sluice adopt ROUTE`, which shows the evidence first.',
    examples: [at({ kind: 'marker_missing', expected: '0f3c51d2' }, 'not_the_destination', 'MARKER')],
  },
  marker_differs: {
    cause: 'The folder holds the marker file of another destination: another disk or share is mounted there.',
    files: 'Sluice writes nothing there. All files of the route wait.',
    remedy: 'Mount the right disk. If this one is meant, run `sluice adopt ROUTE`, which shows the evidence first.',
    examples: [at({ kind: 'marker_differs', found: '273a6aaf', expected: '0f3c51d2' }, 'not_the_destination', 'MARKER')],
  },
  nothing_mounted: {
    cause:
      'The path lies under a folder for mounts, such as `/mnt`, and nothing is mounted there. Copies would fill the disk of the system.',
    files: 'Sluice writes nothing there. All files of the route wait.',
    remedy: 'Mount the share. If a plain folder is meant, run `sluice adopt ROUTE`.',
    examples: [at({ kind: 'nothing_mounted', under: '/mnt' }, 'not_the_destination', 'UNMOUNTED')],
  },
  unspecified: {
    cause: 'An older version of Sluice wrote the record, and kept only the cause.',
    files: 'All files of the route waited while the destination was offline.',
    remedy: 'Nothing for the past. If the destination is offline now, the newest line about it says why.',
    examples: [
      at({ kind: 'unspecified', technical: '' }, 'timeout', null),
      at({ kind: 'unspecified', technical: '' }, 'hung', null),
      at({ kind: 'unspecified', technical: '' }, 'not_the_destination', null),
      at({ kind: 'unspecified', technical: '' }, 'unknown', null),
    ],
  },
};
