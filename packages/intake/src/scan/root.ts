import { lstat, realpath, stat, statfs } from 'node:fs/promises';
import { errnoError, errnoOf, openFolderBelow } from '@sluice/platform';

/** Which folder the source is at the moment. */
export interface Root {
  /** Of the filesystem; another one means that another disk or share lies there, or none any more. */
  readonly device: string;
  /** Of the folder itself. */
  readonly key: string;
  /** Where its links lead; on Windows a drive that stands for a share leads there. As it was given where the system does not say. */
  readonly realPath: string;
}

/**
 * Reads which folder the source is. A link of this name is followed; links in the folder are not.
 *
 * @throws an error with the errno's name
 */
export async function statRoot(path: string): Promise<Root> {
  const facts = await stat(path, { bigint: true });
  if (!facts.isDirectory()) throw errnoError('ENOTDIR', `${path} is not a folder`);
  const realPath = await realpath(path).catch(() => path);
  return { device: String(facts.dev), key: `${facts.dev}:${facts.ino}`, realPath };
}

/** Whether `root` lies there now. False before anything was listed. */
export async function isStill(path: string, root: Root | null): Promise<boolean> {
  if (root === null) return false;
  const now = await statRoot(path).catch(() => null);
  return now?.key === root.key;
}

/** Those that are not there: ENOENT of the path itself. What merely became something that is left alone stays as it was. */
export async function gone(root: string, paths: readonly string[]): Promise<readonly string[]> {
  const those: string[] = [];
  for (const path of paths) if (await isGone(root, path)) those.push(path);
  return those;
}

/** Behind a link that stands where a folder was, nothing is known. */
async function isGone(root: string, path: string): Promise<boolean> {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  try {
    const folder = await openFolderBelow(root, parts);
    return await lstat(folder.pathOf(name))
      .then(() => false)
      .finally(() => void folder.close());
  } catch (error) {
    return errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR';
  }
}

/** Bytes that may still be written there; null where the system does not say. */
export async function freeBytesOf(path: string): Promise<number | null> {
  const disk = await statfs(path).catch(() => null);
  return disk === null || disk.blocks === 0 ? null : disk.bavail * disk.bsize;
}
