import { type Mount, mountOf, readMounts } from './mountinfo.ts';

const networkTypes: ReadonlySet<string> = new Set(['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', '9p', 'afs', 'ceph', 'glusterfs', 'lustre']);

/** What a share is mounted with says that it is one. */
export function isNetwork(mount: Mount): boolean {
  return networkTypes.has(mount.fsType) || mount.fsType.startsWith('fuse');
}

/** What a path is, in words: `(nfs4 nas01:/ingest)`, `(LOCAL DISK, same as system)`. Touches no storage. */
export function describePath(path: string, mounts: readonly Mount[] = readMounts()): string {
  const mount = mountOf(path, mounts);
  if (mount === null) return '(a folder)';
  const system = mountOf('/', mounts);
  if (isNetwork(mount)) return `(${mount.fsType.replace(/^fuse\./, '')} ${mount.source})`;
  if (mount.fsType === 'tmpfs' || mount.fsType === 'ramfs') return `(${mount.fsType}, gone when the machine restarts)`;
  if (mount.mountId === system?.mountId || mount.device === system?.device) return '(LOCAL DISK, same as system)';
  return `(LOCAL DISK ${mount.fsType} ${mount.source})`;
}
