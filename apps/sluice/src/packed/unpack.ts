import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { errnoOf, readBeginning } from '@sluice/platform';

/**
 * Writes bytes into a file that is named by their content, `<sha-256>.<ending>`. An existing file is compared byte for byte, and
 * replaced if it differs. Any number of processes may do this at once.
 * @param folder created if it is missing, private to the user; the folders above it have to exist
 * @returns the path of the file
 * @throws the error of the filesystem
 */
export function unpack(folder: string, bytes: Uint8Array, ending: string): string {
  const path = join(folder, `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${ending}`);
  if (holds(path, bytes)) return path;
  makeFolder(folder);
  const aside = join(folder, `.${randomUUID()}.tmp`);
  try {
    writeWhole(aside, bytes);
    putInPlace(aside, path, bytes);
  } finally {
    rmSync(aside, { force: true });
  }
  syncFolder(folder);
  return path;
}

function holds(path: string, bytes: Uint8Array): boolean {
  try {
    return readBeginning(path, bytes.length + 1, 'direct').equals(bytes);
  } catch {
    return false;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

function writeWhole(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, 'wx', 0o700);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Windows does not replace a file that is in use. The process that uses it has put it there. */
function putInPlace(aside: string, path: string, bytes: Uint8Array): void {
  try {
    renameSync(aside, path);
  } catch (error) {
    if (!holds(path, bytes)) throw error;
  }
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } catch {
    // Some filesystems cannot sync folders. The content is compared before it is used.
  } finally {
    closeSync(descriptor);
  }
}
