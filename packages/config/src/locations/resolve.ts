import { lstatSync, promises, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseMountinfo, wakingClock } from '@sluice/platform';
import { limits } from '../limits.ts';

/** Finds what a path really is. May hang on a hung mount: {@linkcode resolvePath} bounds it. */
export type RealPath = (absolute: string) => Promise<string>;

/**
 * What a path really is: symbolic links of its longest existing ancestor followed, the rest as given, case kept.
 * What does not answer in time, or cannot be read, stays as given: only `..` and `.` are removed.
 *
 * @param absolute an absolute path
 * @param check tried first; inject one that runs in a child process where a hung mount must not cost this one a thread
 */
export async function resolvePath(absolute: string, deadlineMs: number, check: RealPath = defaultRealPath): Promise<string> {
  const lexical = path.resolve(absolute);
  const { promise: tooLate, resolve } = Promise.withResolvers<string>();
  const callOff = wakingClock.after(deadlineMs, () => resolve(lexical));
  const checked = check(lexical).catch(() => lexical);
  return Promise.race([checked, tooLate]).finally(callOff);
}

/** On Linux without ever touching a network mount, elsewhere by asking the system. */
function defaultRealPath(absolute: string): Promise<string> {
  return process.platform === 'linux' ? Promise.resolve(realPathOnLocalMounts(absolute, readMounts())) : realPathOfAncestor(absolute);
}

/** Asks the system for the longest ancestor that exists. For a child process, or where hanging does no harm. */
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
 * Follows links part by part and stops at the first mount that might hang: below it the path stays as given.
 *
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

/** @returns the target of a link, null for anything else that exists, undefined for what cannot be read */
function linkTarget(absolute: string): string | null | undefined {
  try {
    return lstatSync(absolute).isSymbolicLink() ? readlinkSync(absolute) : null;
  } catch {
    return undefined;
  }
}

/** Everything that is not on this list counts as a network: NFS, CIFS, FUSE, autofs, and what is yet to come. */
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

/** @returns the topmost filesystem type of every mount point; `proc_pid_mountinfo(5)` */
export function parseMounts(mountinfo: string): ReadonlyMap<string, string> {
  return new Map(parseMountinfo(mountinfo).map(({ mountPoint, fsType }) => [mountPoint, fsType]));
}

/** {@linkcode resolvePath} or a stand-in: never rejects, answers within the deadline. */
export type ResolveFolder = (absolute: string, deadlineMs: number) => Promise<string>;
