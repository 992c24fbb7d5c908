import { statfs } from 'node:fs/promises';
import {
  describeMount,
  hasRealInodes,
  isOwnDisk,
  type Mount,
  mayBeNetwork,
  mayLackLinks,
  mountOf,
  readMounts,
  type Staleness,
  stalenessOf,
} from '@sluice/platform';

/** The filesystem of a source, as far as mountinfo or its path says. */
export interface SourceMount extends Staleness {
  readonly description: string;
  /** Whether device and inode number identify a file. */
  readonly hasRealInodes: boolean;
  /** Disks of this machine answer all calls: no other filesystem is known to be mounted at or below the path. */
  readonly isOwnDisk: boolean;
  /** It is a disk without hard links, or may be one. */
  readonly mayLackLinks: boolean;
}

/**
 * Returns the filesystem of a source. Reading mountinfo never touches a server.
 * @param path links followed, as far as that is known
 */
export function mountOfSource(path: string, mounts: readonly Mount[] = readMounts()): SourceMount {
  const mount = mountOf(path, mounts);
  const isReal = mount !== null && hasRealInodes(mount.fsType);
  return {
    ...stalenessOf(path, mounts),
    description: describeMount(path, mounts),
    hasRealInodes: isReal,
    isOwnDisk: isOwnDisk(path, mounts),
    mayLackLinks: mayLackLinks(mount?.fsType ?? ''),
  };
}

/** A folder as it was listed. `key`: device and inode; `birthNs`: when it was created; `realPath`: with links followed. */
export interface ListedFolder {
  readonly device: string;
  readonly key: string;
  readonly birthNs: string;
  readonly realPath: string;
}

/**
 * Returns a text that another disk, share or folder at the source's path does not have: device, inode and time of birth. What a
 * filesystem makes up is left out, and a share is known by its name, because its device is another one after each mount.
 */
export function folderText(root: ListedFolder, mounts: readonly Mount[] = readMounts()): string {
  const mount = mountOf(root.realPath, mounts);
  if (mount !== null && mayBeNetwork(mount.fsType)) return `${mount.source} ${mount.root}`;
  return mount === null || hasRealInodes(mount.fsType) ? `${root.key} ${root.birthNs}` : root.device;
}

/** The disk of the source. Bytes; null: the system does not report them. */
export interface Disk {
  /** Bytes that can still be written to it. */
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
}

/** A disk with unknown sizes. */
export const unknownDisk: Disk = { freeBytes: null, totalBytes: null };

/** Returns the disk that a folder is on. */
export async function diskOf(path: string): Promise<Disk> {
  const disk = await statfs(path).catch(() => null);
  if (disk === null || disk.blocks === 0) return unknownDisk;
  return { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize };
}
