import { mayBeNetwork } from './filesystem-types.ts';
import { type Mount, mountOf } from './mountinfo.ts';
import { windowsShareOf } from './windows-share.ts';

/** Returns a description of the filesystem of a path: `(nfs4 nas01:/ingest)`, `(LOCAL DISK, same as system)`. */
export function describeMount(path: string, mounts: readonly Mount[]): string {
  const mount = mountOf(path, mounts);
  if (mount === null) return describeUnmounted(path);
  const system = mountOf('/', mounts);
  if (mayBeNetwork(mount.fsType)) return `(${mount.fsType.replace(/^fuse\./, '')} ${mount.source})`;
  if (mount.fsType === 'tmpfs' || mount.fsType === 'ramfs') return `(${mount.fsType}, gone when the machine restarts)`;
  if (mount.mountId === system?.mountId || mount.device === system?.device) return '(LOCAL DISK, same as system)';
  return `(LOCAL DISK ${mount.fsType} ${mount.source})`;
}

function describeUnmounted(path: string): string {
  const share = windowsShareOf(path);
  return share === null ? '(a folder)' : `(network share ${share})`;
}
