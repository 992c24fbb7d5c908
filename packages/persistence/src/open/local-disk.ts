import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { isKnownNetwork, type Mount, mountOf, readMounts, windowsShareOf } from '@sluice/platform';
import { JournalUnusable } from '../unusable.ts';

/**
 * Refuses a network filesystem. SQLite's locks and shared memory do not work over a network, and a journal must not vanish
 * together with the storage that it reports on. The path as written is checked first, without accessing it; then the path that its
 * links lead to.
 * @param mounts none if the system lists none
 * @throws JournalUnusable if the folder is on a network filesystem
 */
export function assertLocalDisk(folder: string, mounts: readonly Mount[] = readMounts()): void {
  assertNoShare(folder, folder);
  assertLocal(resolve(folder), mounts);
  const real = realPath(folder);
  if (real === null) return;
  assertNoShare(folder, real);
  assertLocal(real, mounts);
}

/** Windows lists no mounts. The path of a share names the share, and a drive that stands for a share leads to such a path. */
function assertNoShare(folder: string, path: string): void {
  const share = windowsShareOf(path);
  if (share !== null) throw refused(folder, `it lies on the share ${share}`);
}

function assertLocal(folder: string, mounts: readonly Mount[]): void {
  const mount = mountOf(folder, mounts);
  if (mount === null || !isKnownNetwork(mount.fsType)) return;
  throw refused(folder, `filesystem type ${mount.fsType}, mounted at ${mount.mountPoint}`);
}

function refused(folder: string, technical: string): JournalUnusable {
  const operator = `the state folder ${folder} lies on a network filesystem; choose a folder on a local disk with --state`;
  return new JournalUnusable('network_filesystem', operator, technical);
}

/** @returns null if there is no such folder, which SQLite will report */
function realPath(folder: string): string | null {
  try {
    // The other function does not resolve a drive of Windows.
    return realpathSync.native(folder);
  } catch {
    return null;
  }
}
