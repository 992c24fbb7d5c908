/** Filesystem types by where their bytes are: on a disk of this machine, or on the network. */
const types: Readonly<Record<'local' | 'network', readonly string[]>> = {
  local: [
    ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'bcachefs', 'f2fs', 'nilfs2', 'zfs', 'jfs', 'reiserfs', 'ubifs', 'jffs2'],
    ...['vfat', 'exfat', 'msdos', 'ntfs', 'ntfs3', 'hfs', 'hfsplus', 'apfs', 'udf', 'iso9660', 'squashfs', 'erofs'],
    ...['overlay', 'aufs', 'tmpfs', 'ramfs', 'rootfs', 'devtmpfs', 'devpts', 'proc', 'sysfs', 'cgroup', 'cgroup2'],
    // FUSE on a block device of this machine, and what containers see of it.
    ...['fuseblk', 'fuse.exfat', 'fuse.ntfs', 'fuse.ntfs-3g', 'fuse.lxcfs'],
  ],
  network: [
    ...['nfs', 'nfs4', 'cifs', 'smb2', 'smb3', 'smbfs', 'ncpfs', '9p', 'afs', 'coda', 'ceph', 'glusterfs', 'lustre', 'beegfs', 'gpfs'],
    ...['pvfs2', 'ocfs2', 'gfs2'],
    // Folders of the host that this virtual machine runs on.
    ...['vboxsf', 'vmhgfs', 'prl_fs'],
  ],
};
const local: ReadonlySet<string> = new Set(types.local);
const network: ReadonlySet<string> = new Set(types.network);

/**
 * Returns whether changes by other machines may be seen only by asking again. A type that is not in the table counts as a network:
 * an unnecessary wait does less harm than a wrong answer.
 */
export function mayBeNetwork(fsType: string): boolean {
  return !local.has(fsType);
}

/** Types of disks that have no hard links. `fuseblk` may be exFAT or NTFS: the system does not say which. */
const noLinks: ReadonlySet<string> = new Set(['vfat', 'exfat', 'msdos', 'fuse.exfat', 'fuseblk']);

/** Local types that invent the number of an inode each time they read it, or may: FAT and exFAT do. */
const madeUpInodes: ReadonlySet<string> = new Set([...noLinks, 'aufs']);

/** Returns whether device and inode number identify a file while its filesystem is mounted. False for unknown types. */
export function hasRealInodes(fsType: string): boolean {
  return local.has(fsType) && !madeUpInodes.has(fsType);
}

/** Returns whether a disk of this type has no hard links, or may have none. */
export function mayLackLinks(fsType: string): boolean {
  return noLinks.has(fsType);
}

/**
 * Types of camera cards and discs where an inode number says little, because it is made up or follows from the order of creation,
 * and where the change time is the camera's to set, whose clock may have been reset.
 */
const cards: ReadonlySet<string> = new Set([...noLinks, 'udf', 'iso9660', 'hfs', 'hfsplus']);

/** Returns whether another medium with this type of filesystem may have a file with the same properties and other bytes. */
export function mayBeCard(fsType: string): boolean {
  return cards.has(fsType);
}

/** Network filesystems outside FUSE whose client first writes to a disk of this machine, and sends the bytes later. */
const writesBack: ReadonlySet<string> = new Set(['coda', 'afs']);
/**
 * FUSE types whose server on this machine does not cache content. The storage itself answers a read that bypasses the page cache.
 */
const cachesNothing: ReadonlySet<string> = new Set(['fuse.sshfs']);

/** What this machine may cache. Because of it, even a read that bypasses the page cache may not be answered by the storage. */
export type CacheOfMount =
  /** It caches what was read, so the disk was possibly not read again. */
  | 'reads'
  /** It caches what was written and synced, and has possibly not sent it to the storage yet. */
  | 'writes';

/**
 * Returns what this machine caches for this type of filesystem where a read that bypasses the page cache still finds it. Null:
 * the storage itself answers such a read. Behind FUSE is a process of this machine, which may cache anything: rclone, s3fs and
 * gcsfuse keep whole files. A FUSE type counts as caching unless it is known not to. A FUSE filesystem on a disk of this machine
 * reads that disk through its page cache.
 */
export function cacheOfType(fsType: string): CacheOfMount | null {
  if (writesBack.has(fsType)) return 'writes';
  if (!fsType.startsWith('fuse') || cachesNothing.has(fsType)) return null;
  return local.has(fsType) ? 'reads' : 'writes';
}

/**
 * Returns whether the bytes are known to be on the network, or in a FUSE filesystem that is not known to be a disk. A type that is
 * not in the table counts as a disk, so that Sluice does not refuse a destination that works.
 */
export function isKnownNetwork(fsType: string): boolean {
  return network.has(fsType) || (fsType.startsWith('fuse') && !local.has(fsType));
}
