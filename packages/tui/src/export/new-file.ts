import { constants } from 'node:fs';
import { access, lstat, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { closeQuietly } from '@sluice/platform';
import { limits } from '../limits.ts';

/**
 * Where a new file of this name can be in a folder.
 *
 * @param name with its extension; where there is one of this name, `-2` and so on comes before the extension
 * @param avoid folders; within them it is nowhere
 * @returns the full path; null: nowhere
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
 * Writes a file that was not there; what is left of one that cannot be written whole is removed.
 *
 * @throws Error with a code: EEXIST where there is one by now
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
