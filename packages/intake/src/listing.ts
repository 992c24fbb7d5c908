import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { markerName, type Selection, type SourceEntry } from '@sluice/core/model';
import { errnoOf, type FolderBelow, foldersDown, openFolderBelow } from '@sluice/platform';
import { limits } from './limits.ts';
import { isOwnDestination, type OwnDestinations } from './own-destination.ts';
import { type EntryFacts, type Rules, sentences, type WhyLeft } from './rules.ts';
import { clipped, Tally } from './tally.ts';

/** One file or folder in the source, and what the rules say of it. */
export interface Seen {
  readonly entry: EntryFacts;
  /** Of the whole path: in a folder whose name is not valid no file can be copied either. */
  readonly nameValid: boolean;
  readonly stats: BigIntStats;
  readonly left: WhyLeft | null;
}

/** A complete listing, or why it is not complete. */
export interface Listing {
  /** One for each path. */
  readonly entries: readonly SourceEntry[];
  /** Everything there is, left alone or not. */
  readonly anything: number;
  readonly youngEmptyCount: number;
  /** What was left alone, and which patterns matched nothing. */
  readonly selection: Selection;
  /** Code of what could not be read, the first by its path: what is missing may still be there. */
  readonly failure: string | null;
  /** Which one, relative; null: the source itself, or none. */
  readonly unreadPath: string | null;
  /** All folders that could not be read, relative; null: too many, or the source itself, and nothing can be said of what is missing. */
  readonly unread: readonly string[] | null;
}

export interface ListingOptions extends OwnDestinations {
  readonly root: string;
  readonly rules: Rules;
  /** Empty files younger than this are about to be written. */
  readonly stableAfterMs: number;
  /** Wall clock. */
  readonly now: number;
  /** Of a filesystem with real inode numbers; null: files get no identity. */
  readonly identityDevice?: string | null;
  /** Called with each entry, for a survey. */
  readonly onSeen?: (seen: Seen) => void;
}

/** A folder, by the names it really has: the text of one that is not valid UTF-8 leads nowhere. */
interface Folder {
  readonly path: string;
  readonly names: readonly Buffer[];
  readonly nameValid: boolean;
}

/** Lists a whole tree without following links. What could not be read is reported, never guessed. */
export async function listSource(options: ListingOptions): Promise<Listing> {
  const entries = new Map<string, SourceEntry>();
  const pending: Folder[] = [{ path: '', names: [], nameValid: true }];
  const tally = new Tally(options.rules);
  let anything = 0;
  let youngEmptyCount = 0;
  const unread = new Map<string, string>();
  const fail = (path: string, error: unknown): void => void unread.set(path, unread.get(path) ?? errnoOf(error));

  const count = (seen: Seen): void => {
    options.onSeen?.(seen);
    tally.add(seen.entry, seen.left);
  };
  const include = (seen: Seen, folder: Folder, name: Buffer): void => {
    count(seen);
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
      if (isMarked && (await isOwnDestination(open, options))) {
        await reportDestination(options, open, folder, count).catch((error: unknown) => fail(folder.path, error));
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

  while (pending.length > 0) await Promise.all(pending.splice(-limits.foldersAtOnce).map(visit));
  return {
    entries: [...entries.values()],
    anything,
    youngEmptyCount,
    selection: tally.selection(unread.size === 0),
    ...failureOf(unread),
  };
}

/**
 * Reads the metadata of one path. Opens each folder above it once.
 *
 * @returns null where a rule leaves a folder above it alone
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

async function reportDestination(
  { onCall }: ListingOptions,
  open: FolderBelow,
  { path, nameValid }: Folder,
  count: (seen: Seen) => void,
): Promise<void> {
  onCall?.();
  const stats = await lstat(open.pathOf('.'), { bigint: true });
  count({
    entry: { path, kind: 'folder', sizeBytes: 0 },
    nameValid,
    stats,
    left: { rule: 'destination', pattern: null, sentence: sentences.destination },
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
  return ageMs < stableAfterMs && ageMs > -limits.aheadMs;
}

/**
 * The first by its path is named: the same one by every listing, whatever the order they are read in.
 *
 * @param unread codes of the folders that could not be read, by their relative paths
 */
function failureOf(unread: ReadonlyMap<string, string>): Pick<Listing, 'failure' | 'unreadPath' | 'unread'> {
  const [path] = [...unread.keys()].sort();
  if (path === undefined) return { failure: null, unreadPath: null, unread: [] };
  return {
    failure: unread.get(path) ?? null,
    unreadPath: path === '' ? null : clipped(path),
    unread: path === '' || unread.size > limits.unreadFolders ? null : [...unread.keys()],
  };
}
