import { stat } from 'node:fs/promises';
import { type FileIdentity, identityText, type RemovalOrder, type RouteName } from '@sluice/core/model';
import { errnoError, errnoOf, mountIdOfPath } from '@sluice/platform';
import { folderOf } from '../writing/target.ts';
import { removingLimits } from './limits.ts';

/** The source folder of another route. `path`: absolute. */
export interface OtherSource {
  readonly route: RouteName;
  readonly path: string;
}

/** Identity of a folder, and its mount if the system reports mounts. */
export interface FolderIdentity extends FileIdentity {
  readonly mountId: number | null;
}

/** Returns the identity of the folder that has this path now. @param path absolute; it may be a link */
export async function folderIdentity(path: string): Promise<FolderIdentity> {
  return { ...(await identityAt(path)), mountId: mountIdOfPath(path) };
}

/** Looks at the source folders of other routes. Only one call for each is under way, because its storage may hang. */
export class OtherFolders {
  readonly #underWay = new Map<string, Promise<FileIdentity | null>>();

  /** Returns the identity of a folder. Null: there is none. @throws SILENT if there is no answer in time; the errno of the call */
  async at(path: string): Promise<FileIdentity | null> {
    const asked = this.#underWay.get(path) ?? this.#ask(path);
    let cancel = (): void => undefined;
    const silence = new Promise<never>((_, reject) => {
      const timer = setTimeout(() => reject(errnoError('SILENT', `${path} did not answer`)), removingLimits.otherSourceMs);
      cancel = () => clearTimeout(timer);
    });
    return await Promise.race([asked, silence]).finally(cancel);
  }

  #ask(path: string): Promise<FileIdentity | null> {
    const asked = identityOrNone(path).finally(() => this.#underWay.delete(path));
    // It may fail when nobody waits for it any more.
    asked.catch(() => undefined);
    this.#underWay.set(path, asked);
    return asked;
  }
}

async function identityAt(path: string): Promise<FileIdentity> {
  const { dev, ino } = await stat(path, { bigint: true });
  return { device: String(dev), inode: String(ino) };
}

async function identityOrNone(path: string): Promise<FileIdentity | null> {
  try {
    return await identityAt(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** What is needed to compare the folders of a file with the sources of other routes. */
export interface FolderAccess {
  /** Absolute path of the source. */
  readonly root: string;
  /** Returns the identity of a folder of the source, without what is kept open of it. @param path relative; `''`: the source itself */
  folderNow(path: string): Promise<FolderIdentity>;
  /** Returns the identity of a folder. Null: there is none. @param path absolute */
  folderAt(path: string): Promise<FileIdentity | null>;
}

/**
 * Returns whether another route, which core does not know as a reader of this file, reads it under another path: its source folder
 * is one of the folders that the file is in. True also if that cannot be determined now.
 */
export async function hasUnknownReader(access: FolderAccess, order: RemovalOrder, others: readonly OtherSource[]): Promise<boolean> {
  const unknown = others.filter((other) => !isKnown(access.root, order, other));
  if (unknown.length === 0) return false;
  const folders = await foldersOf(access, order.source);
  const isReader = async ({ path }: OtherSource): Promise<boolean> => {
    try {
      const other = await access.folderAt(path);
      return other !== null && folders.has(identityText(other));
    } catch {
      return true;
    }
  };
  return (await Promise.all(unknown.map(isReader))).includes(true);
}

/** Returns whether core knows that another route may read the file. It knows all whose paths contain one another. */
function isKnown(root: string, { readers }: RemovalOrder, { route, path }: OtherSource): boolean {
  if (readers !== undefined) return readers.includes(route);
  const [ours, theirs] = [`${root}/`, `${path}/`];
  return ours.startsWith(theirs) || theirs.startsWith(ours);
}

/** Returns the identities of the folders that a file is in, the source itself included. */
async function foldersOf({ folderNow }: FolderAccess, path: string): Promise<ReadonlySet<string>> {
  const folders = new Set([identityText(await folderNow(''))]);
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) folders.add(identityText(await folderNow(folder)));
  return folders;
}

/**
 * Checks that a hidden file that is missing was not on a disk that is missing now.
 *
 * @param atHide the source folder when the file was renamed; null: another process renamed it
 * @throws ESTALE if the source is another folder now; ENOENT if the folder of the file is missing
 */
export async function checkSameDisk({ folderNow }: FolderAccess, order: RemovalOrder, atHide: FolderIdentity | null): Promise<void> {
  const { hiddenAs, identity } = order;
  const root = await folderNow('');
  const parent = await folderNow(folderOf(hiddenAs));
  const isSame = atHide === null ? identity?.device === parent.device : isSameRoot(atHide, root);
  if (!isSame) throw errnoError('ESTALE', 'the source is not the folder in which the file was renamed');
}

function isSameRoot(a: FolderIdentity, b: FolderIdentity): boolean {
  return identityText(a) === identityText(b) && a.mountId === b.mountId;
}
