import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import process from 'node:process';
import { errnoOf } from './system-calls.ts';

/** Thrown if a name leads to something else than the expected file. Nothing was read from it or written to it. */
export class UnexpectedFile extends Error {
  override readonly name = 'UnexpectedFile';
  readonly path: string;
  /** The rest of a sentence that begins with the path: `is a FIFO, not a file`. */
  readonly why: string;

  constructor(path: string, why: string) {
    super(`${path} ${why}`);
    this.path = path;
    this.why = why;
  }
}

/**
 * Which file is accepted. `any` may be reached through a link, `direct` may not. `own` also belongs to this user and has only one
 * name.
 */
export type Expected = 'any' | 'direct' | 'own';

/**
 * Opens a regular file. Never waits: a FIFO or a device under this name is refused before it is opened, and so is one that
 * replaces the file meanwhile.
 * @param flags those of open(2)
 * @returns a descriptor
 * @throws UnexpectedFile, or the error of the filesystem
 */
export function openRegular(path: string, flags: number, expected: Expected, mode?: number): number {
  const before = statSyncOrNull(path, expected);
  if (before !== null) assertExpected(path, before, expected);
  const noFollow = expected === 'any' ? 0 : (constants.O_NOFOLLOW ?? 0);
  const descriptor = openSync(path, flags | noFollow | (constants.O_NONBLOCK ?? 0), mode);
  try {
    assertExpected(path, fstatSync(descriptor, { bigint: true }), expected);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return descriptor;
}

/**
 * Reads the beginning of a regular file.
 * @returns at most `maxBytes`
 * @throws UnexpectedFile, or the error of the filesystem
 */
export function readBeginning(path: string, maxBytes: number, expected: Expected): Buffer {
  const descriptor = openRegular(path, constants.O_RDONLY, expected);
  try {
    const bytes = Buffer.alloc(Math.min(maxBytes, Number(fstatSync(descriptor).size) + 1));
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, length);
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Checks that a name that a library is about to open is a regular file of this user, with only one name, and not a link.
 * @returns its identity, to compare after the open; null if nothing has this name
 * @throws UnexpectedFile, or the error of the filesystem
 */
export function assertOwnFile(path: string): string | null {
  const stats = statSyncOrNull(path, 'own');
  if (stats === null) return null;
  assertExpected(path, stats, 'own');
  return `${stats.dev}:${stats.ino}`;
}

function statSyncOrNull(path: string, expected: Expected): BigIntStats | null {
  try {
    return expected === 'any' ? statSync(path, { bigint: true }) : lstatSync(path, { bigint: true });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function assertExpected(path: string, stats: BigIntStats, expected: Expected): void {
  if (!stats.isFile()) throw new UnexpectedFile(path, `is ${kindOf(stats)}, not a file`);
  if (expected !== 'own') return;
  const userId = process.geteuid?.();
  if (userId !== undefined && stats.uid !== BigInt(userId))
    throw new UnexpectedFile(path, `belongs to user ${stats.uid}, and this is user ${userId}`);
  if (stats.nlink > 1n)
    throw new UnexpectedFile(path, `has ${stats.nlink} names (hard links): what is written to it would change another file`);
}

/** Returns what a name stands for, in words for a person. */
export function kindOf(stats: Pick<BigIntStats, 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'isFile'>): string {
  if (stats.isFile()) return 'a file';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isFIFO()) return 'a FIFO';
  return stats.isSocket() ? 'a socket' : 'a device';
}
