import { errnoError, errnoOf } from '@sluice/platform';
import type { Between } from '../mounted/two-folders.ts';
import { isSameFile, type Storage } from '../storage/storage.ts';
import { folderOf } from '../writing/target.ts';

/** Two folders between which files are moved. They may be the same. */
export interface Sides {
  readonly from: Storage;
  readonly to: Storage;
  readonly between: Between;
}

/** The reason why a file keeps its name. */
export type Kept = 'open_for_writing' | 'changed';

/**
 * Returns why a file must not be moved now. Null: it may. Called directly before the file loses its name.
 *
 * @param isLinked the file got its second name meanwhile, which changes its change time
 */
export type WhyKept = (isLinked: boolean) => Promise<Kept | null>;

/** Errors of a link call that mean that links are not supported here, or not for this file. */
const noLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'EISDIR']);

/** Gives a file a second name. Never replaces a file. @throws EEXIST if `to` is taken; NO_LINKS if links are refused for this file */
export async function linkIn(between: Between, from: string, to: string): Promise<void> {
  try {
    await between.link(from, to);
  } catch (error) {
    const code = errnoOf(error);
    if (noLinks.has(code)) throw errnoError('NO_LINKS', `${from} cannot get a second name here (${code})`);
    throw error;
  }
}

/**
 * Moves a file by a link, and makes that durable. No call replaces a file, however late it is carried out. After a crash, another
 * call continues the move.
 *
 * @returns `taken` if another file has the name `to`; why the file keeps its name, if `whyKept` says so
 * @throws the errno of a failed call; NO_LINKS if links are refused for this file
 */
export async function moveByLink(
  { from, to, between }: Sides,
  path: string,
  name: string,
  whyKept: WhyKept = async () => null,
): Promise<'moved' | 'taken' | Kept> {
  const before = await from.stat(path);
  if (before === null) throw errnoError('ENOENT', `nothing has the name ${path}`);
  const other = await to.stat(name);
  if (other !== null && !isSameFile(other, before)) return 'taken';
  const kept = await whyKept(false);
  if (kept !== null) return kept;
  try {
    await linkIn(between, path, name);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    const there = await to.stat(name);
    if (there === null || !isSameFile(there, before)) return 'taken';
  }
  await to.syncFolder(folderOf(name));
  const keptNow = await whyKept(true);
  if (keptNow !== null) return keptNow;
  await from.unlink(path, true);
  await from.syncFolder(folderOf(path));
  return 'moved';
}

/**
 * Gives a hidden file its name back. Where links are refused on a disk of this machine, the file is renamed to a name that was free
 * just before. Node has no rename that never replaces: a file that another program creates under that name between the two calls
 * is replaced. On a network the file stays hidden, because there a rename may be carried out long after it was given up.
 */
export async function moveBack(sides: Sides, path: string, name: string): Promise<'moved' | 'taken' | Kept> {
  try {
    return await moveByLink(sides, path, name);
  } catch (error) {
    if (errnoOf(error) !== 'NO_LINKS' || !sides.from.isOwnDisk()) throw error;
    return await moveToFreeName(sides, path, name);
  }
}

async function moveToFreeName(sides: Sides, path: string, name: string): Promise<'moved' | 'taken'> {
  const { from, to } = sides;
  const before = await from.stat(path);
  if (before === null) throw errnoError('ENOENT', `nothing has the name ${path}`);
  if ((await to.stat(name)) !== null) return 'taken';
  await renameDurably(sides, path, name);
  const after = await to.stat(name);
  // Such a filesystem may make up inode numbers, so size and time are compared.
  const isSame = after?.kind === 'file' && after.sizeBytes === before.sizeBytes && after.mtimeNs === before.mtimeNs;
  if (!isSame) throw errnoError('OTHER_FILE', `${name} is not the file that was renamed to it`);
  return 'moved';
}

/** Moves a file like `moveByLink`. Where links are refused, an empty file claims the name, and the file is renamed over it. */
export async function moveToArchive(sides: Sides, path: string, name: string, whyKept: WhyKept): Promise<'moved' | 'taken' | Kept> {
  try {
    return await moveByLink(sides, path, name, whyKept);
  } catch (error) {
    if (errnoOf(error) !== 'NO_LINKS') throw error;
    return await moveOverClaim(sides, path, name, whyKept);
  }
}

/** Renames a file, and makes that durable. What has the name is replaced. */
async function renameDurably({ from, to, between }: Sides, path: string, name: string): Promise<void> {
  await between.rename(path, name);
  await to.syncFolder(folderOf(name));
  await from.syncFolder(folderOf(path));
}

async function moveOverClaim(sides: Sides, path: string, name: string, whyKept: WhyKept): Promise<'moved' | 'taken' | Kept> {
  const { to } = sides;
  if (!(await isClaimed(to, name))) return 'taken';
  const kept = await whyKept(false);
  if (kept !== null) {
    await to.unlink(name);
    return kept;
  }
  await renameDurably(sides, path, name);
  return 'moved';
}

/** Creates an empty file. @returns false if another file has the name */
async function isClaimed(to: Storage, name: string): Promise<boolean> {
  try {
    const claim = await to.open(name, { create: 0o600 });
    const { atOpen } = claim;
    await claim.close();
    const there = await to.stat(name);
    return there !== null && there.sizeBytes === 0 && isSameFile(there, atOpen);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}
