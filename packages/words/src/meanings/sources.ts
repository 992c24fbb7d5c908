import type { LeftAloneRule, SourceStateName } from '@sluice/core/model';
import type { Explained, Meaning } from '../failures/meaning.ts';

/** A source that cannot be listed, or not completely. */
type SourceAway = { readonly state: Exclude<SourceStateName, 'ok'>; readonly code: string | null; readonly path: string | null };

const unknown = 'Sluice treats none of its files as removed. What is not copied yet is copied when the source is back.';

/** Why a source is in trouble. The codes are those of `sourceState.state` in JSON. */
export const sourceMeanings: Readonly<Record<SourceAway['state'], Explained<SourceAway>>> = {
  missing: {
    cause: 'The folder does not exist: its disk is not mounted, or it was renamed.',
    files: unknown,
    remedy: 'Mount the disk, or correct `source` in `sluice.toml`.',
    examples: [{ state: 'missing', code: 'ENOENT', path: null }],
  },
  unreadable: {
    cause: 'Sluice may not read the folder, or one folder in it, or the disk reports an error.',
    files: 'Where one folder is named, everything else is copied. None of the files that cannot be seen is treated as removed.',
    remedy: 'Let the user that Sluice runs as read the folder, or exclude it with `exclude`. For an input/output error, check the disk.',
    examples: [
      { state: 'unreadable', code: 'EACCES', path: null },
      { state: 'unreadable', code: 'EACCES', path: 'day1/locked' },
    ],
  },
  silent: {
    cause: 'The source does not answer: a network share or a disk hangs.',
    files: unknown,
    remedy: 'Check the storage that the source lies on.',
    examples: [{ state: 'silent', code: 'SILENT', path: null }],
  },
  suddenly_empty: {
    cause:
      'The source held files before and holds none of them now: its disk is not mounted, another disk is mounted, or somebody cleared it.',
    files: 'Sluice treats no file as removed.',
    remedy: 'Mount the disk. If somebody cleared the source, run `sluice rescan ROUTE`.',
    examples: [{ state: 'suddenly_empty', code: null, path: null }],
  },
};

const leftThere = 'It stays at the source and is not copied.';
const includes = 'To copy it, name it in `include`; a wildcard alone does not count.';

/** Why a file or folder is left alone. The codes are those that `sluice check` prints. */
export const leftAloneMeanings: Readonly<Record<LeftAloneRule, Meaning>> = {
  dotfile: { cause: 'The name begins with a dot.', files: leftThere, remedy: includes },
  temporary: {
    cause: 'The name is one that browsers, download managers or transfer tools use for unfinished files.',
    files: 'It is copied when its program gives it its final name.',
    remedy: includes,
  },
  system_file: { cause: 'The operating system keeps such files, for example `Thumbs.db`.', files: leftThere, remedy: includes },
  system_folder: { cause: 'The folder is a recycle bin or belongs to the operating system.', files: leftThere, remedy: includes },
  empty: { cause: 'The file has no bytes.', files: 'It is copied when somebody writes to it.', remedy: 'Nothing.' },
  symlink: {
    cause: 'It is a symbolic link. Sluice does not follow links.',
    files: leftThere,
    remedy: 'Put the file itself into the source, or make a route for the folder that the link leads to.',
  },
  special: { cause: 'It is a device, a pipe or a socket.', files: leftThere, remedy: 'Nothing.' },
  excluded: { cause: 'A pattern in `exclude` matches.', files: leftThere, remedy: 'To copy it, change `exclude`.' },
  not_included: { cause: 'No pattern in `include` matches.', files: leftThere, remedy: 'To copy it, add a pattern to `include`.' },
  destination: {
    cause: 'The folder is a destination of this agent. Its files would be copied again and again.',
    files: leftThere,
    remedy: 'Nothing, or move the destination out of the source.',
  },
};
