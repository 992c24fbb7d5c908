import { codeText } from './failure.ts';

interface RemovalMeaning {
  /** Why it failed, in a few words. */
  readonly cause: string;
  /** What a person does about it, without a full stop. */
  readonly remedy: string;
}

const inUse: RemovalMeaning = { cause: 'another program uses it', remedy: 'end the program that uses it' };
const noRoom: RemovalMeaning = { cause: 'its disk has no room', remedy: 'make room on that disk' };
const denied: RemovalMeaning = { cause: 'permission denied', remedy: 'let Sluice remove files at the source' };

/** Error codes of failed removals that mean something to a person. Source: errno(3), and the codes of the remover. */
const meanings: ReadonlyMap<string, RemovalMeaning> = new Map([
  ['EACCES', denied],
  ['EPERM', denied],
  ['EROFS', { cause: 'the filesystem is read-only', remedy: 'mount the source with write access' }],
  ['IMMUTABLE', { cause: 'the file or its folder is immutable', remedy: 'clear the attribute (chattr -i)' }],
  ['APPEND_ONLY', { cause: 'the file or its folder is append-only', remedy: 'clear the attribute (chattr -a)' }],
  [
    'STICKY',
    {
      cause: 'only the owner may remove files in its folder (sticky bit)',
      remedy: 'run Sluice as the owner of the files or of the folder, or clear the bit (chmod -t)',
    },
  ],
  [
    'NO_LINKS',
    {
      cause: 'hard links are refused there',
      remedy:
        'delete such files yourself once sluice safe says so: without hard links, Sluice removes files only on a disk of a Linux machine',
    },
  ],
  ['NAME_TAKEN', { cause: 'it changed, and another file has its name', remedy: 'give the hidden file another name' }],
  ['EBUSY', inUse],
  ['ETXTBSY', inUse],
  ['EIO', { cause: 'the disk reports an error (EIO)', remedy: 'check the disk of the source' }],
  ['ENOSPC', noRoom],
  ['EDQUOT', noRoom],
  ['EXDEV', { cause: 'archive_dir is on another filesystem', remedy: 'correct archive_dir' }],
  ['EEXIST', { cause: 'the archive has too many files of its name', remedy: 'make room for the name in the archive' }],
  [
    'ENOENT',
    { cause: 'its folder or the archive is missing', remedy: 'mount the disk of the source, or create the folder of the archive' },
  ],
  ['ESTALE', { cause: 'another disk is at the source', remedy: 'mount the disk of the source' }],
  ['SILENT', { cause: 'the storage does not answer', remedy: 'check the storage of the source' }],
]);

/** Returns why a copied file could not be removed at the source: `permission denied`. A code that says nothing to a person is kept. */
export function removalCauseText(code: string): string {
  return meanings.get(code)?.cause ?? codeText(code);
}

/**
 * Returns what a person does about such a removal: `let Sluice remove files at the source, then run sluice retry FILE`.
 *
 * @param again how it is tried again after that, with the punctuation before it
 */
export function removalRemedyText(code: string, again: string): string {
  const remedy = meanings.get(code)?.remedy ?? 'check the storage of the source';
  // A filesystem without links does not change.
  return code === 'NO_LINKS' ? remedy : `${remedy}${again}`;
}
