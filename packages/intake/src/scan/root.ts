import { lstat, realpath, stat } from 'node:fs/promises';
import { errnoError, errnoOf, openFolderBelow } from '@sluice/platform';

/** Identifies the folder that the source is at the moment. */
export interface Root {
  /** The device of the filesystem. Another one means that another disk or share is there, or none any more. */
  readonly device: string;
  /** Identifies the folder itself. */
  readonly key: string;
  /** When the folder was created, nanoseconds since the epoch; 0 if its filesystem does not say. */
  readonly birthNs: string;
  /**
   * Where its links lead. On Windows a drive that stands for a share leads to the share. If the system does not say, the path as
   * given.
   */
  readonly realPath: string;
}

/**
 * Reads which folder the source is. A link with this name is followed, links in the folder are not.
 * @throws an error with the errno's name
 */
export async function statRoot(path: string): Promise<Root> {
  const facts = await stat(path, { bigint: true });
  if (!facts.isDirectory()) throw errnoError('ENOTDIR', `${path} is not a folder`);
  const realPath = await realpath(path).catch(() => path);
  return { device: String(facts.dev), key: `${facts.dev}:${facts.ino}`, birthNs: String(facts.birthtimeNs), realPath };
}

/** Returns whether `root` is there now. False before the first listing. */
export async function isStill(path: string, root: Root | null): Promise<boolean> {
  if (root === null) return false;
  const now = await statRoot(path).catch(() => null);
  return now?.key === root.key;
}

/** Returns the paths that do not exist: ENOENT of the path itself. A file that became something that is left alone is not gone. */
export async function gone(root: string, paths: readonly string[]): Promise<readonly string[]> {
  const those: string[] = [];
  for (const path of paths) if (await isGone(root, path)) those.push(path);
  return those;
}

/** Nothing is known behind a link that has replaced a folder. */
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
