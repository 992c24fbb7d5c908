import type { RemovalOrder, RemovalReport } from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
import type { FileFacts, Storage } from '../storage/storage.ts';
import { folderOf } from '../writing/target.ts';
import { removingLimits } from './limits.ts';
import { moveTo, type Sides } from './move.ts';
import type { Writers } from './writers.ts';

/** The access to folders and files that the steps of a removal use. */
export interface RemovalDependencies {
  readonly source: Storage;
  /** Absolute path of the source. */
  readonly root: string;
  readonly writers: Writers;
  /** The source as both sides of a move. */
  readonly inSource: Sides;
  /** Returns the source and an archive as the sides of a move. Creates the folder of the archive if it is missing. */
  archiveIn(folder: string): Promise<Sides>;
  /** Returns the hash of a file. Null: it has another size. */
  readHash(path: string, sizeBytes: number): Promise<string | null>;
}

/**
 * Carries out one step of a removal. Only the rename of `hide` uses the path at which a program may write a new file, so no late
 * or hung call can change that new file.
 *
 * @throws the errno of a failed call
 */
export async function removalStep(dependencies: RemovalDependencies, order: RemovalOrder): Promise<RemovalReport> {
  switch (order.step) {
    case 'check':
      return (await whyNot(dependencies, order)) ?? { kind: 'removable' };
    case 'hide':
      return await hide(dependencies, order);
    case 'remove':
      return await remove(dependencies, order);
    case 'restore':
      return await restore(dependencies, order);
  }
}

/** Returns why a source file cannot be removed now. Null: it can be. */
async function whyNot(dependencies: RemovalDependencies, order: RemovalOrder): Promise<RemovalReport | null> {
  const facts = await factsOf(dependencies.source, order.source);
  if (facts === null) return { kind: 'put_off', why: 'missing' };
  const isTouched = order.changedMs !== null && millisecondsOf(facts.changeNs) !== order.changedMs;
  if (isTouched || !isOrdered(facts, order)) return { kind: 'put_off', why: 'changed' };
  return (await hasWriter(dependencies, facts, order.source)) ? { kind: 'put_off', why: 'open_for_writing' } : null;
}

async function hide(dependencies: RemovalDependencies, order: RemovalOrder): Promise<RemovalReport> {
  const { source } = dependencies;
  // An earlier rename was not answered, or another program renamed the file.
  if ((await source.stat(order.hiddenAs)) !== null) return { kind: 'not_removed', why: 'changed' };
  const reason = await whyNot(dependencies, order);
  if (reason !== null) return reason;
  await source.rename(order.source, order.hiddenAs);
  await source.syncFolder(folderOf(order.source));
  const facts = await source.stat(order.hiddenAs);
  // Another file took the name just before the rename.
  if (facts === null || !isOrdered(facts, order)) return { kind: 'not_removed', why: 'changed' };
  return { kind: 'hidden', changeNs: facts.changeNs };
}

async function remove(dependencies: RemovalDependencies, order: RemovalOrder): Promise<RemovalReport> {
  const { source } = dependencies;
  const { hiddenAs, to } = order;
  const facts = await factsOf(source, hiddenAs);
  if (facts === null) return await removed(dependencies, order, null);
  if (!(await isAsHidden(dependencies, order, facts))) return { kind: 'not_removed', why: 'changed' };
  if (await hasWriter(dependencies, facts, hiddenAs)) return { kind: 'not_removed', why: 'open_for_writing' };
  if (to.kind === 'archive') return await removed(dependencies, order, await archive(dependencies, order, to.folder));
  await source.unlink(hiddenAs);
  await source.syncFolder(folderOf(hiddenAs));
  return await removed(dependencies, order, null);
}

/**
 * Returns whether a hidden file is unchanged. If no program has written to it since the rename, its change time is the same. If
 * that time is unknown, the bytes are read.
 */
async function isAsHidden(dependencies: RemovalDependencies, order: RemovalOrder, facts: FileFacts): Promise<boolean> {
  if (!isOrdered(facts, order)) return false;
  if (order.changeNs !== null) return order.identity === null || order.changeNs === facts.changeNs;
  if (order.hash === null) return false;
  return (await dependencies.readHash(order.hiddenAs, order.expected.sizeBytes)) === order.hash.value;
}

/** Moves the file into the archive under the first free name. @returns that name */
async function archive(dependencies: RemovalDependencies, { hiddenAs, source }: RemovalOrder, folder: string): Promise<string> {
  const sides = await dependencies.archiveIn(folder);
  await makeFolders(sides.to, folderOf(source));
  for (let n = 0; n <= removingLimits.archiveNames; n += 1) {
    const name = n === 0 ? source : numbered(source, n);
    if (await moveTo(sides, hiddenAs, name)) return name;
  }
  throw Object.assign(new Error(`the archive has ${removingLimits.archiveNames} files of this name`), { code: 'EEXIST' });
}

/** Example: `day1/a.mxf` → `day1/a_1.mxf` */
function numbered(path: string, n: number): string {
  const dot = path.lastIndexOf('.');
  const end = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
  return `${path.slice(0, end)}_${n}${path.slice(end)}`;
}

async function makeFolders(storage: Storage, folder: string): Promise<void> {
  const parts = folder.split('/').filter((part) => part !== '');
  for (const [index] of parts.entries()) {
    const path = parts.slice(0, index + 1).join('/');
    try {
      await storage.makeFolder(path, 0o777, null);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') continue;
      throw error;
    }
    await storage.syncFolder(folderOf(path));
  }
}

async function removed(dependencies: RemovalDependencies, order: RemovalOrder, archivedAs: string | null): Promise<RemovalReport> {
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

async function restore({ source, inSource }: RemovalDependencies, order: RemovalOrder): Promise<RemovalReport> {
  if ((await source.stat(order.hiddenAs)) === null) return { kind: 'restored', wasHidden: false };
  return (await moveTo(inSource, order.hiddenAs, order.source)) ? { kind: 'restored', wasHidden: true } : { kind: 'name_taken' };
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
