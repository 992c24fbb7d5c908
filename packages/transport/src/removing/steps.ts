import { join } from 'node:path';
import type { RemovalOrder, RemovalReport } from '@sluice/core/model';
import { closeQuietly, errnoError, errnoOf } from '@sluice/platform';
import { type FileFacts, isSameFile, type Storage } from '../storage/storage.ts';
import { folderOf } from '../writing/target.ts';
import { checkSameDisk, type FolderAccess, type FolderIdentity, hasUnknownReader, type OtherSource } from './folders.ts';
import { removingLimits } from './limits.ts';
import { type Kept, linkIn, moveBack, moveToArchive, type Sides, type WhyKept } from './move.ts';
import type { Writers } from './writers.ts';

/** The access to folders and files that the steps of a removal use. */
export interface RemovalDependencies extends FolderAccess {
  readonly source: Storage;
  readonly writers: Writers;
  /** The source as both sides of a move. */
  readonly inSource: Sides;
  /** Returns the source and an archive as the sides of a move. Creates the folder of the archive if it is missing. */
  archiveIn(folder: string): Promise<Archive>;
  /**
   * Checks by access(2) that a path may be written to. @param path absolute @throws EACCES without the right, EROFS on a read-only
   * filesystem, EPERM if it is immutable
   */
  writable(path: string): Promise<void>;
  /** Checks that a file may be removed, see `checkRemovable`. @param path absolute @throws APPEND_ONLY, STICKY */
  removable(path: string): Promise<void>;
  /** Returns the hash of a file. Null: it has another size. */
  readHash(path: string, sizeBytes: number): Promise<string | null>;
  /** The source folder when a file was renamed, by hidden name. */
  readonly roots: Map<string, FolderIdentity>;
}

/** The sides of a move into an archive. */
export interface Archive extends Sides {
  /** Folders of the archive that are durable. */
  readonly durable: Set<string>;
}

/**
 * Carries out one step of a removal. Only the rename of `hide` uses the path at which a program may write a new file, so no late
 * or hung call can change that new file.
 *
 * @param others the sources of all other routes
 * @throws the errno of a failed call; IMMUTABLE, APPEND_ONLY or STICKY if the file or its folder is so; NO_LINKS if the file could not get its name back without the risk of replacing another one
 */
export async function removalStep(
  dependencies: RemovalDependencies,
  order: RemovalOrder,
  others: readonly OtherSource[],
): Promise<RemovalReport> {
  switch (order.step) {
    case 'check':
      return (await whyNot(dependencies, order, others)) ?? { kind: 'removable' };
    case 'hide':
      return await hide(dependencies, order, others);
    case 'remove':
      return await remove(dependencies, order);
    case 'restore':
      return await restore(dependencies, order);
  }
}

/** Returns why a source file cannot be removed now. Null: it can be. */
async function whyNot(
  dependencies: RemovalDependencies,
  order: RemovalOrder,
  others: readonly OtherSource[],
): Promise<RemovalReport | null> {
  const facts = await factsOf(dependencies.source, order.source);
  if (facts === null) return { kind: 'put_off', why: 'missing' };
  const isTouched = order.changedMs !== null && millisecondsOf(facts.changeNs) !== order.changedMs;
  if (isTouched || !isOrdered(facts, order)) return { kind: 'put_off', why: 'changed' };
  if (await hasUnknownReader(dependencies, order, others)) return { kind: 'put_off', why: 'changed' };
  await checkRights(dependencies, order);
  return (await hasWriter(dependencies, facts, order.source)) ? { kind: 'put_off', why: 'open_for_writing' } : null;
}

/**
 * Checks that the file may be renamed, and moved into the archive, without a change. A storage on another machine may still refuse
 * it.
 *
 * @throws the errno if a folder cannot be written to; IMMUTABLE if the file or a folder is immutable; APPEND_ONLY, STICKY
 */
async function checkRights(
  { root, source: storage, writable, removable }: RemovalDependencies,
  { source, to }: RemovalOrder,
): Promise<void> {
  const unless =
    (code: string | null) =>
    (error: unknown): void => {
      if (errnoOf(error) === 'EPERM') throw errnoError('IMMUTABLE', 'the file or its folder is immutable');
      if (errnoOf(error) !== code) throw error;
    };
  await writable(join(root, folderOf(source))).catch(unless(null));
  // The rights of the file itself do not matter for a rename.
  await writable(join(root, source)).catch(unless('EACCES'));
  if (storage.isOwnDisk()) await removable(join(root, source));
  // A missing archive is created.
  if (to.kind === 'archive') await writable(to.folder).catch(unless('ENOENT'));
}

