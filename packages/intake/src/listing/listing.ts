import type { LeftAlone, LeftAloneRule, Selection, SourceEntry, UnmatchedPattern } from '@sluice/core/model';
import { errnoOf, type Name } from '@sluice/platform';
import { limits } from '../limits.ts';
import { isRemovedName } from '../rules/built-in.ts';
import { type ComparedPath, comparedPath, type Pattern } from '../rules/pattern.ts';
import type { EntryFacts, Rules, WhyLeft } from '../rules/rules.ts';
import { chosen, entryOf, type Folder, hasStamp, isYoung, type ListingOptions, readFolder, type Seen } from './folder.ts';

/** A complete listing, or why it is not complete. */
export interface Listing {
  /** One entry for each path. */
  readonly entries: readonly SourceEntry[];
  /** The number of all entries, left alone or not. */
  readonly anything: number;
  readonly youngEmptyCount: number;
  /** What was left alone, and which patterns matched nothing. */
  readonly selection: Selection;
  /** The code of the first unreadable folder by path: files that were not found may still exist. Null: none. */
  readonly failure: string | null;
  /** Its relative path. Null: the source itself, or none. */
  readonly unreadPath: string | null;
  /** Relative paths of all unreadable folders. Null: too many, or the source itself, so nothing can be said about missing files. */
  readonly unread: readonly string[] | null;
  /** Files with the hidden name of a removal. */
  readonly aside: readonly string[];
  /** For a later quick listing. */
  readonly tree: Tree;
}

/** Lists a whole tree without following links. What could not be read is reported as such. */
export async function listSource(options: ListingOptions): Promise<Listing> {
  const walk = new Walk(options);
  await walk.all();
  return walk.listing();
}

/** Nothing in it can be copied, so that the folder is missing at the destination. */
const emptyFolder = { rule: 'empty', pattern: null } as const;

class Walk {
  readonly #options: ListingOptions;
  readonly #entries: SourceEntry[] = [];
  /** Only such a name can look the same as another one. */
  #hasInvalidNames = false;
  readonly #pending: Folder[] = [{ path: '', names: [], nameValid: true }];
  readonly #tree: Tree = new Map();
  readonly #tally: Tally;
  /** Error codes, by the paths of the folders. */
  readonly #unread = new Map<string, string>();
  /** Files with the hidden name of a removal. */
  readonly #aside: string[] = [];
  #anything = 0;
  #youngEmptyCount = 0;

  constructor(options: ListingOptions) {
    this.#options = options;
    this.#tally = new Tally(options.rules);
  }

  async all(): Promise<void> {
    while (this.#pending.length > 0) await Promise.all(this.#pending.splice(-limits.foldersAtOnce).map((folder) => this.#visit(folder)));
  }

  listing(): Listing {
    return {
      entries: this.#hasInvalidNames ? onePerPath(this.#entries) : this.#entries,
      anything: this.#anything,
      youngEmptyCount: this.#youngEmptyCount,
      selection: this.#tally.selection(this.#unread.size === 0),
      ...failureOf(this.#unread),
      aside: this.#aside,
      tree: this.#tree,
    };
  }

  async #visit(folder: Folder): Promise<void> {
    const known = unreadFolder(folder);
    this.#tree.set(folder.path, known);
    let hasEmpty = false;
    const answer = await readFolder(this.#options, folder, {
      seen: (seen, name) => {
        hasEmpty ||= seen.left?.rule === 'empty' || !seen.nameValid;
        this.#include(seen, name, known);
      },
    });
    if (answer.kind === 'destination') this.#count(answer.seen);
    if (answer.kind === 'failed') this.#fail(folder, answer.error);
    if (answer.kind !== 'read') return;
    this.#anything += answer.nameCount;
    if (answer.failure !== null) this.#fail(folder, answer.failure);
    known.nameCount = answer.nameCount;
    if (answer.nameCount === 0 && folder.path !== '') this.#tally.add({ path: folder.path, kind: 'folder', sizeBytes: 0 }, emptyFolder);
    // Writing to an empty file does not change its folder.
    known.stamp = hasEmpty ? null : answer.stamp;
  }

