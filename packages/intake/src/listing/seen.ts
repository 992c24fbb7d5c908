import { isUtf8 } from 'node:buffer';
import { type BigIntStats, lstatSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import type { SourceEntry } from '@sluice/core/model';
import type { FolderBelow } from '@sluice/platform';
import { limits } from '../limits.ts';
import type { EntryFacts, Rules, WhyLeft } from '../rules/rules.ts';
import type { OwnDestinations } from './own-destination.ts';

/** One file or folder in the source, and what the rules say of it. */
export interface Seen {
  readonly entry: EntryFacts;
  /** Of the whole path: in a folder whose name is not valid no file can be copied either. */
  readonly nameValid: boolean;
  readonly stats: BigIntStats;
  readonly left: WhyLeft | null;
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
  /** No call can hang for long: metadata is read without waiting in between, which costs a third. Default: no. */
  readonly isOwnDisk?: boolean;
  /** Called with each entry, for a survey. */
  readonly onSeen?: (seen: Seen) => void;
}

/** A folder, by the names it really has: the text of one that is not valid UTF-8 leads nowhere. */
export interface Folder {
  readonly path: string;
  readonly names: readonly Buffer[];
  readonly nameValid: boolean;
}

/** Reads the metadata of one name. @throws the errno */
export async function statEntry(options: ListingOptions, open: FolderBelow, folder: Folder, name: Buffer): Promise<Seen> {
  options.onCall?.();
  return seenOf(options, folder, name, await lstat(open.pathOf(name), { bigint: true }));
}

/** The same at once, where no call takes long. */
export function statEntryNow(options: ListingOptions, open: FolderBelow, folder: Folder, name: Buffer): Seen {
  options.onCall?.();
  return seenOf(options, folder, name, lstatSync(open.pathOf(isUtf8(name) ? name.toString() : name), { bigint: true }));
}

function seenOf({ rules }: ListingOptions, folder: Folder, name: Buffer, stats: BigIntStats): Seen {
  const entry: EntryFacts = { path: pathOf(folder, name), kind: kindOf(stats), sizeBytes: Number(stats.size) };
  return { entry, nameValid: folder.nameValid && isUtf8(name), stats, left: rules.leftAlone(entry) };
}

/** Returns the path of a name in a folder, as text. */
export function pathOf({ path }: Folder, name: Buffer): string {
  const text = name.toString('utf8');
  return path === '' ? text : `${path}/${text}`;
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
export function chosen(before: SourceEntry | undefined, entry: SourceEntry): SourceEntry {
  if (before === undefined) return entry;
  if (before.nameValid !== entry.nameValid) return before.nameValid ? entry : before;
  return rank(entry) > rank(before) ? entry : before;
}

function rank({ fingerprint }: SourceEntry): string {
  return `${fingerprint.mtimeNs.padStart(28, '0')} ${String(fingerprint.sizeBytes).padStart(20, '0')}`;
}

function kindOf(stats: BigIntStats): EntryFacts['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'symlink' : 'special';
}

export function isYoung(stats: BigIntStats, { now, stableAfterMs }: ListingOptions): boolean {
  const ageMs = now - Number(stats.mtimeMs);
  return ageMs < stableAfterMs && ageMs > -limits.aheadMs;
}
