import { closeSync, openSync, readSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import process from 'node:process';
import { limits } from '../limits.ts';
import { readText } from '../system-calls.ts';
import { stalenessOf } from './attribute-cache.ts';
import { hasRealInodes } from './filesystem-types.ts';
import { isOwnDisk, type Mount, mountOf, parseMountinfo } from './mountinfo.ts';

/** Returns every mount that this process sees; none if the system has no mountinfo. Reading it never touches a server. */
export function readMounts(): readonly Mount[] {
  return parseMountinfo(readProc('self/mountinfo') ?? '');
}

/** Returns the id of the mount of a path, or null if the system has no mountinfo. */
export function mountIdOfPath(path: string): number | null {
  return mountOf(path, readMounts())?.mountId ?? null;
}

/** Returns how old a stat under this path may be, in milliseconds. */
export async function cacheMsOfPath(path: string): Promise<number> {
  const realPath = await realpath(path).catch(() => path);
  return stalenessOf(realPath, readMounts()).cacheMs;
}

/**
 * Returns whether inode numbers identify files on the filesystem of a path. False if the system does not say which filesystem that
 * is.
 */
export async function hasRealInodesAt(path: string): Promise<boolean> {
  const realPath = await realpath(path).catch(() => path);
  return hasRealInodes(mountOf(realPath, readMounts())?.fsType ?? '');
}

/**
 * Returns a function that says whether a folder is on a disk of this machine, so that no call in it takes long. A share may be
 * mounted there at any time, so the mounts are read again when the last answer is old. Reading them touches no storage.
 * @param now monotonic milliseconds
 */
export function watchOwnDisk(path: string, now: () => number = () => performance.now()): () => boolean {
  // On a share that hangs, `realpath` never answers. Until it has, the calls of this folder run on other threads.
  let realPath: string | null = null;
  let failedAt = Number.POSITIVE_INFINITY;
  const resolveRoot = (): void => {
    failedAt = Number.POSITIVE_INFINITY;
    realpath(path).then(
      (found) => {
        realPath = found;
      },
      () => {
        failedAt = now();
      },
    );
  };
  resolveRoot();
  let isOwn = false;
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    // The folder may be missing only while its share is not mounted.
    if (now() - failedAt >= limits.ownDiskAgeMs) resolveRoot();
    if (realPath === null || now() - readAt < limits.ownDiskAgeMs) return isOwn;
    readAt = now();
    isOwn = isOwnDisk(realPath, readMounts());
    return isOwn;
  };
}

/** Returns the real mount of an open file, from fdinfo, or null if the system does not say. Format: proc_pid_fdinfo(5). */
export function mountIdOfDescriptor(descriptor: number): number | null {
  return factsOfDescriptor(descriptor).mountId;
}

/**
 * What the system says about an open file: its mount, and the flags it was really opened with. Null: the system does
 * not say.
 */
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

/** Returns the beginning of a file of the system with as few calls as possible; empty if it cannot be read. */
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

/** On other systems `/proc` is an ordinary folder, and on Windows anybody may create it. */
function readProc(name: string): string | null {
  return process.platform === 'linux' ? readText(`/proc/${name}`) : null;
}
