import type { Folder } from './seen.ts';

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

/** Removes a folder and all below it. @returns the files that were in them */
export function removeFolder(tree: Tree, path: string): string[] {
  const known = tree.get(path);
  if (known === undefined) return [];
  tree.delete(path);
  return [...known.files, ...[...known.folders].flatMap((below) => removeFolder(tree, below))];
}
