/** Disks of this machine. Anything else, and what is yet to come, is taken for a network: to wait costs less than to believe. */
const localTypes: ReadonlySet<string> = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'bcachefs', 'f2fs', 'nilfs2', 'zfs', 'jfs', 'reiserfs', 'ubifs', 'jffs2'],
  ...['vfat', 'exfat', 'msdos', 'ntfs', 'ntfs3', 'hfs', 'hfsplus', 'apfs', 'udf', 'iso9660', 'squashfs', 'erofs'],
  ...['overlay', 'aufs', 'tmpfs', 'ramfs', 'rootfs', 'devtmpfs', 'devpts', 'proc', 'sysfs', 'cgroup', 'cgroup2'],
  // FUSE on a block device of this machine.
  ...['fuseblk', 'fuse.exfat', 'fuse.ntfs', 'fuse.ntfs-3g'],
]);

/** Whether a filesystem of this type is told of what others change only by asking. */
export function isNetworkType(fsType: string): boolean {
  return !localTypes.has(fsType);
}
