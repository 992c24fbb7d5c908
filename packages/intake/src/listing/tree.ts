import type { Folder, Seen } from './seen.ts';

/** What a listing found in one folder. */
export interface KnownFolder {
  readonly folder: Folder;
  /** While it has this one, the names in it are the same; null: it has to be read again. */
  stamp: string | null;
  /** Names in it, left alone or not. */
  nameCount: number;
  /** Paths of the files that are taken in. */
  readonly files: Set<string>;
  /** Paths of the folders that are entered. */
  readonly folders: Set<string>;
}

/** All folders that a listing entered, by their paths; the source itself is `''`. */
export type Tree = Map<string, KnownFolder>;

export function unreadFolder(folder: Folder): KnownFolder {
  return { folder, stamp: null, nameCount: 0, files: new Set(), folders: new Set() };
}

/** Notes what the rules take in. @returns a folder that is to be entered, or null */
export function takeIn({ folder, files, folders }: KnownFolder, { entry, nameValid }: Seen, name: Buffer): Folder | null {
  if (entry.kind !== 'folder') {
    files.add(entry.path);
    return null;
  }
  folders.add(entry.path);
  return { path: entry.path, names: [...folder.names, name], nameValid };
}

/** Removes a folder and all below it. @param lacking gets the files that were in them */
export function removeFolder(tree: Tree, path: string, lacking: string[]): void {
  const known = tree.get(path);
  if (known === undefined) return;
  tree.delete(path);
  for (const file of known.files) lacking.push(file);
  for (const below of known.folders) removeFolder(tree, below, lacking);
}