async function hide(dependencies: RemovalDependencies, order: RemovalOrder, others: readonly OtherSource[]): Promise<RemovalReport> {
  const { source, roots } = dependencies;
  // An earlier rename was not answered, or another program renamed the file.
  if ((await source.stat(order.hiddenAs)) !== null) return { kind: 'not_removed', why: 'changed' };
  const reason = await whyNot(dependencies, order, others);
  if (reason !== null) return reason;
  const root = await dependencies.folderNow('');
  await checkLinks(dependencies, order);
  await source.rename(order.source, order.hiddenAs);
  roots.set(order.hiddenAs, root);
  await source.syncFolder(folderOf(order.source));
  const facts = await source.stat(order.hiddenAs);
  // Another file took the name just before the rename.
  if (facts === null || !isOrdered(facts, order)) return { kind: 'not_removed', why: 'changed' };
  return { kind: 'hidden', changeNs: facts.changeNs };
}

/**
 * Checks that the file can get its name back, by giving it the hidden name for a moment. Links may be refused for a single file,
 * such as one of another user. A disk of this machine needs none: see `moveBack`. @throws NO_LINKS
 */
async function checkLinks({ source, inSource }: RemovalDependencies, { source: path, hiddenAs }: RemovalOrder): Promise<void> {
  try {
    await linkIn(inSource.between, path, hiddenAs);
  } catch (error) {
    if (errnoOf(error) !== 'NO_LINKS' || !source.isOwnDisk()) throw error;
    return;
  }
  await source.unlink(hiddenAs, true);
}

async function remove(dependencies: RemovalDependencies, order: RemovalOrder): Promise<RemovalReport> {
  const { source, roots } = dependencies;
  const { hiddenAs, to } = order;
  const facts = await factsOf(source, hiddenAs);
  if (facts === null) {
    await checkSameDisk(dependencies, order, roots.get(hiddenAs) ?? null);
    return await removed(dependencies, order, null);
  }
  if (!isAsHidden(order, facts)) return { kind: 'not_removed', why: 'changed' };
  if (await hasWriter(dependencies, facts, hiddenAs)) return { kind: 'not_removed', why: 'open_for_writing' };
  if (mustCompare(dependencies, order) && !(await hasBytes(dependencies, order))) return { kind: 'not_removed', why: 'changed' };
  const whyKept: WhyKept = (isLinked) => whyKeptNow(dependencies, order, facts, isLinked);
  if (to.kind === 'archive') return await archive(dependencies, order, to.folder, whyKept);
  const why = await whyKept(false);
  if (why !== null) return { kind: 'not_removed', why };
  await source.unlink(hiddenAs);
  await source.syncFolder(folderOf(hiddenAs));
  return await removed(dependencies, order, null);
}

/** Returns whether a hidden file is unchanged. If no program has written to it since the rename, its change time is the same. */
function isAsHidden(order: RemovalOrder, facts: FileFacts): boolean {
  if (!isOrdered(facts, order)) return false;
  return order.changeNs === null || order.identity === null || order.changeNs === facts.changeNs;
}

/**
 * Returns whether the bytes of a hidden file decide: its change time is unknown, or it is on a card whose files have neither change
 * times nor lasting inode numbers, so that a file of another card could look the same.
 */
function mustCompare({ source }: RemovalDependencies, { changeNs, hash, identity }: RemovalOrder): boolean {
  return changeNs === null || (identity === null && hash !== null && source.isOwnDisk());
}

/** Returns whether a hidden file has the bytes of the copy, and did not change while they were read, which may take minutes. */
async function hasBytes({ source, readHash }: RemovalDependencies, order: RemovalOrder): Promise<boolean> {
  const { hiddenAs, hash, expected } = order;
  if (hash === null) return false;
  // Open all the time: a name that other programs replaced meanwhile cannot lead to a file with the same inode.
  const file = await source.open(hiddenAs, 'read');
  try {
    if (!isOrdered(file.atOpen, order) || (await readHash(hiddenAs, expected.sizeBytes)) !== hash.value) return false;
    const named = await factsOf(source, hiddenAs);
    return isUntouched(file.atOpen, await file.facts()) && named !== null && isUntouched(file.atOpen, named);
  } finally {
    await closeQuietly(file);
  }
}

/** Returns why a hidden file must not be removed now. Null: no program has it open for writing, and none has changed it. */
async function whyKeptNow(
  dependencies: RemovalDependencies,
  order: RemovalOrder,
  before: FileFacts,
  isLinked: boolean,
): Promise<Kept | null> {
  if (await hasWriter(dependencies, before, order.hiddenAs)) return 'open_for_writing';
  const now = await factsOf(dependencies.source, order.hiddenAs);
  if (now === null || !isOrdered(now, order)) return 'changed';
  return isLinked || now.changeNs === before.changeNs ? null : 'changed';
}

