import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { markerName, type SourceEntry } from '@sluice/core/model';
import { errnoOf, type FolderBelow, openFolderBelow } from '@sluice/platform';
import { isOwnDestination } from './own-destination.ts';
import { type EntryFacts, type LeftAlone, type Rules, sentences } from './rules.ts';

/** One file or folder in the source, and what the rules say of it. */
export interface Seen {
  readonly entry: EntryFacts;
  /** Of the whole path: in a folder whose name is not valid no file can be copied either. */
  readonly nameValid: boolean;
  readonly stats: BigIntStats;
  readonly left: LeftAlone | null;
}

/** A complete listing, or why it is not complete. */
export interface Listing {
  /** One for each path. */
  readonly entries: readonly SourceEntry[];
  /** Everything there is, left alone or not. */
  readonly anything: number;
  readonly youngEmptyCount: number;
  /** Code of what could not be read, the first by its path: what is missing may still be there. */
  readonly failure: string | null;
  /** Which one, relative; null: the source itself, or none. */
  readonly unreadPath: string | null;
  /** All folders that could not be read, relative; null: too many, or the source itself, and nothing can be said of what is missing. */
  readonly unread: readonly string[] | null;
}

export interface ListingOptions {
  readonly root: string;
  readonly rules: Rules;
  /** Empty files younger than this are about to be written. */
  readonly stableAfterMs: number;
  /** Wall clock. */
  readonly now: number;
  /** UUIDs of this agent's destinations: a folder with such a marker is left alone. */
  readonly ownMarkers?: ReadonlySet<string>;
  /** Of a filesystem with real inode numbers; null: files get no identity. */
  readonly identityDevice?: string | null;
  /** Called with each entry, for a survey. */
  readonly onSeen?: (seen: Seen) => void;
  /** Called before each call to the storage: what hangs is the call, not a listing that takes long. */
  readonly onCall?: () => void;
}

/** A folder, by the names it really has: the text of one that is not valid UTF-8 leads nowhere. */
interface Folder {
  readonly path: string;
  readonly names: readonly Buffer[];
  readonly nameValid: boolean;
}

/** Clocks differ; a time that is further ahead is a wrong date, and would make an empty file young for years. */
const aheadLimitMs = 86_400_000;

/** The longest path that a sentence shows, in characters. */
const shownPathLimit = 200;

/** Folders that cannot be read, and are remembered one by one. */
const unreadLimit = 1_000;

/** Folders read at once. */
const foldersAtOnce = 4;

/** Lists a whole tree without following links. What could not be read is reported, never guessed. */
export async function listSource(options: ListingOptions): Promise<Listing> {
  const entries = new Map<string, SourceEntry>();
  const pending: Folder[] = [{ path: '', names: [], nameValid: true }];
  const ownMarkers = options.ownMarkers ?? new Set<string>();
  let anything = 0;
  let youngEmptyCount = 0;
  let unread: { readonly path: string; readonly code: string } | null = null;
  /** The same one by every listing, whatever the order they are read in. */
  const unreadFolders = new Set<string>();
  const fail = (path: string, error: unknown): void => {
    unreadFolders.add(path);
    if (unread === null || path < unread.path) unread = { path, code: errnoOf(error) };
  };

  const include = (seen: Seen, folder: Folder, name: Buffer): void => {
    options.onSeen?.(seen);
    if (seen.left?.rule === 'empty' && isYoung(seen.stats, options)) youngEmptyCount += 1;
    if (seen.left !== null) return;
    const { entry, nameValid } = seen;
    if (entry.kind === 'folder') pending.push({ path: entry.path, names: [...folder.names, name], nameValid });
    else entries.set(entry.path, chosen(entries.get(entry.path), entryOf(seen, options)));
  };

  // What went away while the tree was listed leaves nothing to miss.
  const failUnlessGone = ({ path }: Folder, error: unknown): void => {
    if (path === '' || errnoOf(error) !== 'ENOENT') fail(path, error);
  };
  const visitEntry = async (open: FolderBelow, folder: Folder, name: Buffer): Promise<void> => {
    try {
      include(await statEntry(options, open, folder, name), folder, name);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') fail(folder.path, error);
    }
  };
  const visit = async (folder: Folder): Promise<void> => {
    let open: FolderBelow;
    let names: Dirent<Buffer>[];
    try {
      open = await openFolderBelow(options.root, folder.names, options);
    } catch (error) {
      failUnlessGone(folder, error);
      return;
    }
    try {
      options.onCall?.();
      names = await readdir(open.path, { withFileTypes: true, encoding: 'buffer' });
      // Seen through another mount, or a folder too many.
      const isMarked = folder.path !== '' && names.some(({ name }) => name.toString() === markerName);
      if (isMarked && (await isOwnDestination(open, ownMarkers))) {
        await reportDestination(options, open, folder).catch((error: unknown) => fail(folder.path, error));
        return;
      }
      anything += names.length;
      for (const { name } of names) await visitEntry(open, folder, name);
    } catch (error) {
      failUnlessGone(folder, error);
    } finally {
      void open.close();
    }
  };

  while (pending.length > 0) await Promise.all(pending.splice(-foldersAtOnce).map(visit));
  const { path = '', code = null } = unread ?? {};
  return {
    entries: [...entries.values()],
    anything,
    youngEmptyCount,
    failure: code,
    unreadPath: path === '' ? null : clipped(path),
    unread: unreadFolders.has('') || unreadFolders.size > unreadLimit ? null : [...unreadFolders],
  };
}

