import { limits } from '../limits.ts';
import { mayBeNetwork } from './filesystem-types.ts';
import { type Mount, mountOf } from './mountinfo.ts';
import { windowsShareOf } from './windows-share.ts';

/**
 * Returns how old the result of a stat may be, in milliseconds; 0 on a local disk. It reads the options of nfs(5) and
 * mount.cifs(8) as the kernel shows them: CIFS shows `actimeo` itself, NFS shows it as four other options, and an option that is
 * not shown has its default. FUSE servers choose for themselves how long they keep attributes.
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

/**
 * How far the answers of the filesystem about a folder may be behind the truth. On a system that lists no mounts, every folder
 * counts as being on a local disk, unless its path names a share.
 */
export interface Staleness {
  /** Whether changes by other machines are seen only by asking again. */
  readonly isNetwork: boolean;
  /** How old the result of a stat may be, in milliseconds. */
  readonly cacheMs: number;
}

/**
 * Returns how far the answers of the filesystem about a path may be behind the truth.
 * @param path absolute, links followed, and on Windows a drive that stands for a share as well
 */
export function stalenessOf(path: string, mounts: readonly Mount[]): Staleness {
  const mount = mountOf(path, mounts);
  if (mount !== null) return { isNetwork: mayBeNetwork(mount.fsType), cacheMs: attributeCacheMs(mount) };
  const isShare = windowsShareOf(path) !== null;
  return { isNetwork: isShare, cacheMs: isShare ? limits.windowsShareCacheMs : 0 };
}