/** Returns whether nothing has changed a file between two stats while it was open. */
function isUntouched(a: FileFacts, b: FileFacts): boolean {
  const isSameContent = a.sizeBytes === b.sizeBytes && a.mtimeNs === b.mtimeNs && a.changeNs === b.changeNs;
  return isSameContent && b.kind === 'file' && isSameFile(a, b);
}

/** Moves the file into the archive under the first free name. */
async function archive(dependencies: RemovalDependencies, order: RemovalOrder, folder: string, whyKept: WhyKept): Promise<RemovalReport> {
  const { hiddenAs, source } = order;
  const sides = await dependencies.archiveIn(folder);
  await makeFolders(sides, folderOf(source));
  for (let n = 0; n <= removingLimits.archiveNames; n += 1) {
    const name = n === 0 ? source : numbered(source, n);
    const outcome = await moveToArchive(sides, hiddenAs, name, whyKept);
    if (outcome === 'moved') return await removed(dependencies, order, name);
    if (outcome !== 'taken') return { kind: 'not_removed', why: outcome };
  }
  throw errnoError('EEXIST', `the archive has ${removingLimits.archiveNames} files of this name`);
}

/** Example: `day1/a.mxf` → `day1/a_1.mxf` */
function numbered(path: string, n: number): string {
  const dot = path.lastIndexOf('.');
  const end = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
  return `${path.slice(0, end)}_${n}${path.slice(end)}`;
}

/** Creates the missing folders of a path in an archive, and makes them all durable: an earlier process may have ended before that. */
async function makeFolders({ to, durable }: Archive, folder: string): Promise<void> {
  const parts = folder.split('/').filter((part) => part !== '');
  for (const [index] of parts.entries()) {
    const path = parts.slice(0, index + 1).join('/');
    try {
      await to.makeFolder(path, 0o777, null);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      if (durable.has(path)) continue;
    }
    await to.syncFolder(folderOf(path));
    durable.add(path);
  }
}

async function removed(dependencies: RemovalDependencies, order: RemovalOrder, archivedAs: string | null): Promise<RemovalReport> {
  dependencies.roots.delete(order.hiddenAs);
  const folders = order.removeEmptyDirs ? await removeEmptyFolders(dependencies, folderOf(order.source)) : [];
  return { kind: 'removed', archivedAs, folders };
}

/** Removes a folder and those above it as long as they are empty, but never the source itself. */
async function removeEmptyFolders({ inSource, source }: RemovalDependencies, folder: string): Promise<string[]> {
  const gone: string[] = [];
  for (let path = folder; path !== ''; path = folderOf(path)) {
    try {
      await inSource.between.removeFolder(path);
      await source.syncFolder(folderOf(path));
    } catch {
      // The folder is not empty, or may not be removed.
      break;
    }
    gone.push(path);
  }
  return gone;
}

async function restore({ source, inSource, roots }: RemovalDependencies, order: RemovalOrder): Promise<RemovalReport> {
  if ((await source.stat(order.hiddenAs)) === null) return { kind: 'restored', wasHidden: false };
  // Never over an empty file that claims the name: a new recording may be written into that file before a rename replaces it.
  if ((await moveBack(inSource, order.hiddenAs, order.source)) !== 'moved') return { kind: 'name_taken' };
  roots.delete(order.hiddenAs);
  return { kind: 'restored', wasHidden: true };
}

/**
 * Returns the metadata of a file by opening it. An open returns what the server has now; a stat may return what this machine has
 * cached.
 */
async function factsOf(storage: Storage, path: string): Promise<FileFacts | null> {
  const facts = await storage.stat(path);
  if (facts === null || facts.kind !== 'file' || storage.isOwnDisk()) return facts;
  try {
    const file = await storage.open(path, 'read');
    await closeQuietly(file);
    return file.atOpen;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function isOrdered(facts: FileFacts, { expected, identity }: RemovalOrder): boolean {
  if (facts.kind !== 'file' || facts.sizeBytes !== expected.sizeBytes || facts.mtimeNs !== expected.mtimeNs) return false;
  return identity === null || (identity.device === facts.device && identity.inode === facts.inode);
}

async function hasWriter({ root, writers }: RemovalDependencies, facts: FileFacts, path: string): Promise<boolean> {
  return await writers.hasOpen(facts, `${root}/${path}`);
}

function millisecondsOf(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1_000_000n);
}
