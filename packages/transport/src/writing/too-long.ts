import type { CallFault } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { copyLimits } from '../limits.ts';
import type { Storage } from '../storage/storage.ts';
import { foldersAbove } from './target.ts';

/** The cause of an ENAMETOOLONG. */
export interface TooLong {
  /** Its code: `ENAMETOOLONG` for the final or temporary name, `FOLDER_TOO_LONG` for the name of a folder, `PATH_TOO_LONG` for the path. */
  readonly fault: CallFault;
  /** The longest name or relative path that the destination accepts, bytes; null: not known. */
  readonly takenBytes: number | null;
}

type Lookup = Pick<Storage, 'stat'>;

/**
 * Finds out whether a destination refused a name or a path with ENAMETOOLONG, and how many bytes it accepts. It only stats names: if one
 * is refused in the root too, the name is too long; otherwise the path is.
 *
 * @param names the final name and the temporary one, relative to the destination
 * @throws the failure of a stat, if it is not about lengths
 */
export async function judgeTooLong(destination: Lookup, names: readonly string[], fault: CallFault): Promise<TooLong> {
  for (const folder of longestFirst(names.flatMap(foldersAbove).map(lastPart))) {
    if (!(await isTaken(destination, folder))) return ofName(destination, folder, { ...fault, code: 'FOLDER_TOO_LONG' });
  }
  for (const name of names.map(lastPart)) if (!(await isTaken(destination, name))) return ofName(destination, name, fault);
  const [longest] = longestFirst(names);
  if (longest === undefined || bytesOf(longest) <= copyLimits.usualNameBytes) return { fault, takenBytes: null };
  const takenBytes = await longestTaken(destination, await deepestFolder(destination, longest), longest);
  const message = `the destination takes paths of up to ${takenBytes} bytes, this one has ${bytesOf(longest)}`;
  return { fault: { ...fault, code: 'PATH_TOO_LONG', message }, takenBytes };
}

async function ofName(destination: Lookup, name: string, fault: CallFault): Promise<TooLong> {
  const takenBytes = await longestTaken(destination, '', name);
  const message = `the destination takes names of up to ${takenBytes} bytes, this one has ${bytesOf(name)}`;
  return { fault: { ...fault, message }, takenBytes };
}

/**
 * Returns the length in bytes of the longest accepted path in this folder that is shorter than the refused one.
 *
 * @param folder relative to the destination; `''` is its root
 */
async function longestTaken(destination: Lookup, folder: string, refused: string): Promise<number> {
  const beforeName = folder === '' ? '' : `${folder}/`;
  let taken = 0;
  let tooMany = bytesOf(refused) - bytesOf(beforeName);
  while (tooMany - taken > 1) {
    const tried = Math.floor((taken + tooMany) / 2);
    if (await isTaken(destination, beforeName + 'n'.repeat(tried))) taken = tried;
    else tooMany = tried;
  }
  return taken === 0 ? bytesOf(folder) : bytesOf(beforeName) + taken;
}

/** Returns the deepest existing folder above a path. Below a missing folder no path is refused as too long. */
async function deepestFolder(destination: Lookup, path: string): Promise<string> {
  let deepest = '';
  for (const folder of foldersAbove(path)) {
    try {
      if ((await destination.stat(folder))?.kind !== 'folder') return deepest;
    } catch (error) {
      if (!isAboutName(error)) throw error;
      return deepest;
    }
    deepest = folder;
  }
  return deepest;
}

async function isTaken(destination: Lookup, path: string): Promise<boolean> {
  try {
    await destination.stat(path);
    return true;
  } catch (error) {
    if (!isAboutName(error)) throw error;
    return errnoOf(error) !== 'ENAMETOOLONG';
  }
}

const aboutNames: ReadonlySet<string> = new Set(['ENAMETOOLONG', 'ENOTDIR', 'LINKED']);

function isAboutName(error: unknown): boolean {
  return aboutNames.has(errnoOf(error));
}

function longestFirst(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort((a, b) => bytesOf(b) - bytesOf(a));
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
