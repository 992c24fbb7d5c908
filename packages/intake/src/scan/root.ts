import { lstat, realpath, stat } from 'node:fs/promises';
import { errnoError, errnoOf, MountedDisks, openFolderBelow } from '@sluice/platform';

/** Identifies the folder that the source is at the moment. */
export interface Root {
  /** The device of the filesystem. Another one means that another disk or share is there, or none any more. */
  readonly device: string;
  /** Identifies the folder itself. */
  readonly key: string;
  /** The medium that its disk is on (`DiskFacts`): another card in the same reader has the same device. Null: not needed. */
  readonly medium: string | null;
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
  const device = String(facts.dev);
  const { medium } = new MountedDisks().of(device);
  return { device, key: `${facts.dev}:${facts.ino}`, medium, birthNs: String(facts.birthtimeNs), realPath };
}

/** Returns whether both are folders of the same disk. */
export function isOneDisk(a: Root, b: Root): boolean {
  return a.device === b.device && a.medium === b.medium;
}

/** Returns whether both are the same folder. */
export function isOneFolder(a: Root, b: Root): boolean {
  return a.key === b.key && a.medium === b.medium;
}

/** Returns whether `root` is there now. False before the first listing. */
export async function isStill(path: string, root: Root | null): Promise<boolean> {
  if (root === null) return false;
  const now = await statRoot(path).catch(() => null);
  return now !== null && isOneFolder(now, root);
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
