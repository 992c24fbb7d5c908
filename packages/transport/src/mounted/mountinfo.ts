import { readFileSync } from 'node:fs';
import { attributeCacheMs, type Mount, mountOf, parseMountinfo } from '@sluice/core';

/** @returns every mount this process sees; none where the system has no mountinfo. Reading it never touches a server. */
export function readMounts(): readonly Mount[] {
  try {
    return parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return [];
  }
}

/** @returns null where the system has no mountinfo */
export function mountIdOfPath(path: string): number | null {
  return mountOf(path, readMounts())?.mountId ?? null;
}

/** How old a stat under this path may be, milliseconds. A system that names no mounts is taken for one of local disks. */
export function cacheMsOfPath(path: string): number {
  const mount = mountOf(path, readMounts());
  return mount === null ? 0 : attributeCacheMs(mount);
}

/** The mount an open file really lies on, from fdinfo; null where the system does not tell. Format: proc_pid_fdinfo(5). */
export function mountIdOfDescriptor(descriptor: number): number | null {
  try {
    const text = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8');
    const found = /^mnt_id:\s*(\d+)/m.exec(text)?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}
