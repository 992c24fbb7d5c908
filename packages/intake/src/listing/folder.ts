import { type BigIntStats, type Dirent, lstatSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { markerName } from '@sluice/core/model';
import { errnoOf, type FolderBelow, openFolderBelow, resolveUnder } from '@sluice/platform';
import { limits } from '../limits.ts';
import { sentences } from '../rules/rules.ts';
import { isOwnDestination } from './own-destination.ts';
import { type Folder, type ListingOptions, pathOf, type Seen, statEntry, statEntryNow } from './seen.ts';

/** What reading a folder came to. */
export type FolderAnswer =
  | {
      readonly kind: 'read';
      /** All of them, left alone or not. */
      readonly nameCount: number;
      /** By which it is known again while no name in it changes; null: that cannot be told. */
      readonly stamp: string | null;
      /** Of the first entry whose metadata could not be read, although it is there; null: none. */
      readonly failure: unknown;
    }
  /** It is a destination of this agent, seen through another mount, or a folder too many. */
  | { readonly kind: 'destination'; readonly seen: Seen }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What a reader does with the entries of a folder, as they come. */
export interface FolderReader {
  seen(seen: Seen, name: Buffer): void;
  /** Whether nothing more need be known of this file than that it is there. */
  isKnown?(path: string): boolean;
}

/** Reads a folder and the metadata of what is in it, without following a link. Never rejects. */
export async function readFolder(options: ListingOptions, folder: Folder, reader: FolderReader): Promise<FolderAnswer> {
  let open: FolderBelow;
  try {
    open = await openFolderBelow(options.root, folder.names, options);
  } catch (error) {
    return failed(folder, error);
  }
  try {
    // Before the names: what comes later changes it.
    const stamp = options.isOwnDisk === true ? stampNow(options, open) : null;
    options.onCall?.();
    const names = await readdir(open.path, { withFileTypes: true, encoding: 'buffer' });
    const isMarked = folder.path !== '' && names.some(({ name }) => name.toString() === markerName);
    if (isMarked && (await isOwnDestination(open, options))) return await destination(options, open, folder);
    const failure = await readEntries(options, open, { folder, names, reader });
    return { kind: 'read', nameCount: names.length, stamp, failure };
  } catch (error) {
    return failed(folder, error);
  } finally {
    void open.close();
  }
}

/** What went away while the tree was listed leaves nothing to miss. */
function failed({ path }: Folder, error: unknown): FolderAnswer {
  return path !== '' && errnoOf(error) === 'ENOENT' ? { kind: 'gone' } : { kind: 'failed', error };
}

interface Entries {
  readonly folder: Folder;
  readonly names: readonly Dirent<Buffer>[];
  readonly reader: FolderReader;
}

async function readEntries(options: ListingOptions, open: FolderBelow, { folder, names, reader }: Entries): Promise<unknown> {
  let failure: unknown = null;
  for (const [index, entry] of names.entries()) {
    const { name } = entry;
    if (index % limits.entriesAtATime === limits.entriesAtATime - 1) await nextTurn();
    if (reader.isKnown !== undefined && entry.isFile() && reader.isKnown(pathOf(folder, name))) continue;
    try {
      const isNow = options.isOwnDisk === true;
      reader.seen(isNow ? statEntryNow(options, open, folder, name) : await statEntry(options, open, folder, name), name);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') failure ??= error;
    }
  }
  return failure;
}

async function destination({ onCall }: ListingOptions, open: FolderBelow, { path, nameValid }: Folder): Promise<FolderAnswer> {
  onCall?.();
  const stats = await lstat(open.pathOf('.'), { bigint: true });
  const left = { rule: 'destination' as const, pattern: null, sentence: sentences.destination };
  return { kind: 'destination', seen: { entry: { path, kind: 'folder', sizeBytes: 0 }, nameValid, stats, left } };
}

function stampNow({ onCall, now }: ListingOptions, open: FolderBelow): string | null {
  onCall?.();
  return stampOf(lstatSync(open.pathOf('.'), { bigint: true }), now);
}

/** @returns null where a later change may have the same time as the last one */
function stampOf({ dev, ino, mtimeNs, ctimeNs, ctimeMs }: BigIntStats, now: number): string | null {
  return now - Number(ctimeMs) < limits.stampRestMs ? null : `${dev} ${ino} ${mtimeNs} ${ctimeNs}`;
}

/** Whether it is the folder that had this stamp, with the same names in it. For a disk of this machine: the call is not waited for. */
export function hasStamp({ root, onCall, now }: ListingOptions, { path }: Folder, stamp: string): boolean {
  onCall?.();
  try {
    return stampOf(lstatSync(path === '' ? `${root}/.` : resolveUnder(root, path), { bigint: true }), now) === stamp;
  } catch {
    return false;
  }
}
