import { unreachable } from '../model/assert.ts';
import { type CopyReport } from '../model/copy.ts';
import { codeOfReason, type FailureReason } from '../model/fault.ts';
import { type EarlierName, isCompleted, isCopied, type SourceEntry, type TrackedFile } from '../model/file.ts';
import { type FileId, type FileIdentity, identityText, sameFingerprint } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { freeName, type NumberedName, splitName, utf8Bytes } from '../policy/naming.ts';
import { type CoreState, leftFileOf, newestOf, type RouteState } from './state.ts';
import { note, type Work } from './work.ts';

/** A source path, and the names that its attempts may not use again. */
interface Lineage {
  readonly source: string;
  readonly burned: readonly string[];
}

/**
 * Returns the first free numbered name of a lineage, starting at number `from`. The destination may still have a file of this
 * name that core does not know.
 *
 * @param own the file that may hold a claim on the name already. Null: a new file
 */
export function planName(work: Work, route: RouteState, lineage: Lineage, own: FileId | null, from: number): NumberedName {
  const isTaken = (name: string): boolean =>
    lineage.burned.includes(name) || isClaimed(work.state, route, name, own) || isAtSource(work, route, name);
  return freeName(lineage.source, route.settings.recovery.suffix, isTaken, from, nameBytesFor(route, lineage.source));
}

/** Returns the next name, after the destination reported that this one is taken. */
export function nextName(work: Work, route: RouteState, file: TrackedFile): NumberedName {
  return planName(work, route, file, file.id, file.nameNumber + 1);
}

function isClaimed({ ended }: CoreState, route: RouteState, name: string, own: FileId | null): boolean {
  const owner = route.names.get(name) ?? ended?.ownerOf(route.settings.name, name) ?? null;
  return owner !== null && owner !== own;
}

function isAtSource(work: Work, route: RouteState, name: string): boolean {
  const there = newestOf(work.state, route, name);
  return there !== null && there.status !== 'REMOVED' && !there.sourceGone;
}

/**
 * Gives up a planned name that a new source file has. The source file keeps its name, and the recovery that had planned it takes
 * the next one.
 */
export function yieldName(work: Work, route: RouteState, name: string): void {
  const owner = route.names.get(name);
  const planned = owner === undefined ? undefined : work.state.files.get(owner);
  if (planned === undefined || !isOnlyPlanned(planned) || planned.source === name || route.renewed.has(planned.id)) return;
  const next = nextName(work, route, planned);
  note(work, { ...planned, ...next }, { kind: 'name_yielded', from: name });
}

function isOnlyPlanned(file: TrackedFile): boolean {
  switch (file.status) {
    case 'DISCOVERED':
    case 'GROWING':
    case 'READY':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      return true;
    case 'IN_QUEUE':
      return file.copyId === null;
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
    case 'FAILED':
    case 'REMOVED':
      return false;
    default:
      return unreachable(file);
  }
}

/** Learns the longest name and path of a destination from a refusal. */
export function learnLengths(route: RouteState, report: CopyReport): void {
  if (report.kind !== 'failed' || report.takenBytes === undefined) return;
  const { fault, takenBytes } = report;
  if (fault.code === 'PATH_TOO_LONG') {
    route.taken = { ...route.taken, pathBytes: takenBytes };
    return;
  }
  route.taken = { ...route.taken, nameBytes: takenBytes };
  route.nameBytes = Math.max(limits.minNameBytes, Math.min(limits.nameBytes, takenBytes));
}

/** Forgets the learned limits on lengths and sizes. They may not hold any more after a change of disk or a retry by an operator. */
export function forgetLimits(route: RouteState): void {
  route.fileBytes = Number.POSITIVE_INFINITY;
  route.nameBytes = limits.nameBytes;
  route.taken = { nameBytes: null, pathBytes: null };
}

/** Returns how long a name may be that Sluice creates in the folder of this path. The whole path has to fit too. */
export function nameBytesFor(route: RouteState, path: string): number {
  const { pathBytes } = route.taken;
  if (pathBytes === null) return route.nameBytes;
  return Math.min(route.nameBytes, Math.max(limits.minPartBytes, pathBytes - utf8Bytes(splitName(path).folder)));
}

