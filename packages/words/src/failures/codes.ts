import type { OwnCode } from '@sluice/core/model';
import type { Meaning } from './meaning.ts';

interface ExplainedCode extends Meaning {
  /** Why the attempt failed. Null: the kind of its error says it. @param at how much was copied, `, at 45.2%` */
  readonly problem: ((at: string) => string) | null;
  /** What a person does before the file is retried, in a few words for the screen. */
  readonly brief: string;
}

/** Codes of the operating system that always mean the same for a file. Source: errno(3). */
type SystemCode = 'ENOTDIR' | 'EEXIST' | 'ENAMETOOLONG' | 'EFBIG';

const retried = 'Sluice tries the file again after a pause, and after `max_attempts` attempts it needs you.';
const forPerson = 'The file needs you at once: another attempt would fail in the same way.';
const inTheWay: ExplainedCode = {
  problem: () => 'the destination has a file where a folder of this name is needed; move that file away',
  brief: 'move the file that is in the way',
  cause: 'A folder of the source has the name of a file at the destination.',
  files: retried,
  remedy: 'Move or rename the file at the destination, then run `sluice retry FILE`.',
};

/** The meaning of an error code of a failed attempt, if it says more than the kind of the error. It is `error.code` in JSON. */
export const codeMeanings: Readonly<Record<OwnCode | SystemCode, ExplainedCode>> = {
  SILENT: {
    problem: (at) => `the destination took too long with this file${at}`,
    brief: 'check the storage',
    cause: 'A call for this file did not return within `stall_max`, while the destination answered its probes.',
    files: retried,
    remedy: 'Check the storage. If it is only slow, raise `stall_max`.',
  },
  SHORT: {
    problem: (at) => `the destination has fewer bytes than were written${at}`,
    brief: 'check the storage',
    cause: 'The file at the destination, or the source file, ended before its size.',
    files: retried,
    remedy: 'Check the storage, and whether another program shortens the file.',
  },
  DIVERTED: {
    problem: () => 'this folder of the destination is on a different mount; make a separate route for it',
    brief: 'make a separate route for this folder',
    cause: 'Another disk or share is mounted below the destination. Its room and its marker were not probed.',
    files: retried,
    remedy: 'Make a route whose destination is that folder, or unmount what is mounted there.',
  },
  MARKER_UNCLEAR: {
    problem: () => 'the marker file of the destination was empty, cut short or not a regular file when this copy began or ended',
    brief: 'check the storage',
    cause: 'Sluice could not read its marker file, so it cannot tell whether the copy is on the right disk.',
    files: retried,
    remedy: 'Wait: Sluice reads the marker file again. If it stays so, see `marker_unclear` under "Destinations: findings".',
  },
  CHANGED: {
    problem: null,
    brief: 'check the source',
    cause: 'Another file took the path of the source file, or the source file changed while it was compared.',
    files: 'Sluice copies what is at the source now.',
    remedy: 'Nothing.',
  },
  MISMATCH: {
    problem: null,
    brief: 'check the storage and the memory of this machine',
    cause: 'The bytes read back from the destination differ from the bytes written.',
    files: retried,
    remedy: 'If it happens again, check the storage, the network and the memory of this machine.',
  },
  LOST: {
    problem: (at) => `the unfinished copy is no longer at the destination${at}`,
    brief: 'find out what removes files at the destination',
    cause: 'Something removed or renamed the file that Sluice was writing.',
    files: retried,
    remedy: 'Find the program or the person that removes files at the destination.',
  },
  SAME_FILE: {
    problem: () => 'the file at the destination is the source file itself: source and destination are the same folder',
    brief: 'give the route another destination',
    cause: 'Two mounts or links lead to one folder, which the route uses as its source and as its destination.',
    files: 'The file is not copied, and not touched.',
    remedy: 'Correct `source` or `destination` in `sluice.toml`.',
  },
  LINKED: {
    problem: () => 'the destination has a link or a file where a folder of this name is needed; Sluice does not follow links',
    brief: 'move the link that is in the way',
    cause:
      'A name in the path of the file at the destination is a link, or a file. Sluice does not follow links there: a link may lead anywhere, even into the source.',
    files: retried,
    remedy: 'Move the link or file away, then run `sluice retry FILE`.',
  },
  FOLDER_TOO_LONG: {
    problem: () => 'the name of a folder above this file is too long for the destination',
    brief: 'shorten the name of the folder at the source',
    cause: 'The destination takes shorter names than the source.',
    files: forPerson,
    remedy: 'Shorten the name of the folder at the source. Sluice then finds its files as new files.',
  },
  PATH_TOO_LONG: {
    problem: () => 'the path of this file is too long for the destination',
    brief: 'shorten the names of its folders at the source, or move it up',
    cause: 'The destination takes shorter paths than the source.',
    files: forPerson,
    remedy: 'Shorten the names of the folders at the source, or move the file into a higher folder. Sluice then finds it as a new file.',
  },
  CHILD_LOST: {
    problem: (at) => `the process that copied this file ended${at}; the destination did not cause it`,
    brief: 'check the memory of this machine',
    cause: 'The system ended the process, for example because it had no memory.',
    files: retried,
    remedy: 'Nothing. If it happens again, read the log of the system.',
  },
  ENOTDIR: inTheWay,
  EEXIST: inTheWay,
  ENAMETOOLONG: {
    problem: () => 'the name of this file is too long for the destination',
    brief: 'shorten its name at the source',
    cause: 'The destination takes shorter names than the source.',
    files: forPerson,
    remedy: 'Shorten the name of the file at the source. Sluice then finds it as a new file.',
  },
  EFBIG: {
    problem: () => 'the destination cannot hold a file this large',
    brief: 'use another filesystem',
    cause: 'The filesystem has a limit for one file: FAT32, for example, 4 GiB.',
    files: forPerson,
    remedy: 'Use a destination with another filesystem (exFAT, NTFS, ext4), then run `sluice retry FILE`.',
  },
};

/** @returns undefined for a code that says no more than its kind */
export function meaningOfCode(code: string): ExplainedCode | undefined {
  return Object.hasOwn(codeMeanings, code) ? codeMeanings[code as keyof typeof codeMeanings] : undefined;
}
