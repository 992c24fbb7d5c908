/** Where the bytes of a filesystem type are: on a disk of this machine, or behind a network. */
const types: Readonly<Record<'local' | 'network', readonly string[]>> = {
  local: [
    ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'bcachefs', 'f2fs', 'nilfs2', 'zfs', 'jfs', 'reiserfs', 'ubifs', 'jffs2'],
    ...['vfat', 'exfat', 'msdos', 'ntfs', 'ntfs3', 'hfs', 'hfsplus', 'apfs', 'udf', 'iso9660', 'squashfs', 'erofs'],
    ...['overlay', 'aufs', 'tmpfs', 'ramfs', 'rootfs', 'devtmpfs', 'devpts', 'proc', 'sysfs', 'cgroup', 'cgroup2'],
    // FUSE on a block device of this machine, and what containers show of it.
    ...['fuseblk', 'fuse.exfat', 'fuse.ntfs', 'fuse.ntfs-3g', 'fuse.lxcfs'],
  ],
  network: [
    ...['nfs', 'nfs4', 'cifs', 'smb2', 'smb3', 'smbfs', 'ncpfs', '9p', 'afs', 'coda', 'ceph', 'glusterfs', 'lustre', 'beegfs', 'gpfs'],
    ...['pvfs2', 'ocfs2', 'gfs2'],
    // Folders of the machine that this virtual one runs on.
    ...['vboxsf', 'vmhgfs', 'prl_fs'],
  ],
};
const local: ReadonlySet<string> = new Set(types.local);
const network: ReadonlySet<string> = new Set(types.network);

/**
 * Whether what others change may be seen only by asking. A type that is not in the table counts as a network: to wait costs
 * less than to believe.
 */
export function mayBeNetwork(fsType: string): boolean {
  return !local.has(fsType);
}

/** Local ones that make up the number of an inode each time they read it. */
const madeUpInodes: ReadonlySet<string> = new Set(['vfat', 'exfat', 'msdos', 'fuse.exfat', 'aufs']);

/** Whether device and inode number name a file for as long as its filesystem is mounted. Unknown types count as ones that do not. */
export function hasRealInodes(fsType: string): boolean {
  return local.has(fsType) && !madeUpInodes.has(fsType);
}

/** Network filesystems outside FUSE whose client keeps what is written on a disk of this machine, and sends it later. */
const writesBack: ReadonlySet<string> = new Set(['coda', 'afs']);
/** FUSE whose server in this machine has no cache of content: what a read past the page cache gives is the storage's answer. */
const cachesNothing: ReadonlySet<string> = new Set(['fuse.sshfs']);

/** What this machine may answer even a read past its page cache from. */
export type CacheOfMount =
  /** From its memory: the disk need not have been read. */
  | 'reads'
  /** From what it has not sent to the storage yet, although it was synced. */
  | 'writes';

/**
 * What a read past the page cache does not get past on this type of filesystem; null: it is answered by the storage itself. FUSE ends
 * in a process of this machine, which may keep anything: rclone, s3fs and gcsfuse keep whole files. One that is not known to keep
 * nothing counts as one that does; one on a disk of this machine reads that through the page cache of the disk.
 */
export function cacheOfType(fsType: string): CacheOfMount | null {
  if (writesBack.has(fsType)) return 'writes';
  if (!fsType.startsWith('fuse') || cachesNothing.has(fsType)) return null;
  return local.has(fsType) ? 'reads' : 'writes';
}

/**
 * Whether the bytes are known to be behind a network, or in a FUSE filesystem that is not known to be a disk. A type that is
 * not in the table counts as a disk: to refuse it would keep Sluice from machines that it works on.
 */
export function isKnownNetwork(fsType: string): boolean {
  return network.has(fsType) || (fsType.startsWith('fuse') && !local.has(fsType));
}
