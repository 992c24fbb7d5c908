import { limits } from '../limits.ts';
import { mayBeNetwork } from './filesystem-types.ts';
import { type Mount, mountOf } from './mountinfo.ts';
import { windowsShareOf } from './windows-share.ts';

/**
 * How long what a stat says of a file may be old, milliseconds; 0 on a local disk. Options as nfs(5) and mount.cifs(8)
 * have them and the kernel shows them: `actimeo` is shown as itself by CIFS, as four other options by NFS, and what is
 * not shown has its default. FUSE servers keep attributes for a time that they choose.
 */
export function attributeCacheMs({ fsType, options, superOptions }: Pick<Mount, 'fsType' | 'options' | 'superOptions'>): number {
  if (!mayBeNetwork(fsType)) return 0;
  const all = [...options, ...superOptions];
  if (all.includes('noac')) return 0;
  const seconds = secondsIn(all, 'actimeo') ?? secondsIn(all, 'acregmax');
  if (seconds !== null) return seconds * 1000;
  return fsType.startsWith('fuse') ? limits.fuseCacheMs : limits.unknownCacheMs;
}

function secondsIn(options: readonly string[], name: string): number | null {
  const value = options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  return value === undefined || !/^\d+$/.test(value) ? null : Number(value);
}

/** What a folder lies on, as far as staleness goes. A system that names no mounts is taken for one of local disks, but for shares. */
export interface Staleness {
  /** Whether what others change is seen only by asking. */
  readonly isNetwork: boolean;
  /** How long what a stat says may be old, milliseconds. */
  readonly cacheMs: number;
}

/** @param path absolute, links followed; of Windows a drive that stands for a share too */
export function stalenessOf(path: string, mounts: readonly Mount[]): Staleness {
  const mount = mountOf(path, mounts);
  if (mount !== null) return { isNetwork: mayBeNetwork(mount.fsType), cacheMs: attributeCacheMs(mount) };
  const isShare = windowsShareOf(path) !== null;
  return { isNetwork: isShare, cacheMs: isShare ? limits.windowsShareCacheMs : 0 };
}