/** Returns whether a name or its whole path is known to be too long. */
export function isKnownTooLong({ taken }: RouteState, destination: string): boolean {
  const { folder } = splitName(destination);
  const isLongName = taken.nameBytes !== null && utf8Bytes(destination.slice(folder.length)) > taken.nameBytes;
  return isLongName || isLongPath(taken.pathBytes, destination);
}

function isLongPath(pathBytes: number | null, destination: string): boolean {
  return pathBytes !== null && utf8Bytes(destination) > pathBytes;
}

const tooLongCodes: ReadonlySet<string> = new Set(['ENAMETOOLONG', 'FOLDER_TOO_LONG', 'PATH_TOO_LONG']);

/** Returns whether a code means that a name or a whole path was refused as too long. */
export function isTooLongCode(code: string): boolean {
  return tooLongCodes.has(code);
}

/**
 * Returns whether the next attempt would be refused for the same length. A temporary name that was too long is shortened for the
 * next attempt instead.
 */
export function staysTooLong(route: RouteState, reason: FailureReason, destination: string): boolean {
  if (reason.kind !== 'call' || reason.fault.side !== 'destination') return false;
  const code = codeOfReason(reason);
  return code === 'FOLDER_TOO_LONG' || (isTooLongCode(code) && isKnownTooLong(route, destination));
}

/** Returns the message for a path that is longer than the destination takes. Null: the destination may take it. */
export function pathTooLong(route: RouteState, destination: string): string | null {
  const { pathBytes } = route.taken;
  if (!isLongPath(pathBytes, destination)) return null;
  return `the destination takes paths of up to ${pathBytes} bytes, this one has ${utf8Bytes(destination)}`;
}

/**
 * Notes which file the intake saw at a path. A source that differs from its copy is not noted: it is not the file that was
 * copied.
 *
 * @param text the identity as text
 * @param file the newest tracked file of the path
 */
export function noteSourceFile(route: RouteState, { path, fingerprint }: SourceEntry, text: string | null, file: TrackedFile | null): void {
  if (file === null || (isCopied(file.status) && !sameFingerprint(file.fingerprint, fingerprint))) return;
  // A file that is left to the journal has its identity there.
  route.sourceFiles.set(path, isCompleted(file) && file.identity === text && !route.newest.has(path) ? null : text);
}

/** @returns the path that the same file had when it was last seen. Null: no other path is known, or the file has changed since */
export function earlierName(state: CoreState, route: RouteState, { path, identity, fingerprint }: SourceEntry): EarlierName | null {
  const source = identity === null ? null : pathOf(state, route, identity);
  const file = source === null || source === path ? null : newestOf(state, route, source);
  if (file === null || file.sourceGone || !sameFingerprint(file.fingerprint, fingerprint)) return null;
  return { source: file.source, copy: copyOf(file), isGone: false };
}

function pathOf(state: CoreState, route: RouteState, identity: FileIdentity): string | null {
  const held = route.sourceFiles.pathOf(identity);
  if (held !== null || state.ended === null) return held;
  const text = identityText(identity);
  const path = state.ended.pathOf(route.settings.name, text);
  if (path === null || route.sourceFiles.textOf(path) !== null) return null;
  const left = leftFileOf(state, route, path);
  return left?.file.identity === text ? path : null;
}

/** @returns the destination name of a copy with the same bytes. Null: none is known */
export function copyOf(file: TrackedFile): string | null {
  return isCopied(file.status) ? file.destination : (file.renamedFrom?.copy ?? null);
}

/** @returns the newest tracked file at the path to which this file was renamed. Null: no renaming is known */
export function renamedFile(state: CoreState, route: RouteState, source: string): TrackedFile | null {
  const path = route.renames.get(source);
  const file = path === undefined ? null : newestOf(state, route, path);
  return file?.renamedFrom?.source === source && !file.sourceGone ? file : null;
}

/** Restores identities and renames from a file of the journal, after a restart. Files of one path come oldest first. */
export function recallRenames(route: RouteState, file: TrackedFile): void {
  // A hidden file may have had the path before this one, which is another file.
  route.sourceFiles.set(file.source, ('identity' in file ? file.identity : undefined) ?? null);
  if (file.renamedFrom?.isGone === false) route.renames.set(file.renamedFrom.source, file.source);
}
