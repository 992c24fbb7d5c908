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

/**
 * Whether the bytes are known to be behind a network, or in a FUSE filesystem that is not known to be a disk. A type that is
 * not in the table counts as a disk: to refuse it would keep Sluice from machines that it works on.
 */
export function isKnownNetwork(fsType: string): boolean {
  return network.has(fsType) || (fsType.startsWith('fuse') && !local.has(fsType));
}
