import { constants } from 'node:fs';
import { access, lstat, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { closeQuietly } from '@sluice/platform';
import { limits } from '../limits.ts';

/**
 * Returns the path of a new file in a folder.
 * @param name with its extension; if it is taken, `-2` and so on is added before the extension
 * @param avoid folders in which, and below which, it must not be
 * @returns the full path, or null
 */
export async function newPath(folder: string, avoid: readonly string[], name: string): Promise<string | null> {
  if (avoid.some((other) => isWithin(other, folder)) || !(await isWritable(folder))) return null;
  const { name: stem, ext } = path.parse(name);
  for (let number = 1; number <= limits.exportNames; number += 1) {
    const candidate = path.resolve(folder, number === 1 ? name : `${stem}-${number}${ext}`);
    if (!(await isThere(candidate))) return candidate;
  }
  return null;
}

/**
 * Writes a new file. If it cannot be written completely, it is removed.
 * @throws Error with a code: EEXIST if the file exists now
 */
export async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
  } catch (error) {
    await closeQuietly(handle);
    await rm(file, { force: true });
    throw error;
  }
}

function isWithin(folder: string, candidate: string): boolean {
  const way = path.relative(folder, candidate);
  return way === '' || !(way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way));
}

async function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
