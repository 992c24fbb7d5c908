import { errnoOf } from '@sluice/platform';
import type { Between } from '../mounted/between.ts';
import { isSameFile, type Storage } from '../storage/storage.ts';
import { folderOf } from '../writing/target.ts';

/** Two folders between which files are moved. They may be the same. */
export interface Sides {
  readonly from: Storage;
  readonly to: Storage;
  readonly between: Between;
}

/** Errors of a link call that mean that links are not supported here, or not for this file. */
const noLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'EISDIR']);

/**
 * Moves a file without ever replacing one, and makes that durable. After a crash, another call continues the move.
 *
 * @returns false if another file has the name `to`
 * @throws the errno of a failed call; CHANGED if another file took the name `from` meanwhile
 */
export async function moveTo(sides: Sides, path: string, name: string): Promise<boolean> {
  const { from, to, between } = sides;
  const before = await from.stat(path);
  if (before === null) throw Object.assign(new Error(`nothing has the name ${path}`), { code: 'ENOENT' });
  try {
    await between.link(path, name);
  } catch (error) {
    const code = errnoOf(error);
    if (noLinks.has(code)) return await moveOverClaim(sides, path, name);
    if (code !== 'EEXIST') throw error;
    const there = await to.stat(name);
    if (there === null || !isSameFile(there, before)) return false;
  }
  await to.syncFolder(folderOf(name));
  await from.unlink(path, true);
  await from.syncFolder(folderOf(path));
  return true;
}

/** Moves a file where links are not supported: an empty file claims the name, and the file is renamed over it. */
async function moveOverClaim({ from, to, between }: Sides, path: string, name: string): Promise<boolean> {
  try {
    const claim = await to.open(name, { create: 0o600 });
    const { atOpen } = claim;
    await claim.close();
    const there = await to.stat(name);
    if (there === null || there.sizeBytes > 0 || !isSameFile(there, atOpen)) return false;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
  await between.rename(path, name);
  await to.syncFolder(folderOf(name));
  await from.syncFolder(folderOf(path));
  return true;
}
