import { lstat, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { errnoError, errnoOf } from '@sluice/platform';

/**
 * Checks that the system lets this process remove a file of a disk of this machine, without a change: rmdir(2) refuses a file, and
 * Linux checks before that whether the name may be removed. access(2) does not see an append-only folder or a sticky bit, which let
 * a name be added that can then not be removed.
 *
 * @param path absolute
 * @throws APPEND_ONLY if the file or its folder is append-only; STICKY if only the owner of the file or of its folder may remove it
 */
export async function checkRemovable(path: string): Promise<void> {
  if (process.platform !== 'linux' || !(await lstat(path)).isFile()) return;
  try {
    await rmdir(path);
  } catch (error) {
    if (errnoOf(error) !== 'EPERM') return;
    if (await isSticky(path)) throw errnoError('STICKY', 'only the owner of the file or of its folder may remove it');
    throw errnoError('APPEND_ONLY', 'the file or its folder is append-only');
  }
}

async function isSticky(path: string): Promise<boolean> {
  const [file, folder] = [await lstat(path), await lstat(dirname(path))];
  const user = process.geteuid?.() ?? 0;
  return (folder.mode & 0o1000) !== 0 && user !== 0 && file.uid !== user && folder.uid !== user;
}