/** Reads the metadata of one path. @returns null where a rule leaves a folder above it alone. @throws the errno */
export async function statPath(options: ListingOptions, path: string): Promise<Seen | null> {
  const parts = path.split('/');
  const names = parts.slice(0, -1).map((part) => Buffer.from(part));
  for (let depth = 1; depth <= names.length; depth += 1) {
    const above = parts.slice(0, depth).join('/');
    if (options.rules.leftAlone({ path: above, kind: 'folder', sizeBytes: 0 }) !== null) return null;
    if (await isMarkedAsOwn(options, names.slice(0, depth))) return null;
  }
  const folder = { path: parts.slice(0, -1).join('/'), names, nameValid: true };
  const open = await openFolderBelow(options.root, names, options);
  return await statEntry(options, open, folder, Buffer.from(parts.at(-1) ?? '')).finally(() => void open.close());
}

async function isMarkedAsOwn(options: ListingOptions, names: readonly Buffer[]): Promise<boolean> {
  if (options.ownMarkers === undefined || options.ownMarkers.size === 0) return false;
  const open = await openFolderBelow(options.root, names, options);
  return await isOwnDestination(open, options.ownMarkers).finally(() => void open.close());
}

async function reportDestination({ onSeen, onCall }: ListingOptions, open: FolderBelow, { path, nameValid }: Folder): Promise<void> {
  if (onSeen === undefined) return;
  onCall?.();
  const stats = await lstat(open.pathOf('.'), { bigint: true });
  onSeen({
    entry: { path, kind: 'folder', sizeBytes: 0 },
    nameValid,
    stats,
    left: { rule: 'destination', sentence: sentences.destination },
  });
}

async function statEntry({ rules, onCall }: ListingOptions, open: FolderBelow, folder: Folder, name: Buffer): Promise<Seen> {
  const text = name.toString('utf8');
  const nameValid = folder.nameValid && Buffer.compare(Buffer.from(text), name) === 0;
  const path = folder.path === '' ? text : `${folder.path}/${text}`;
  onCall?.();
  const stats = await lstat(open.pathOf(name), { bigint: true });
  const entry: EntryFacts = { path, kind: kindOf(stats), sizeBytes: Number(stats.size) };
  return { entry, nameValid, stats, left: rules.leftAlone(entry) };
}

export function entryOf({ entry, nameValid, stats }: Seen, { rules, identityDevice = null }: ListingOptions): SourceEntry {
  const device = String(stats.dev);
  return {
    path: entry.path,
    nameValid,
    fingerprint: { sizeBytes: entry.sizeBytes, mtimeNs: stats.mtimeNs.toString() },
    // What is mounted below the source may be of another kind.
    identity: device === identityDevice ? { device, inode: String(stats.ino) } : null,
    mode: Number(stats.mode & 0o777n),
    mayGrow: rules.mayGrow(entry.path),
  };
}

/**
 * Names that are not valid UTF-8 may look the same as each other, and as a valid one. One of them is reported, whatever
 * the order they came in, or every listing would report a change: one that cannot be copied, so that a person sees it.
 */
function chosen(before: SourceEntry | undefined, entry: SourceEntry): SourceEntry {
  if (before === undefined) return entry;
  if (before.nameValid !== entry.nameValid) return before.nameValid ? entry : before;
  return rank(entry) > rank(before) ? entry : before;
}

function rank({ fingerprint }: SourceEntry): string {
  return `${fingerprint.mtimeNs.padStart(24, '0')} ${String(fingerprint.sizeBytes).padStart(20, '0')}`;
}

function kindOf(stats: BigIntStats): EntryFacts['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'symlink' : 'special';
}

function isYoung(stats: BigIntStats, { now, stableAfterMs }: ListingOptions): boolean {
  const ageMs = now - Number(stats.mtimeMs);
  return ageMs < stableAfterMs && ageMs > -aheadLimitMs;
}

function clipped(path: string): string {
  const characters = Array.from(path);
  return characters.length <= shownPathLimit ? path : `${characters.slice(0, shownPathLimit).join('')}…`;
}
