import { readFileSync } from 'node:fs';
import { attributeCacheMs, describeMount, isNetworkType, type Mount, mountOf, parseMountinfo } from '@sluice/core';

/** What a source lies on, as far as mountinfo tells. */
export interface SourceMount {
  readonly isNetwork: boolean;
  /** How long attributes may be stale, milliseconds. */
  readonly cacheMs: number;
  readonly description: string;
}

/** A system that names no mounts is taken for one of local disks. Reading mountinfo never touches a server. */
export function mountOfSource(path: string, mounts: readonly Mount[] = readMounts()): SourceMount {
  const mount = mountOf(path, mounts);
  return {
    isNetwork: mount !== null && isNetworkType(mount.fsType),
    cacheMs: mount === null ? 0 : attributeCacheMs(mount),
    description: describeMount(path, mounts),
  };
}

function readMounts(): readonly Mount[] {
  try {
    return parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return [];
  }
}
