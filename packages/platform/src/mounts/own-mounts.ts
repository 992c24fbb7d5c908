import { realpath } from 'node:fs/promises';
import process from 'node:process';
import { readText } from '../system-calls.ts';
import { stalenessOf } from './attribute-cache.ts';
import { hasRealInodes } from './filesystem-types.ts';
import { type Mount, mountOf, parseMountinfo } from './mountinfo.ts';

/** @returns every mount this process sees; none where the system has no mountinfo. Reading it never touches a server. */
export function readMounts(): readonly Mount[] {
  return parseMountinfo(readProc('self/mountinfo') ?? '');
}

/** @returns null where the system has no mountinfo */
export function mountIdOfPath(path: string): number | null {
  return mountOf(path, readMounts())?.mountId ?? null;
}

/** How old a stat under this path may be, milliseconds. */
export async function cacheMsOfPath(path: string): Promise<number> {
  const realPath = await realpath(path).catch(() => path);
  return stalenessOf(realPath, readMounts()).cacheMs;
}

/** Whether inode numbers name files on the filesystem that a path leads to. False where the system does not say which one that is. */
export async function hasRealInodesAt(path: string): Promise<boolean> {
  const realPath = await realpath(path).catch(() => path);
  return hasRealInodes(mountOf(realPath, readMounts())?.fsType ?? '');
}

/** The mount an open file really lies on, from fdinfo; null where the system does not say. Format: proc_pid_fdinfo(5). */
export function mountIdOfDescriptor(descriptor: number): number | null {
  const found = /^mnt_id:\s*(\d+)/m.exec(readProc(`self/fdinfo/${descriptor}`) ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

/** Elsewhere `/proc` is a folder like any other, and on Windows one that anybody may make. */
function readProc(name: string): string | null {
  return process.platform === 'linux' ? readText(`/proc/${name}`) : null;
}
