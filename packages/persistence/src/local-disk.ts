import { readFileSync } from 'node:fs';
import { JournalUnusable } from './unusable.ts';

const networkTypes: ReadonlySet<string> = new Set(['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', '9p', 'afs', 'ceph', 'glusterfs']);

/** FUSE filesystems that are a disk of this machine. */
const localFuse: ReadonlySet<string> = new Set(['fuseblk', 'fuse.exfat', 'fuse.ntfs', 'fuse.ntfs-3g', 'fuse.lxcfs']);

/**
 * SQLite's locks and shared memory do not work over a network, and a journal that vanishes with the storage it reports
 * on is none.
 *
 * @throws JournalUnusable where the folder lies on a network filesystem
 */
export function assertLocalDisk(folder: string): void {
  const fsType = fsTypeOf(folder);
  if (fsType === null || !isNetwork(fsType)) return;
  throw new JournalUnusable(
    'network_filesystem',
    `the state folder ${folder} lies on a network filesystem; choose a folder on a local disk with --state`,
    `filesystem type ${fsType}`,
  );
}

function isNetwork(fsType: string): boolean {
  return networkTypes.has(fsType) || (fsType.startsWith('fuse') && !localFuse.has(fsType));
}

/** From mountinfo, without touching the folder; null where the system has none. Format: proc_pid_mountinfo(5). */
function fsTypeOf(folder: string): string | null {
  let best: { readonly point: string; readonly fsType: string } | null = null;
  for (const line of mountLines()) {
    const [before, after] = line.split(' - ');
    const point = before?.split(' ')[4]?.replaceAll('\\040', ' ');
    const fsType = after?.split(' ')[0];
    if (point === undefined || fsType === undefined || !isUnder(folder, point)) continue;
    if (best === null || point.length >= best.point.length) best = { point, fsType };
  }
  return best?.fsType ?? null;
}

function mountLines(): readonly string[] {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  } catch {
    return [];
  }
}

function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
