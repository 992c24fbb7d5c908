import { lstatSync, promises, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseMountinfo, wakingClock } from '@sluice/platform';
import { limits } from '../limits.ts';

/** Finds the real path. It may hang on a hung mount; {@linkcode resolvePath} bounds it. */
export type RealPath = (absolute: string) => Promise<string>;

/**
 * Returns the real path: the symbolic links of the longest existing ancestor are followed, the rest and the case stay as given. If
 * no answer comes in time, or an ancestor cannot be read, only `..` and `.` are removed.
 * @param absolute an absolute path
 * @param check tried first; pass one that runs in a child process if a hung mount must not block a thread of this one
 */
export async function resolvePath(absolute: string, deadlineMs: number, check: RealPath = defaultRealPath): Promise<string> {
  const lexical = path.resolve(absolute);
  const { promise: tooLate, resolve } = Promise.withResolvers<string>();
  const callOff = wakingClock.after(deadlineMs, () => resolve(lexical));
  const checked = check(lexical).catch(() => lexical);
  return Promise.race([checked, tooLate]).finally(callOff);
}

/** On Linux it never touches a network mount; on other systems it asks the system. */
function defaultRealPath(absolute: string): Promise<string> {
  return process.platform === 'linux' ? Promise.resolve(realPathOnLocalMounts(absolute, readMounts())) : realPathOfAncestor(absolute);
}

/** Asks the system for the real path of the longest ancestor that exists. For a child process, or where a hung call does no harm. */
export async function realPathOfAncestor(absolute: string): Promise<string> {
  const { dir, root } = path.parse(absolute);
  try {
    return await promises.realpath(absolute);
  } catch {
    if (absolute === root) return absolute;
    return path.join(await realPathOfAncestor(dir), path.basename(absolute));
  }
}

/**
 * Follows links part by part and stops at the first mount that might hang: below it, the path stays as given.
 * @param mounts mount points with their filesystem types, from mountinfo
 */
export function realPathOnLocalMounts(absolute: string, mounts: ReadonlyMap<string, string>): string {
  const left = absolute.split('/').filter((part) => part !== '');
  let resolved = '/';
  for (let links = 0; left.length > 0; ) {
    const next = path.join(resolved, left.shift() ?? '');
    const target = mayHang(next, mounts) ? undefined : linkTarget(next);
    if (target === undefined || (target !== null && (links += 1) > limits.links)) return path.join(next, ...left);
    if (target === null) resolved = next;
    else {
      left.unshift(...target.split('/').filter((part) => part !== ''));
      if (target.startsWith('/')) resolved = '/';
    }
  }
  return resolved;
}

/** @returns the target of a link, null for anything else that exists, undefined if it cannot be read */
function linkTarget(absolute: string): string | null | undefined {
  try {
    return lstatSync(absolute).isSymbolicLink() ? readlinkSync(absolute) : null;
  } catch {
    return undefined;
  }
}

/** Every type that is not on this list counts as a network: NFS, CIFS, FUSE, autofs, and unknown ones. */
const localTypes = new Set(
  'ext2 ext3 ext4 xfs btrfs bcachefs f2fs zfs jfs reiserfs vfat exfat ntfs3 msdos iso9660 udf hfsplus squashfs erofs overlay aufs tmpfs ramfs devtmpfs devpts proc sysfs cgroup2 rootfs 9p virtiofs'.split(
    ' ',
  ),
);

function mayHang(absolute: string, mounts: ReadonlyMap<string, string>): boolean {
  const type = mounts.get(absolute);
  return type !== undefined && !localTypes.has(type);
}

/** Reading mountinfo touches no server. */
function readMounts(): ReadonlyMap<string, string> {
  try {
    return parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return new Map();
  }
}

/** Returns the topmost filesystem type of every mount point. Format: proc_pid_mountinfo(5). */
export function parseMounts(mountinfo: string): ReadonlyMap<string, string> {
  return new Map(parseMountinfo(mountinfo).map(({ mountPoint, fsType }) => [mountPoint, fsType]));
}

/** {@linkcode resolvePath} or a replacement: never rejects, and answers within the deadline. */
export type ResolveFolder = (absolute: string, deadlineMs: number) => Promise<string>;
