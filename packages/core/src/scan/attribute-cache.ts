import type { Mount } from './mountinfo.ts';

/** Disks of this machine. Anything else, and what is yet to come, is taken for a network: to wait costs less than to believe. */
const localTypes: ReadonlySet<string> = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'bcachefs', 'f2fs', 'nilfs2', 'zfs', 'jfs', 'reiserfs', 'ubifs', 'jffs2'],
  ...['vfat', 'exfat', 'msdos', 'ntfs', 'ntfs3', 'hfs', 'hfsplus', 'apfs', 'udf', 'iso9660', 'squashfs', 'erofs'],
  ...['overlay', 'aufs', 'tmpfs', 'ramfs', 'rootfs', 'devtmpfs', 'devpts', 'proc', 'sysfs', 'cgroup', 'cgroup2'],
  // FUSE on a block device of this machine.
  ...['fuseblk', 'fuse.exfat', 'fuse.ntfs', 'fuse.ntfs-3g'],
]);

const fuseMs = 30_000;
const unknownMs = 60_000;

/** Whether a filesystem of this type is told of what others change only by asking. */
export function isNetworkType(fsType: string): boolean {
  return !localTypes.has(fsType);
}

/**
 * How long what a stat says of a file may be old, milliseconds; 0 on a local disk. Options as nfs(5) and mount.cifs(8)
 * have them and the kernel shows them: `actimeo` is shown as itself by CIFS, as four other options by NFS, and what is
 * not shown has its default. FUSE servers keep attributes for a while of their own.
 */
export function attributeCacheMs({ fsType, options, superOptions }: Pick<Mount, 'fsType' | 'options' | 'superOptions'>): number {
  if (!isNetworkType(fsType)) return 0;
  const all = [...options, ...superOptions];
  if (all.includes('noac')) return 0;
  const seconds = secondsIn(all, 'actimeo') ?? secondsIn(all, 'acregmax');
  if (seconds !== null) return seconds * 1000;
  return fsType.startsWith('fuse') ? fuseMs : unknownMs;
}

function secondsIn(options: readonly string[], name: string): number | null {
  const value = options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  return value === undefined || !/^\d+$/.test(value) ? null : Number(value);
}
