import type { CallFault } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { copyLimits } from '../limits.ts';
import type { Storage } from '../storage/storage.ts';
import { foldersAbove } from './target.ts';

/** A refusal of a name or a path as too long. */
export interface TooLong {
  /** `ENAMETOOLONG`: the file's own name, or its temporary one. `FOLDER_TOO_LONG`: the name of a folder. `PATH_TOO_LONG`: all of it together. */
  readonly fault: CallFault;
  /** Of the longest name or relative path that is taken there, in bytes; null: not known. */
  readonly takenBytes: number | null;
}

type Lookup = Pick<Storage, 'stat'>;

/**
 * Finds out what it was that a destination refused with ENAMETOOLONG, and how much it takes. It only looks names up: one that is refused
 * in the root too is a name that is too long wherever it is; else it is the path.
 *
 * @param names the final name and the temporary one, relative to the destination
 * @throws what a look-up fails with that says nothing of lengths
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
 * Returns the bytes of the longest path that is taken, of those that name something in this folder and are shorter than the refused one.
 *
 * @param folder relative to the destination, `''` is its root
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

/** The folder in which something of this name would be made next: below a folder that is missing nothing is refused as too long. */
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
