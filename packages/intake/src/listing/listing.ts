import type { Selection, SourceEntry } from '@sluice/core/model';
import { errnoOf, foldersDown } from '@sluice/platform';
import { limits } from '../limits.ts';
import type { Rules } from '../rules/rules.ts';
import { readFolder } from './folder.ts';
import { isOwnDestination } from './own-destination.ts';
import { chosen, entryOf, type Folder, isYoung, type ListingOptions, type Seen, statEntry } from './seen.ts';
import { clipped, Tally } from './tally.ts';
import { type KnownFolder, type Tree, takeIn, unreadFolder } from './tree.ts';

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
  /** For a quick listing later. */
  readonly tree: Tree;
}

/** Lists a whole tree without following links. What could not be read is reported, never guessed. */
export async function listSource(options: ListingOptions): Promise<Listing> {
  const walk = new Walk(options);
  await walk.all();
  return walk.listing();
}

class Walk {
  readonly #options: ListingOptions;
  readonly #entries = new Map<string, SourceEntry>();
  readonly #pending: Folder[] = [{ path: '', names: [], nameValid: true }];
  readonly #tree: Tree = new Map();
  readonly #tally: Tally;
  /** Codes, by the paths of the folders. */
  readonly #unread = new Map<string, string>();
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
      entries: [...this.#entries.values()],
      anything: this.#anything,
      youngEmptyCount: this.#youngEmptyCount,
      selection: this.#tally.selection(this.#unread.size === 0),
      ...failureOf(this.#unread),
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
    // What is written to an empty file changes no folder.
    known.stamp = hasEmpty ? null : answer.stamp;
  }

  #include(seen: Seen, name: Buffer, known: KnownFolder): void {
    this.#count(seen);
    const { entry, left } = seen;
    if (left?.rule === 'empty' && isYoung(seen.stats, this.#options)) this.#youngEmptyCount += 1;
    if (left !== null) return;
    const below = takeIn(known, seen, name);
    if (below !== null) this.#pending.push(below);
    else this.#entries.set(entry.path, chosen(this.#entries.get(entry.path), entryOf(seen, this.#options)));
  }

  #count(seen: Seen): void {
    this.#options.onSeen?.(seen);
    this.#tally.add(seen.entry, seen.left);
  }

  #fail({ path }: Folder, error: unknown): void {
    if (!this.#unread.has(path)) this.#unread.set(path, errnoOf(error));
  }
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
