import { type CopiedSource, isCopied, isRunning, type SourceEntry, type TrackedFile, type VerifyingFile } from '../model/file.ts';
import { type FileIdentity, identityOf, identityText, isOtherFile, sameFingerprint } from '../model/ids.ts';

/** What the intake saw at the paths of a source. */
export interface Sightings {
  /** The identity (`identityText`) of each source path that is not copied yet, as the intake saw it. Not kept over a restart. */
  readonly identities: Map<string, string>;
  /** The change time of each source path that is not copied yet, as the intake saw it. Not kept over a restart. */
  readonly changes: Map<string, number>;
  /** The medium of each source path that is not copied yet, as the intake saw it. Not kept over a restart. */
  readonly media: Map<string, string>;
  /**
   * What was seen at a source path on another medium or as another file, while a copy from that path ran: the copy is of the earlier
   * one. Not kept over a restart.
   */
  readonly seenSince: Map<string, SourceEntry>;
  /** Identities of source paths, copied or not. They show which files were renamed. */
  readonly sourceFiles: SourceFiles;
}

/** Returns that nothing was seen yet. */
export function noSightings(): Sightings {
  return {
    identities: new Map(),
    changes: new Map(),
    media: new Map(),
    seenSince: new Map(),
    sourceFiles: new KnownFiles(),
  };
}

/** Returns the identity at a source path that is not copied yet. Null: not known. */
export function sourceIdentity({ identities }: { readonly identities: ReadonlyMap<string, string> }, source: string): FileIdentity | null {
  const text = identities.get(source);
  return text === undefined ? null : identityOf(text);
}

/**
 * Notes what was seen of a file that waits. A copied file is known by its fingerprint and hash.
 *
 * @param file the newest tracked file of its path
 * @returns false if a copy runs, and it is not the file that is being copied
 */
export function noteSeen(route: Sightings, entry: SourceEntry, file: TrackedFile | null): boolean {
  if (file !== null && isBegun(file) && isElsewhere(route, entry)) {
    route.seenSince.set(entry.path, entry);
    return false;
  }
  route.seenSince.delete(entry.path);
  if (file === null || isCopied(file.status)) forgetProperties(route, entry.path);
  else noteProperties(route, entry);
  return true;
}

/** Notes what was seen while a copy from this path ran. To be called when it has ended without a copy. */
export function takeSeen(route: Sightings, file: TrackedFile): void {
  const entry = route.seenSince.get(file.source);
  if (entry === undefined || isBegun(file)) return;
  route.seenSince.delete(file.source);
  noteProperties(route, entry);
}

/** Forgets what the intake saw at a path. Only the copy of that file needs it. */
export function forgetSeen(route: Sightings, source: string): void {
  route.seenSince.delete(source);
  forgetProperties(route, source);
}

/** Returns what is known of the source that is copied. Once it is published, another file may have its path. */
export function copiedSource({ sourceFiles, changes, media }: Sightings, file: VerifyingFile): CopiedSource {
  const noted = { ...(file.identity === undefined ? {} : { identity: file.identity }), ...seenOf(file) };
  if (Object.keys(noted).length > 0) return noted;
  if (!sameFingerprint(file.fingerprint, file.expected)) return {};
  const identity = sourceFiles.textOf(file.source);
  const seen = seenOf({ changedMs: changes.get(file.source), medium: media.get(file.source) });
  return { ...(identity === null ? {} : { identity }), ...seen };
}

/** Returns what was seen last at the source of a file that has been copied. @param copied what was copied */
export function lastSeen(route: Sightings, copied: SourceEntry, { fingerprint, source }: VerifyingFile): SourceEntry {
  const { changes, media, seenSince } = route;
  const identity = sourceIdentity(route, source);
  const seen = seenOf({ changedMs: changes.get(source) ?? copied.changedMs, medium: media.get(source) });
  // What the carrier reports of a recording is about the file that it has open. Another one may have the path since then.
  return { ...copied, identity, ...seen, fingerprint, ...seenSince.get(source) };
}

/** The properties of a source file by which another one is noticed although its size and modification time are the same. */
type Seen = 'changedMs' | 'medium';

export function seenOf({ changedMs, medium }: { readonly [Key in Seen]?: SourceEntry[Key] | undefined }): Pick<SourceEntry, Seen> {
  return { ...(changedMs === undefined ? {} : { changedMs }), ...(medium === undefined ? {} : { medium }) };
}

/** Returns whether the carrier has been asked about the source of this file: its copy may be of what was there before. */
function isBegun(file: TrackedFile): boolean {
  return isRunning(file) || (file.status === 'IN_QUEUE' && file.copyId !== null);
}

/** Returns whether another file, or one on another medium, has the path than the one that was noted. */
function isElsewhere(route: Sightings, { path, identity, medium }: SourceEntry): boolean {
  return route.media.get(path) !== medium || isOtherFile(sourceIdentity(route, path), identity);
}

function noteProperties(route: Sightings, { path, identity, changedMs, medium }: SourceEntry): void {
  setOrDelete(route.identities, path, identity === null ? undefined : identityText(identity));
  setOrDelete(route.changes, path, changedMs);
  setOrDelete(route.media, path, medium);
}

function forgetProperties(route: Sightings, path: string): void {
  route.identities.delete(path);
  route.changes.delete(path);
  route.media.delete(path);
}

function setOrDelete<Value>(map: Map<string, Value>, path: string, value: Value | undefined): void {
  if (value === undefined) map.delete(path);
  else map.set(path, value);
}

/** Maps source paths to file identities and back. If a file has two paths, the one that was set last counts. */
export interface SourceFiles {
  /** @returns the path at which the intake last saw this file. Null: none */
  pathOf(identity: FileIdentity): string | null;
  /** @returns the identity at this path, as `identityText`. Null: not known */
  textOf(path: string): string | null;
  /** @param text null if the filesystem may make up inode numbers */
  set(path: string, text: string | null): void;
  delete(path: string): void;
}

class KnownFiles implements SourceFiles {
  readonly #paths = new Map<string, string>();
  readonly #texts = new Map<string, string>();

  pathOf(identity: FileIdentity): string | null {
    return this.#paths.get(identityText(identity)) ?? null;
  }

  textOf(path: string): string | null {
    return this.#texts.get(path) ?? null;
  }

  set(path: string, text: string | null): void {
    this.delete(path);
    if (text === null) return;
    this.#texts.set(path, text);
    this.#paths.set(text, path);
  }

  delete(path: string): void {
    const text = this.#texts.get(path);
    if (text === undefined) return;
    this.#texts.delete(path);
    if (this.#paths.get(text) === path) this.#paths.delete(text);
  }
}

/** Returns whether a path is in one of these folders. If a folder could not be read, nothing is known of the files in it. */
export function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}
