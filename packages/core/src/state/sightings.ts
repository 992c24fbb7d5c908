import { type CopiedSource, isCopied, isRunning, type SourceEntry, type TrackedFile, type VerifyingFile } from '../model/file.ts';
import { identityText, isOtherFile, sameFingerprint } from '../model/ids.ts';
import type { RouteState } from './route-state.ts';
import { sourceIdentity } from './source-files.ts';

/**
 * Notes what was seen of a file that waits. A copied file is known by its fingerprint and hash.
 *
 * @param file the newest tracked file of its path
 * @returns false if a copy runs, and it is not the file that is being copied
 */
export function noteSeen(route: RouteState, entry: SourceEntry, file: TrackedFile | null): boolean {
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
export function takeSeen(route: RouteState, file: TrackedFile): void {
  const entry = route.seenSince.get(file.source);
  if (entry === undefined || isBegun(file)) return;
  route.seenSince.delete(file.source);
  noteProperties(route, entry);
}

/** Forgets what the intake saw at a path. Only the copy of that file needs it. */
export function forgetSeen(route: RouteState, source: string): void {
  route.seenSince.delete(source);
  forgetProperties(route, source);
}

/** Returns what is known of the source that is copied. Once it is published, another file may have its path. */
export function copiedSource({ sourceFiles, changes, media }: RouteState, file: VerifyingFile): CopiedSource {
  const noted = { ...(file.identity === undefined ? {} : { identity: file.identity }), ...seenOf(file) };
  if (Object.keys(noted).length > 0) return noted;
  if (!sameFingerprint(file.fingerprint, file.expected)) return {};
  const identity = sourceFiles.textOf(file.source);
  const seen = seenOf({ changedMs: changes.get(file.source), medium: media.get(file.source) });
  return { ...(identity === null ? {} : { identity }), ...seen };
}

/** Returns what was seen last at the source of a file that has been copied. @param copied what was copied */
export function lastSeen(route: RouteState, copied: SourceEntry, { fingerprint, source }: VerifyingFile): SourceEntry {
  const { changes, media, seenSince } = route;
  const identity = sourceIdentity(route, source);
  const seen = seenOf({ changedMs: changes.get(source) ?? copied.changedMs, medium: media.get(source) });
  return { ...copied, identity, ...seen, ...seenSince.get(source), fingerprint };
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
function isElsewhere(route: RouteState, { path, identity, medium }: SourceEntry): boolean {
  return route.media.get(path) !== medium || isOtherFile(sourceIdentity(route, path), identity);
}

function noteProperties(route: RouteState, { path, identity, changedMs, medium }: SourceEntry): void {
  setOrDelete(route.identities, path, identity === null ? undefined : identityText(identity));
  setOrDelete(route.changes, path, changedMs);
  setOrDelete(route.media, path, medium);
}

function forgetProperties(route: RouteState, path: string): void {
  route.identities.delete(path);
  route.changes.delete(path);
  route.media.delete(path);
}

function setOrDelete<Value>(map: Map<string, Value>, path: string, value: Value | undefined): void {
  if (value === undefined) map.delete(path);
  else map.set(path, value);
}
