import { mayBeNetwork } from './filesystem-types.ts';

/** One line of `/proc/self/mountinfo`. Format: proc_pid_mountinfo(5). */
export interface Mount {
  readonly mountId: number;
  readonly parentId: number;
  readonly device: string;
  /** The folder of the filesystem that is mounted here. */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  readonly fsType: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** Parses `/proc/self/mountinfo`. Lines in any other form are left out. */
export function parseMountinfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): Mount | null {
  const [before, after] = line.split(' - ');
  const fields = before?.split(' ') ?? [];
  const [fsType, source, superOptions] = after?.split(' ') ?? [];
  const [mountId, parentId, device, root, mountPoint, options] = fields;
  if (mountPoint === undefined || fsType === undefined) return null;
  return {
    mountId: Number(mountId),
    parentId: Number(parentId),
    device: device ?? '',
    root: unescapeOctal(root ?? ''),
    mountPoint: unescapeOctal(mountPoint),
    options: (options ?? '').split(','),
    fsType,
    source: unescapeOctal(source ?? ''),
    superOptions: (superOptions ?? '').split(','),
  };
}

/**
 * Decodes a path. In mountinfo and fstab(5) a space, tab, line break, `\` or `#` is written as three octal digits: one byte of
 * ASCII, never a part of another character.
 */
export function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Returns the mount of a path: the one with the longest mount point, and of several on one point the topmost. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  let best: Mount | null = null;
  for (const mount of mounts) {
    if (!isUnder(path, mount.mountPoint)) continue;
    if (best === null || mount.mountPoint.length >= best.mountPoint.length) best = mount;
  }
  return best;
}

/**
 * Returns which folder of which filesystem a path is. The result is the same for every mount that leads there, such as a bind
 * mount. Null if the system lists no mounts.
 * @param path absolute, its links followed
 */
export function placeOf(path: string, mounts: readonly Mount[]): string | null {
  const mount = mountOf(path, mounts);
  if (mount === null) return null;
  const below = mount.mountPoint === '/' ? path : path.slice(mount.mountPoint.length);
  const place = `${mount.root === '/' ? '' : mount.root}${below === '/' ? '' : below}`;
  // The exports of one server may share a device, and the root of each is `/`.
  const share = mayBeNetwork(mount.fsType) ? mount.source : '';
  return `${mount.device} ${share}:${place === '' ? '/' : place}`;
}

/** Returns whether a path is this folder or lies below it. Both are absolute. */
export function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/**
 * Returns whether disks of this machine answer all calls below a path: no other filesystem is known to be mounted at or below it.
 * @param path absolute, its links followed
 */
export function isOwnDisk(path: string, mounts: readonly Mount[]): boolean {
  const mount = mountOf(path, mounts);
  if (mount === null || mayBeNetwork(mount.fsType)) return false;
  return !mounts.some(({ mountPoint }) => mountPoint !== path && isUnder(mountPoint, path));
}
