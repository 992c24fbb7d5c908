import type { AnyCondition } from '../conditions/condition-text.ts';
import type { MeaningsOf } from '../failures/meaning.ts';

const room = {
  isFull: true,
  freeBytes: 1.99e9,
  totalBytes: 1e11,
  keepFree: { bytes: 2e9 },
  reservedBytes: 0,
  files: 3,
  bytes: 7.34e8,
  tooLarge: null,
} as const;

const failedOften = {
  kind: 'destination_error',
  percent: 45.2,
  reason: { kind: 'call', fault: { side: 'destination', code: 'EIO', operation: 'write day1/clip.mxf', message: 'i/o error' } },
  follows: { kind: 'attempt', as: 'day1/clip_5.mxf', waitsFor: 'needs_you' },
} as const;

/** What needs a person, which is when `on_attention` is run. */
export const conditionMeanings: MeaningsOf<AnyCondition> = {
  file_stuck: {
    cause: 'The file has changed for longer than `stuck_after`, and does not grow like a recording.',
    files: 'It is copied when it stops changing.',
    remedy: 'Find the program that writes to it. If it records, lower `growing.min_size` or add its extension to `growing.include`.',
    examples: [{ kind: 'file_stuck', source: 'day1/clip.mxf' }],
  },
  name_invalid: {
    cause: 'The name holds bytes that are not valid UTF-8.',
    files: 'The file is not copied.',
    remedy: 'Rename it at the source.',
    examples: [{ kind: 'name_invalid', source: 'day1/clip?.mxf' }],
  },
  failed_too_often: {
    cause: 'The file failed `max_attempts` times, or it is too large, or its name or path is too long, for the destination.',
    files: 'A file that failed too often is still tried every 10 min. One that is too large or too long is not.',
    remedy: 'Run `sluice show FILE`, correct the cause that it names, then run `sluice retry FILE`.',
    examples: [{ kind: 'failed_too_often', source: 'day1/clip.mxf', destination: 'day1/clip.mxf', error: failedOften }],
  },
  file_lost: {
    cause: 'Something removed or emptied the file at the source before it was copied.',
    files: 'This file is not copied, and cannot be.',
    remedy: 'Find out what removed it. `sluice status` reports it for a day, or until you run `sluice acknowledge FILE`.',
    examples: [{ kind: 'file_lost', source: 'day1/clip.mxf', isEmptied: false }],
  },
  destination_offline: {
    cause: 'The destination has been offline for longer than `attention_after`, or another disk is there.',
    files: 'All files of the route wait. They are copied when the destination is online again.',
    remedy:
      'Bring the storage or the network back. The text says what a probe found: search this page for it, under "Destinations: findings".',
    examples: [
      {
        kind: 'destination_offline',
        forMs: 60_000,
        destination: '/mnt/nas',
        cause: 'timeout',
        code: 'SILENT',
        finding: { kind: 'no_answer', deadlineMs: 10_000 },
      },
    ],
  },
  source_away: {
    cause: 'The source has been missing, unreadable, silent or suddenly empty for longer than `attention_after`.',
    files: 'Sluice treats none of its files as removed.',
    remedy: 'Do what the text says: mount the disk, or let Sluice read it. "Sources" explains each of these texts.',
    examples: [{ kind: 'source_away', forMs: 60_000, state: 'missing', code: 'ENOENT', path: null }],
  },
  no_room: {
    cause: 'The destination has had no room for what waits for longer than `attention_after`.',
    files: 'What does not fit waits. What fits is copied.',
    remedy: 'Make room at the destination, or lower `space.keep_free`.',
    examples: [{ kind: 'no_room', forMs: 60_000, room }],
  },
  source_nearly_full: {
    cause: 'The disk of the source has had less free room than `source_warn_below` for longer than `attention_after`.',
    files: 'What is at the source is copied. What is still to be recorded may not fit.',
    remedy: 'Make room at the source, bring its destination online, or lower `source_warn_below`.',
    examples: [{ kind: 'source_nearly_full', forMs: 60_000, freeBytes: 3.1e9, warnBelow: { bytes: 1e10 } }],
  },
  files_need_you: {
    cause: 'Files of the route failed too often, have a name that cannot be copied, or never stop changing.',
    files: 'All other files of the route are copied.',
    remedy: 'Run `sluice files`, then `sluice show FILE` for each of them: it names the cause.',
    examples: [{ kind: 'files_need_you', forMs: 0, files: 3, source: 'day1/clip.mxf' }],
  },
  files_lost: {
    cause: 'Files were removed or emptied at the source before they were copied.',
    files: 'These files are not copied, and cannot be.',
    remedy: 'Find out what removed them, then run `sluice acknowledge FILE`, or `sluice acknowledge --all`.',
    examples: [{ kind: 'files_lost', forMs: 0, files: 3, source: 'day1/clip.mxf' }],
  },
  removal_failing: {
    cause: 'Files that `after_copy` is to remove cannot be removed at the source.',
    files: 'They are copied and verified, and stay at the source. Sluice tries again.',
    remedy: 'Do what `sluice status` says, then run `sluice retry FILE`. `sluice show FILE` has the error.',
    examples: [{ kind: 'removal_failing', forMs: 60_000, files: 2, source: 'day1/clip.mxf', code: 'EACCES' }],
  },
  journal_not_writable: {
    cause: 'The disk of the state folder is full, read-only or broken.',
    files: 'No copy starts or finishes until the journal can be written. Nothing is lost.',
    remedy: 'Make room on that disk, or let Sluice write there.',
    examples: [{ kind: 'journal_not_writable', forMs: 60_000, code: 'SQLITE_FULL' }],
  },
  state_disk_nearly_full: {
    cause: 'The disk of the state folder has less than 200 MB of free room.',
    files: 'They are copied until the journal cannot be written.',
    remedy: 'Make room on that disk.',
    examples: [{ kind: 'state_disk_nearly_full', forMs: 60_000, stateDir: '/var/lib/sluice', freeBytes: 1.2e8 }],
  },
};
