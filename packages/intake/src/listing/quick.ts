import type { SourceEntry } from '@sluice/core/model';
import { limits } from '../limits.ts';
import { hasStamp, readFolder } from './folder.ts';
import { entryOf, type Folder, type ListingOptions, type Seen } from './seen.ts';
import { type KnownFolder, removeFolder, type Tree, takeIn, unreadFolder } from './tree.ts';

/** What is different from the listing before. */
export interface QuickListing {
  /** What is new, and what may have changed. */
  readonly entries: readonly SourceEntry[];
  /** Files that were there and are not found now. */
  readonly lacking: readonly string[];
  /** Everything there is, left alone or not. */
  readonly anything: number;
  /** Files that are taken in. */
  readonly entryCount: number;
}

/**
 * Finds the names that came or went since the last listing. On a disk of this machine only folders that changed are read;
 * elsewhere all of them are, and the metadata of new names. What was written to a file that was there before is not seen.
 *
 * @param tree what the last listing found; brought up to date
 * @returns null where only a full listing can tell; the tree is worth nothing then
 */
export async function listQuickly(options: ListingOptions, tree: Tree): Promise<QuickListing | null> {
  const source = tree.get('');
  if (source === undefined) return null;
  const pending: Folder[] = [source.folder];
  const entries: SourceEntry[] = [];
  const lacking: string[] = [];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const before = tree.get(folder.path) ?? unreadFolder(folder);
    const isSame = options.isOwnDisk === true && before.stamp !== null && hasStamp(options, folder, before.stamp);
    if (isSame) {
      for (const below of foldersIn(tree, before)) pending.push(below);
      continue;
    }
    const found = await readAgain(options, before);
    if (found === null) return null;
    // One by one: a call takes only so many arguments, and a folder may hold more.
    for (const entry of found.entries) entries.push(entry);
    for (const path of before.files) if (!found.now.files.has(path)) lacking.push(path);
    for (const path of before.folders) if (!found.now.folders.has(path)) removeFolder(tree, path, lacking);
    tree.set(folder.path, found.now);
    for (const below of found.folders) pending.push(below);
  }
  let [anything, entryCount] = [0, 0];
  for (const { nameCount, files } of tree.values()) {
    anything += nameCount;
    entryCount += files.size;
  }
  return { entries, lacking, anything, entryCount };
}

function foldersIn(tree: Tree, { folders }: KnownFolder): Folder[] {
  return [...folders].flatMap((path) => tree.get(path)?.folder ?? []);
}

interface Found {
  readonly now: KnownFolder;
  readonly entries: readonly SourceEntry[];
  readonly folders: readonly Folder[];
}

/** @returns null where it could not be read in full, or has a name that only a full listing judges */
async function readAgain(options: ListingOptions, before: KnownFolder): Promise<Found | null> {
  const { folder } = before;
  const now = unreadFolder(folder);
  const entries: SourceEntry[] = [];
  const folders: Folder[] = [];
  let hasEmpty = false;
  let isOdd = false;
  const isSkipping = options.isOwnDisk !== true || before.nameCount > limits.sameNames;
  const seen = (one: Seen, name: Buffer): void => {
    isOdd ||= !one.nameValid;
    hasEmpty ||= one.left?.rule === 'empty';
    if (one.left !== null) return;
    const below = takeIn(now, one, name);
    if (below === null) entries.push(entryOf(one, options));
    else folders.push(below);
  };
  const isKnown = (path: string): boolean => {
    if (!isSkipping || !before.files.has(path)) return false;
    now.files.add(path);
    return true;
  };
  const answer = await readFolder(options, folder, { seen, isKnown });
  const isKnownDestination = answer.kind === 'destination' && before.files.size + before.folders.size === 0;
  if (answer.kind === 'gone' || isKnownDestination) return { now, entries: [], folders: [] };
  if (answer.kind !== 'read' || answer.failure !== null || isOdd) return null;
  now.nameCount = answer.nameCount;
  now.stamp = hasEmpty ? null : answer.stamp;
  return { now, entries, folders };
}
