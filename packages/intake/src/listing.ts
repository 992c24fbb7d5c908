import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import type { SourceEntry } from '@sluice/core';
import type { LeftAlone, Looked, Rules } from './rules.ts';

/** One entry that was looked at. */
export interface Seen {
  readonly looked: Looked;
  readonly nameValid: boolean;
  readonly facts: BigIntStats;
  readonly left: LeftAlone | null;
}

/** A complete listing, or why it is not complete. */
export interface Listing {
  readonly entries: readonly SourceEntry[];
  /** Everything there is, left alone or not. */
  readonly anything: number;
  readonly youngEmptyCount: number;
  /** Code of the first folder that could not be read: what is missing may still be there. */
  readonly failure: string | null;
}

export interface ListingOptions {
  readonly root: string;
  readonly rules: Rules;
  /** Empty files younger than this are about to be written. */
  readonly stableAfterMs: number;
  /** Wall clock. */
  readonly now: number;
  /** Told of each entry, for a survey. */
  readonly onSeen?: (seen: Seen) => void;
}

/** Folders read at once. */
const mostFolders = 4;

/** Lists a whole tree without following links. What could not be read is told, never guessed. */
export async function listSource(options: ListingOptions): Promise<Listing> {
  const entries: SourceEntry[] = [];
  const pending = [''];
  let anything = 0;
  let youngEmptyCount = 0;
  let failure: string | null = null;

  const visit = async (folder: string): Promise<void> => {
    let names: Dirent<Buffer>[];
    try {
      names = await readdir(join(options.root, folder), { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      // A folder that went away while the tree was listed has nothing left to miss.
      if (folder === '' || codeOf(error) !== 'ENOENT') failure ??= codeOf(error);
      return;
    }
    anything += names.length;
    for (const name of names) {
      const seen = await look(options, folder, name.name).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') failure ??= codeOf(error);
        return null;
      });
      if (seen === null) continue;
      options.onSeen?.(seen);
      if (seen.left?.rule === 'empty' && isYoung(seen.facts, options)) youngEmptyCount += 1;
      if (seen.left !== null) continue;
      if (seen.looked.kind === 'folder') pending.push(seen.looked.path);
      else entries.push(entryOf(seen, options.rules));
    }
  };

  while (pending.length > 0) await Promise.all(pending.splice(0, mostFolders).map(visit));
  return { entries, anything, youngEmptyCount, failure };
}

/** Looks at one path; null: it is not there, or no rule lets it in. */
export async function lookAt(options: ListingOptions, path: string): Promise<Seen | null> {
  const slash = path.lastIndexOf('/') + 1;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const folder = path.slice(0, at);
    if (options.rules.leftAlone({ path: folder, kind: 'folder', sizeBytes: 0 }) !== null) return null;
  }
  return await look(options, path.slice(0, slash).replace(/\/$/, ''), Buffer.from(path.slice(slash)));
}

async function look({ root, rules }: ListingOptions, folder: string, name: Buffer): Promise<Seen> {
  const text = name.toString('utf8');
  const nameValid = Buffer.compare(Buffer.from(text), name) === 0;
  const path = folder === '' ? text : `${folder}/${text}`;
  const full = Buffer.concat([Buffer.from(`${join(root, folder)}/`), name]);
  const facts = await lstat(full, { bigint: true });
  const looked: Looked = { path, kind: kindOf(facts), sizeBytes: Number(facts.size) };
  return { looked, nameValid, facts, left: rules.leftAlone(looked) };
}

export function entryOf({ looked, nameValid, facts }: Seen, rules: Rules): SourceEntry {
  return {
    path: looked.path,
    nameValid,
    fingerprint: { sizeBytes: looked.sizeBytes, mtimeNs: facts.mtimeNs.toString() },
    mode: Number(facts.mode & 0o777n),
    mayGrow: rules.mayGrow(looked.path),
  };
}

function kindOf(facts: BigIntStats): Looked['kind'] {
  if (facts.isFile()) return 'file';
  if (facts.isDirectory()) return 'folder';
  return facts.isSymbolicLink() ? 'symlink' : 'special';
}

function isYoung(facts: BigIntStats, { now, stableAfterMs }: ListingOptions): boolean {
  return now - Number(facts.mtimeMs) < stableAfterMs;
}

function join(root: string, folder: string): string {
  if (folder === '') return root;
  return root.endsWith('/') ? root + folder : `${root}/${folder}`;
}

/** @returns the errno's name */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'UNKNOWN';
}
