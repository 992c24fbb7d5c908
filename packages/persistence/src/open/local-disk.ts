import { readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { mountOf, parseMountinfo, windowsShareOf } from '@sluice/platform';
import { JournalUnusable } from '../unusable.ts';

const networkTypes: ReadonlySet<string> = new Set([
  ...['nfs', 'nfs4', 'cifs', 'smb2', 'smb3', 'smbfs', 'ncpfs', '9p', 'afs', 'coda', 'ceph', 'glusterfs', 'lustre', 'beegfs', 'gpfs'],
  ...['pvfs2', 'ocfs2', 'gfs2'],
  // Folders of the machine that this virtual one runs on.
  ...['vboxsf', 'vmhgfs', 'prl_fs'],
]);

/** FUSE filesystems that are a disk of this machine. */
const localFuse: ReadonlySet<string> = new Set(['fuseblk', 'fuse.exfat', 'fuse.ntfs', 'fuse.ntfs-3g', 'fuse.lxcfs']);

/**
 * SQLite's locks and shared memory do not work over a network, and a journal that vanishes with the storage it reports
 * on is none. The path as it is written is judged first, without touching it; then where its links lead.
 *
 * @param mountinfo text of `/proc/self/mountinfo`; empty where the system has none
 * @throws JournalUnusable where the folder lies on a network filesystem
 */
export function assertLocalDisk(folder: string, mountinfo: string = ownMountinfo()): void {
  assertNoShare(folder, folder);
  assertLocal(resolve(folder), mountinfo);
  const real = realPath(folder);
  if (real === null) return;
  assertNoShare(folder, real);
  assertLocal(real, mountinfo);
}

/** Windows names no mounts; a share is told by its path, and a drive that stands for one by where it leads. */
function assertNoShare(folder: string, path: string): void {
  const share = windowsShareOf(path);
  if (share !== null) throw refused(folder, `it lies on the share ${share}`);
}

function assertLocal(folder: string, mountinfo: string): void {
  const mount = mountOf(folder, parseMountinfo(mountinfo));
  if (mount === null || !isNetwork(mount.fsType)) return;
  throw refused(folder, `filesystem type ${mount.fsType}, mounted at ${mount.mountPoint}`);
}

function refused(folder: string, technical: string): JournalUnusable {
  const operator = `the state folder ${folder} lies on a network filesystem; choose a folder on a local disk with --state`;
  return new JournalUnusable('network_filesystem', operator, technical);
}

function isNetwork(fsType: string): boolean {
  return networkTypes.has(fsType) || (fsType.startsWith('fuse') && !localFuse.has(fsType));
}

/** @returns null where there is no such folder: SQLite will say so */
function realPath(folder: string): string | null {
  try {
    // The other one does not know what a drive of Windows stands for.
    return realpathSync.native(folder);
  } catch {
    return null;
  }
}

/** Elsewhere than on Linux `/proc` is a folder like any other, and on Windows one that anybody may make. */
function ownMountinfo(): string {
  if (process.platform !== 'linux') return '';
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}
