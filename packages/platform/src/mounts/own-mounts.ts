import { closeSync, openSync, readSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import process from 'node:process';
import { limits } from '../limits.ts';
import { readText } from '../system-calls.ts';
import { stalenessOf } from './attribute-cache.ts';
import { hasRealInodes } from './filesystem-types.ts';
import { isOwnDisk, type Mount, mountOf, parseMountinfo } from './mountinfo.ts';

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

/**
 * Returns a function that tells whether a folder lies on a disk of this machine, so that no call in it takes long. A share may be mounted
 * there at any time, so the mounts are read again when what is known is old; that touches no storage.
 *
 * @param now monotonic milliseconds
 */
export function watchOwnDisk(path: string, now: () => number = () => performance.now()): () => boolean {
  // A share that hangs never says where a path leads: until that is known, and where it is not, the calls of this folder wait on threads.
  let realPath: string | null = null;
  realpath(path).then(
    (found) => {
      realPath = found;
    },
    () => undefined,
  );
  let isOwn = false;
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (realPath === null || now() - readAt < limits.ownDiskAgeMs) return isOwn;
    readAt = now();
    isOwn = isOwnDisk(realPath, readMounts());
    return isOwn;
  };
}

/** The mount an open file really lies on, from fdinfo; null where the system does not say. Format: proc_pid_fdinfo(5). */
export function mountIdOfDescriptor(descriptor: number): number | null {
  return factsOfDescriptor(descriptor).mountId;
}

/** What the system says of an open file, null where it does not: the mount it lies on, and the flags it was really opened with. */
export interface DescriptorFacts {
  readonly mountId: number | null;
  readonly flags: number | null;
}

/** Reads both from fdinfo. Format: proc_pid_fdinfo(5). */
export function factsOfDescriptor(descriptor: number): DescriptorFacts {
  const text = process.platform === 'linux' ? readBriefly(`/proc/self/fdinfo/${descriptor}`) : '';
  const mountId = /^mnt_id:\s*(\d+)/m.exec(text)?.[1];
  const flags = /^flags:\s*([0-7]+)/m.exec(text)?.[1];
  return { mountId: mountId === undefined ? null : Number(mountId), flags: flags === undefined ? null : Number.parseInt(flags, 8) };
}

const brief = Buffer.alloc(1024);

/** The beginning of a file of the system, with as few calls as that takes; empty where it cannot be read. */
function readBriefly(path: string): string {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    return brief.toString('latin1', 0, readSync(fd, brief, 0, brief.length, 0));
  } catch {
    return '';
  } finally {
    closeSync(fd);
  }
}

/** Elsewhere `/proc` is a folder like any other, and on Windows one that anybody may make. */
function readProc(name: string): string | null {
  return process.platform === 'linux' ? readText(`/proc/${name}`) : null;
}