  #include(seen: Seen, name: Name, known: KnownFolder): void {
    this.#count(seen);
    const { left } = seen;
    if (left?.rule === 'empty' && isYoung(seen.stats, this.#options)) this.#youngEmptyCount += 1;
    if (left !== null) return;
    const below = takeIn(known, seen, name);
    if (below !== null) this.#pending.push(below);
    else this.#entries.push(entryOf(seen, this.#options));
    this.#hasInvalidNames ||= !seen.nameValid;
  }

  #count(seen: Seen): void {
    if (seen.entry.kind === 'file' && isRemovedName(seen.entry.path.slice(seen.entry.path.lastIndexOf('/') + 1))) {
      if (this.#aside.length < limits.asideFiles) this.#aside.push(seen.entry.path);
      return;
    }
    this.#options.onSeen?.(seen);
    this.#tally.add(seen.entry, seen.left);
  }

  #fail({ path }: Folder, error: unknown): void {
    if (!this.#unread.has(path)) this.#unread.set(path, errnoOf(error));
  }
}

function onePerPath(entries: readonly SourceEntry[]): readonly SourceEntry[] {
  const byPath = new Map<string, SourceEntry>();
  for (const entry of entries) byPath.set(entry.path, chosen(byPath.get(entry.path), entry));
  return [...byPath.values()];
}

/**
 * Names the first by path, so that every listing names the same one, whatever the order of reading.
 * @param unread error codes of the folders, by their relative paths
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

interface Row {
  readonly rule: LeftAloneRule;
  readonly pattern: string | null;
  count: number;
  folders: number;
  readonly examples: string[];
}

/**
 * Counts in one listing what each rule leaves alone, and which patterns match nothing. A pattern costs nothing once it has
 * matched.
 */
export class Tally {
  readonly #rows = new Map<string, Row>();
  readonly #include: Set<Pattern>;
  readonly #exclude: Set<Pattern>;
  #hasFiles = false;
  #hasAny = false;

  constructor({ include, exclude }: Pick<Rules, 'include' | 'exclude'>) {
    this.#include = new Set(include);
    this.#exclude = new Set(exclude);
  }

