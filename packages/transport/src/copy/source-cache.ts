import { isNetwork } from '../mounted/describe.ts';
import { type Mount, mountOf, readMounts } from '../mounted/mountinfo.ts';

const fuseMs = 30_000;
const unknownMs = 60_000;

/** How long what a stat says of a file under this root may be old, milliseconds. Touches no storage. */
export async function sourceCacheMs(root: string): Promise<number> {
  return cacheMsOf(mountOf(root, readMounts()));
}

/** Options as nfs(5) and mount.cifs(8) have them. A system that names no mounts is taken for one of local disks. */
export function cacheMsOf(mount: Mount | null): number {
  if (mount === null || !isNetwork(mount)) return 0;
  const options = [...mount.options, ...mount.superOptions];
  if (options.includes('noac')) return 0;
  const seconds = secondsIn(options, 'actimeo') ?? secondsIn(options, 'acregmax');
  if (seconds !== null) return seconds * 1000;
  return mount.fsType.startsWith('fuse') ? fuseMs : unknownMs;
}

function secondsIn(options: readonly string[], name: string): number | null {
  const value = options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  return value === undefined || !/^\d+$/.test(value) ? null : Number(value);
}
