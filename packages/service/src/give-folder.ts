import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lchownSync,
  lstatSync,
  openSync,
  readdirSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { sep } from 'node:path';
import { openRegular, UnexpectedFile } from '@sluice/platform';
import { limits } from './limits.ts';

/** The new owner of a folder. */
export interface Owner {
  readonly userId: number;
  readonly groupId: number;
}

/** A folder that is kept open. */
interface Held {
  readonly descriptor: number;
  readonly path: string;
  readonly before: Stats;
}

const folderOnly = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const privateMode = 0o700;

/**
 * Gives a folder and everything in it to another user. This runs as root while the present owner may try to replace something by a
 * link. Therefore every folder is opened without following links, and becomes root's and closed to everybody else before anything
 * in it is read; and everything is reached through open folders. Linux only.
 * @param isOurs returns the first name in the top folder that must not be given, or undefined
 * @throws UnexpectedFile if it contains a link, a file with several names, or something that is not ours; then nothing has changed
 */
export function giveFolder(path: string, owner: Owner, isOurs: (names: readonly string[]) => string | undefined): void {
  const held: Held[] = [];
  try {
    const top = hold(openWhole(realpathSync(path)), path, held);
    const foreign = isOurs(readdirSync(through(top)));
    if (foreign !== undefined) throw new UnexpectedFile(`${path}${sep}${foreign}`, 'was not created by Sluice');
    const files = collect(top, held, 1);
    for (const give of files) give(owner);
    for (const { descriptor } of held) fchownSync(descriptor, owner.userId, owner.groupId);
  } catch (error) {
    for (const { descriptor, before } of held) {
      fchownSync(descriptor, before.uid, before.gid);
      fchmodSync(descriptor, before.mode & 0o7777);
    }
    throw error;
  } finally {
    for (const { descriptor } of held) closeSync(descriptor);
  }
}

/** Opens the path part by part: a folder on the way that was replaced is an error. */
function openWhole(path: string): number {
  let descriptor = openSync(sep, folderOnly);
  for (const part of path.split(sep).filter((each) => each !== '')) {
    const above = descriptor;
    try {
      descriptor = openSync(`/proc/self/fd/${above}/${part}`, folderOnly);
    } finally {
      closeSync(above);
    }
  }
  return descriptor;
}

/** From now on only root can change what is in it. */
function hold(descriptor: number, path: string, held: Held[]): Held {
  const folder = { descriptor, path, before: fstatSync(descriptor) };
  held.push(folder);
  fchownSync(descriptor, 0, 0);
  fchmodSync(descriptor, privateMode);
  return folder;
}

function through({ descriptor }: Held): string {
  return `/proc/self/fd/${descriptor}`;
}

/** @returns functions that give each entry that is not a folder; nothing is given yet */
function collect(folder: Held, held: Held[], depth: number): ((owner: Owner) => void)[] {
  return readdirSync(through(folder)).flatMap((name) => {
    const [entry, shown] = [`${through(folder)}/${name}`, `${folder.path}${sep}${name}`];
    const stats = lstatSync(entry);
    if (stats.isDirectory() && depth < limits.givenDepth) return collect(hold(openSync(entry, folderOnly), shown, held), held, depth + 1);
    if (stats.isSocket()) return [({ userId, groupId }: Owner) => lchownSync(entry, userId, groupId)];
    if (!stats.isFile()) throw new UnexpectedFile(shown, 'is neither a file nor a socket');
    if (stats.nlink > 1) throw new UnexpectedFile(shown, `has ${stats.nlink} names (hard links): the new owner would get all of them`);
    return [(owner: Owner) => giveFile(entry, owner)];
  });
}

function giveFile(entry: string, { userId, groupId }: Owner): void {
  const descriptor = openRegular(entry, constants.O_RDONLY, 'direct');
  try {
    fchownSync(descriptor, userId, groupId);
  } finally {
    closeSync(descriptor);
  }
}