  add(entry: EntryFacts, left: Pick<WhyLeft, 'rule' | 'pattern'> | null): void {
    const isFolder = entry.kind === 'folder';
    this.#hasAny = true;
    if (left !== null) this.#count(entry, left);
    if (entry.kind !== 'file' && !isFolder) return;
    if (!isFolder) this.#hasFiles = true;
    if (!isFolder && this.#include.size > 0) drop(this.#include, comparedPath(entry.path), false);
    if (left?.rule === 'excluded' && this.#exclude.size > 0) drop(this.#exclude, comparedPath(entry.path), isFolder);
  }

  /** @param isWhole no folder was unreadable: one might contain what a pattern matches */
  selection(isWhole = true): Selection {
    const rows = [...this.#rows]
      .sort(byCountThenKey)
      .map(([, row]) => row)
      .slice(0, limits.tallyRows);
    const unmatched = [
      ...(isWhole && this.#hasFiles ? named('include', this.#include) : []),
      ...(isWhole && this.#hasAny ? named('exclude', this.#exclude) : []),
    ];
    return {
      leftAlone: rows.map((row): LeftAlone => ({ ...row, examples: row.examples.map(clipped) })),
      unmatched: unmatched.slice(0, limits.tallyRows),
    };
  }

  #count({ path, kind }: EntryFacts, { rule, pattern }: Pick<WhyLeft, 'rule' | 'pattern'>): void {
    const key = `${rule} ${pattern ?? ''}`;
    const row = this.#rows.get(key) ?? { rule, pattern, count: 0, folders: 0, examples: [] };
    this.#rows.set(key, row);
    row.count += 1;
    if (kind === 'folder') row.folders += 1;
    keepFirst(row.examples, path);
  }
}

/** Two listings of the same files name the rules in the same order, however their folders were read. */
function byCountThenKey([keyA, a]: readonly [string, Row], [keyB, b]: readonly [string, Row]): number {
  return b.count - a.count || (keyA < keyB ? -1 : 1);
}

function drop(patterns: Set<Pattern>, path: ComparedPath, isFolder: boolean): void {
  for (const pattern of patterns) if (pattern.matches(path, isFolder)) patterns.delete(pattern);
}

function named(setting: UnmatchedPattern['setting'], patterns: ReadonlySet<Pattern>): UnmatchedPattern[] {
  return [...patterns].map(({ text }) => ({ setting, pattern: text }));
}

/** Keeps the first examples by path, so that every listing names the same, whatever the order of reading. */
function keepFirst(examples: string[], path: string): void {
  const place = examples.findIndex((example) => path < example);
  if (place === -1 && examples.length >= limits.ruleExamples) return;
  examples.splice(place === -1 ? examples.length : place, 0, path);
  examples.length = Math.min(examples.length, limits.ruleExamples);
}

/** Returns a path, cut to a bounded length. */
export function clipped(path: string): string {
  const characters = Array.from(path);
  return characters.length <= limits.shownPath ? path : `${characters.slice(0, limits.shownPath).join('')}…`;
}

/** What a listing found in one folder. */
export interface KnownFolder {
  readonly folder: Folder;
  /** While the folder has this stamp, its names are the same. Null: it has to be read again. */
  stamp: string | null;
  /** The number of its names, left alone or not. */
  nameCount: number;
  /** Paths of the files that are taken in. */
  readonly files: Set<string>;
  /** Paths of the folders that are entered. */
  readonly folders: Set<string>;
}

/** All folders that a listing entered, by path. The source itself is `''`. */
export type Tree = Map<string, KnownFolder>;

/** Returns a folder that has not been read. */
export function unreadFolder(folder: Folder): KnownFolder {
  return { folder, stamp: null, nameCount: 0, files: new Set(), folders: new Set() };
}

/** Adds what the rules take in. @returns a folder that is to be entered, or null */
export function takeIn({ folder, files, folders }: KnownFolder, { entry, nameValid }: Seen, name: Name): Folder | null {
  if (entry.kind !== 'folder') {
    files.add(entry.path);
    return null;
  }
  folders.add(entry.path);
  return { path: entry.path, names: [...folder.names, name], nameValid };
}

/** Removes a folder with everything below it. @param lacking gets the files that were in them */
export function removeFolder(tree: Tree, path: string, lacking: string[]): void {
  const known = tree.get(path);
  if (known === undefined) return;
  tree.delete(path);
  for (const file of known.files) lacking.push(file);
  for (const below of known.folders) removeFolder(tree, below, lacking);
}

/** The difference from the listing before. */
export interface QuickListing {
  /** Entries that are new or may have changed. */
  readonly entries: readonly SourceEntry[];
  /** Files that were found before and are missing now. */
  readonly lacking: readonly string[];
  /** The number of all entries, left alone or not. */
  readonly anything: number;
  /** The number of files that are taken in. */
  readonly entryCount: number;
}

/**
 * Finds the names that came or went since the last listing. On a disk of this machine only folders that changed are read.
 * Otherwise all folders are, and the metadata of new names. A change of a file that existed before is not found.
 * @param tree what the last listing found; it is updated
 * @returns null if a full listing is needed; the tree is then invalid
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
    // One by one, because a call takes only a limited number of arguments, and a folder may have more.
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

/** @returns null if it could not be read completely, or has a name that only a full listing can judge */
async function readAgain(options: ListingOptions, before: KnownFolder): Promise<Found | null> {
  const { folder } = before;
  const now = unreadFolder(folder);
  const entries: SourceEntry[] = [];
  const folders: Folder[] = [];
  let hasEmpty = false;
  let isOdd = false;
  const isSkipping = options.isOwnDisk !== true || before.nameCount > limits.sameNames;
  const seen = (one: Seen, name: Name): void => {
    isOdd ||= !one.nameValid;
    hasEmpty ||= one.left?.rule === 'empty';
    if (one.left !== null) return;
    const below = takeIn(now, one, name);
    if (below === null) entries.push(entryOf(one, options));
    else folders.push(below);
  };
  const isKnown = (path: string): boolean => {
    if (!before.files.has(path)) return false;
    now.files.add(path);
    return true;
  };
  const answer = await readFolder(options, folder, isSkipping ? { seen, isKnown } : { seen });
  const isKnownDestination = answer.kind === 'destination' && before.files.size + before.folders.size === 0;
  if (answer.kind === 'gone' || isKnownDestination) return { now, entries: [], folders: [] };
  if (answer.kind !== 'read' || answer.failure !== null || isOdd) return null;
  now.nameCount = answer.nameCount;
  now.stamp = hasEmpty ? null : answer.stamp;
  return { now, entries, folders };
}
