import { isUtf8 } from 'node:buffer';
import { type BigIntStats, constants, type Dirent, lstatSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { markerName } from '@sluice/core/marker';
import type { SourceEntry } from '@sluice/core/model';
import {
  callsFor,
  errnoOf,
  type FolderBelow,
  foldersDown,
  type Name,
  openFolderBelow,
  resolveUnder,
  waitingCalls,
  workInside,
} from '@sluice/platform';
import { limits } from '../limits.ts';
import { type EntryFacts, type Rules, sentences, type WhyLeft } from '../rules/rules.ts';
import type { ListedDisks } from './disks.ts';
import { isOwnDestination, type OwnDestinations } from './own-destination.ts';

/** The result of reading a folder. */
export type FolderAnswer =
  | {
      readonly kind: 'read';
      /** The number of all names, left alone or not. */
      readonly nameCount: number;
      /** Identifies the folder while no name in it changes. Null: that cannot be determined. */
      readonly stamp: string | null;
      /** The error of the first entry that exists but whose metadata could not be read. Null: none. */
      readonly failure: unknown;
    }
  /** It is a destination of this agent, seen through another mount, or one folder too many. */
  | { readonly kind: 'destination'; readonly seen: Seen }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Called with the entries of a folder as they are read. */
export interface FolderReader {
  seen(seen: Seen, name: Name): void;
  /** Returns whether only the existence of this file matters. */
  isKnown?(path: string): boolean;
}

/** The names in a folder, before the metadata of its entries is read. */
interface FoundNames {
  /** As bytes if the text of a name in this folder does not lead to it. */
  readonly names: readonly Name[];
  /** Returns whether the entry at this index is a file. Null: not asked, which saves an object for each. */
  readonly isFile: ((index: number) => boolean) | null;
}

/** What stands in a text for bytes that are not valid UTF-8. */
const replacement = '\ufffd';

/**
 * Returns the names in a folder. Texts take half of the time that bytes do, and nearly all names are valid. Always on another thread: while
 * a name in it is changed by a call that hangs, even a folder on a disk of this machine does not answer.
 */
async function namesIn({ path }: FolderBelow, withKinds: boolean): Promise<FoundNames> {
  const found = withKinds ? await namesWithKinds(path) : null;
  if (found !== null) return found;
  const names = await readdir(path);
  return { names: areTexts(names) ? names : await readdir(path, { encoding: 'buffer' }), isFile: null };
}

/**
 * Null: they cannot be read with their kinds. Where the filesystem does not say of what kind a name is, Node looks at each by its
 * text, and rejects if one of them has gone or is not valid UTF-8.
 */
async function namesWithKinds(path: FolderBelow['path']): Promise<FoundNames | null> {
  try {
    const found = withKindsOf(await readdir(path, { withFileTypes: true }));
    return areTexts(found.names) ? found : withKindsOf(await readdir(path, { withFileTypes: true, encoding: 'buffer' }));
  } catch {
    return null;
  }
}

function withKindsOf<Each extends Name>(entries: readonly Dirent<Each>[]): FoundNames & { readonly names: readonly Each[] } {
  return { names: entries.map(({ name }) => name), isFile: (index) => entries[index]?.isFile() === true };
}

function areTexts(names: readonly string[]): boolean {
  return !names.some((name) => name.includes(replacement));
}

function isMarker(name: Name): boolean {
  return textOf(name) === markerName;
}

function textOf(name: Name): string {
  return typeof name === 'string' ? name : name.toString('utf8');
}

function isValidName(name: Name): boolean {
  return typeof name === 'string' || isUtf8(name);
}

/** Opening and closing a folder on a disk of this machine takes less time than handing the call to another thread. */
const promptCalls = callsFor(() => true);

/** Reads a folder and the metadata of its entries, without following a link. Never rejects. */
export async function readFolder(options: ListingOptions, folder: Folder, reader: FolderReader): Promise<FolderAnswer> {
  let open: FolderBelow;
  try {
    const fileCalls = options.isOwnDisk === true ? promptCalls : waitingCalls;
    open = await openFolderBelow(options.root, folder.names, { onCall: options.onCall ?? noSign, fileCalls });
  } catch (error) {
    return failed(folder, error);
  }
  try {
    // Before the names, so that a later change of them changes the stamp.
    const stamp = options.isOwnDisk === true ? stampNow(options, open) : null;
    options.onCall?.();
    const found = await namesIn(open, reader.isKnown !== undefined);
    const isMarked = folder.path !== '' && found.names.some(isMarker);
    if (isMarked && (await isOwnDestination(open, options))) return await destination(options, open, folder);
    const failure = await readEntries(options, open, { folder, found, reader });
    return { kind: 'read', nameCount: found.names.length, stamp, failure };
  } catch (error) {
    return failed(folder, error);
  } finally {
    void open.close();
  }
}

/** An entry that disappeared while the tree was listed is not missing. */
function failed({ path }: Folder, error: unknown): FolderAnswer {
  return path !== '' && errnoOf(error) === 'ENOENT' ? { kind: 'gone' } : { kind: 'failed', error };
}

function noSign(): void {}

interface Entries {
  readonly folder: Folder;
  readonly found: FoundNames;
  readonly reader: FolderReader;
}

/** Returns the error of the first entry that exists but whose metadata could not be read. Null: none. */
async function readEntries(options: ListingOptions, open: FolderBelow, entries: Entries): Promise<unknown> {
  const { length } = entries.found.names;
  let failure: unknown = null;
  for (let from = 0; from < length; from += limits.entriesAtATime) {
    if (from > 0) await nextTurn();
    const some = { ...entries, names: unknownNames(entries, from) };
    const error = options.isOwnDisk === true ? readNow(options, open, some) : await readOneByOne(options, open, some);
    failure ??= error;
  }
  return failure;
}

/** Returns the next names, without those that the reader knows and of which only the existence matters to it. */
function unknownNames({ folder, found: { names, isFile }, reader: { isKnown } }: Entries, from: number): readonly Name[] {
  const some = names.slice(from, from + limits.entriesAtATime);
  if (isFile === null || isKnown === undefined) return some;
  return some.filter((name, index) => !(isFile(from + index) && isKnown(pathOf(folder, name))));
}

interface SomeNames extends Pick<Entries, 'folder' | 'reader'> {
  readonly names: readonly Name[];
}

/** Reads entries synchronously, on a disk where no call takes long. */
function readNow(options: ListingOptions, open: FolderBelow, { folder, names, reader }: SomeNames): unknown {
  let failure: unknown = null;
  workInside(open, (reach) => {
    for (const [index, name] of names.entries()) {
      // A clock takes as long as a call that does not wait, so that not each of them restarts the time.
      if (index % limits.callsPerSign === 0) options.onCall?.();
      try {
        reader.seen(seenOf(options, folder, name, lstatSync(reach(name), nanoseconds)), name);
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') failure ??= error;
      }
    }
  });
  return failure;
}

async function readOneByOne(options: ListingOptions, open: FolderBelow, { folder, names, reader }: SomeNames): Promise<unknown> {
  let failure: unknown = null;
  for (const name of names) {
    try {
      reader.seen(await statEntry(options, open, folder, name), name);
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

/** @returns null if a later change may have the same time as the last one */
function stampOf({ dev, ino, mtimeNs, ctimeNs, ctimeMs }: BigIntStats, now: number): string | null {
  return now - Number(ctimeMs) < limits.stampRestMs ? null : `${dev} ${ino} ${mtimeNs} ${ctimeNs}`;
}

/** Returns whether a folder still has this stamp, and so the same names. Synchronous, for a disk of this machine. */
export function hasStamp({ root, onCall, now }: ListingOptions, { path }: Folder, stamp: string): boolean {
  onCall?.();
  try {
    return stampOf(lstatSync(path === '' ? `${root}/.` : resolveUnder(root, path), { bigint: true }), now) === stamp;
  } catch {
    return false;
  }
}

/** A file or folder in the source, and what the rules say about it. */
export interface Seen {
  readonly entry: EntryFacts;
  /** Whether the whole path is valid: in a folder with an invalid name no file can be copied. */
  readonly nameValid: boolean;
  readonly stats: BigIntStats;
  readonly left: WhyLeft | null;
}

/** How a source is listed. */
export interface ListingOptions extends OwnDestinations {
  readonly root: string;
  readonly rules: Rules;
  /** Empty files younger than this are probably about to be written. */
  readonly stableAfterMs: number;
  /** Wall clock. */
  readonly now: number;
  /** What the system says about the disks. Null: files get neither identity nor medium. */
  readonly disks?: Pick<ListedDisks, 'of'> | null;
  /** No call can hang for long, so metadata is read synchronously, which saves a third of the time. Default: false. */
  readonly isOwnDisk?: boolean;
  /** Called with each entry, for a survey. */
  readonly onSeen?: (seen: Seen) => void;
}

/** A folder by its exact name in bytes: the text of a name that is not valid UTF-8 would not lead to it. */
export interface Folder {
  readonly path: string;
  readonly names: readonly Name[];
  readonly nameValid: boolean;
}

/** Reads the metadata of one name. @throws the errno */
async function statEntry(options: ListingOptions, open: FolderBelow, folder: Folder, name: Name): Promise<Seen> {
  options.onCall?.();
  return seenOf(options, folder, name, await lstat(open.pathOf(name), { bigint: true }));
}

const nanoseconds = { bigint: true } as const;

function seenOf({ rules }: ListingOptions, folder: Folder, name: Name, stats: BigIntStats): Seen {
  const path = pathOf(folder, name);
  const nameValid = folder.nameValid && isValidName(name);
  const entry: EntryFacts = { path, kind: kindOf(stats), sizeBytes: Number(stats.size) };
  return { entry, nameValid, stats, left: rules.leftAlone(entry) };
}

/** Returns the path of a name in a folder, as text. */
function pathOf({ path }: Folder, name: Name): string {
  return path === '' ? textOf(name) : `${path}/${textOf(name)}`;
}

/** Returns an entry in the form that core gets. */
export function entryOf({ entry, nameValid, stats }: Seen, { rules, disks = null }: ListingOptions): SourceEntry {
  const { path, sizeBytes } = entry;
  const fingerprint = { sizeBytes, mtimeNs: stats.mtimeNs.toString() };
  const mode = Number(stats.mode) & 0o777;
  const mayGrow = rules.mayGrow(path);
  const disk = disks?.of(stats.dev);
  const on = disk === undefined || disk.medium === null ? {} : { medium: disk.medium };
  if (disk?.hasRealInodes !== true) return { path, nameValid, fingerprint, identity: null, ...on, mode, mayGrow };
  const identity = { device: disk.device, inode: String(stats.ino) };
  return { path, nameValid, fingerprint, identity, changedMs: Number(stats.ctimeMs), ...on, mode, mayGrow };
}

/**
 * Chooses one of two entries with the same path: names that are not valid UTF-8 may look the same as each other, and as a valid
 * one. The choice does not depend on their order, because otherwise every listing would report a change. An entry that cannot be
 * copied is preferred, so that a person sees it.
 */
export function chosen(before: SourceEntry | undefined, entry: SourceEntry): SourceEntry {
  if (before === undefined) return entry;
  if (before.nameValid !== entry.nameValid) return before.nameValid ? entry : before;
  return rank(entry) > rank(before) ? entry : before;
}

function rank({ fingerprint }: SourceEntry): string {
  return `${fingerprint.mtimeNs.padStart(28, '0')} ${String(fingerprint.sizeBytes).padStart(20, '0')}`;
}

function kindOf(stats: BigIntStats): EntryFacts['kind'] {
  // `isFile` of such stats calculates with large integers, each of which is an object.
  switch (Number(stats.mode) & constants.S_IFMT) {
    case constants.S_IFREG:
      return 'file';
    case constants.S_IFDIR:
      return 'folder';
    case constants.S_IFLNK:
      return 'symlink';
    default:
      return 'special';
  }
}

/** Returns whether a file is younger than `stable_after`. */
export function isYoung(stats: BigIntStats, { now, stableAfterMs }: ListingOptions): boolean {
  const ageMs = now - Number(stats.mtimeMs);
  return ageMs < stableAfterMs && ageMs > -limits.aheadMs;
}

/**
 * Reads the metadata of one path. Opens each folder above it once.
 * @returns null if a rule leaves a folder above it alone
 * @throws the errno
 */
export async function statPath(options: ListingOptions, path: string): Promise<Seen | null> {
  const { root, rules } = options;
  const parts = path.split('/');
  const name = Buffer.from(parts.pop() ?? '');
  const isLeft = parts.some((_, index) => isFolderLeft(rules, parts.slice(0, index + 1).join('/')));
  if (isLeft) return null;
  const folder = { path: parts.join('/'), names: parts.map((part) => Buffer.from(part)), nameValid: true };
  let depth = 0;
  for await (const open of foldersDown(root, folder.names, options)) {
    if (depth > 0 && (await isOwnDestination(open, options))) return null;
    if (depth === parts.length) return await statEntry(options, open, folder, name);
    depth += 1;
  }
  return null;
}

function isFolderLeft(rules: Rules, path: string): boolean {
  return rules.leftAlone({ path, kind: 'folder', sizeBytes: 0 }) !== null;
}
