import { unreachable } from '../model/assert.ts';
import { type CopyReport } from '../model/copy.ts';
import { codeOfReason, type FailureReason } from '../model/fault.ts';
import { type EarlierName, isCompleted, isCopied, type SourceEntry, type TrackedFile } from '../model/file.ts';
import { type FileId, type FileIdentity, identityText, sameFingerprint } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { freeName, type NumberedName, splitName, utf8Bytes } from '../policy/naming.ts';
import { type CoreState, leftFileOf, newestOf, type RouteState } from './state.ts';
import { note, type Work } from './work.ts';

/** What a lineage may not use any more. */
interface Lineage {
  readonly source: string;
  readonly burned: readonly string[];
}

/**
 * The first numbered name of a lineage from `from` on, as far as it can be known here.
 *
 * @param own the file that may claim it already; null: a new one
 */
export function planName(work: Work, route: RouteState, lineage: Lineage, own: FileId | null, from: number): NumberedName {
  const isTaken = (name: string): boolean =>
    lineage.burned.includes(name) || isClaimed(work.state, route, name, own) || isAtSource(work, route, name);
  return freeName(lineage.source, route.settings.recovery.suffix, isTaken, from, nameBytesFor(route, lineage.source));
}

/** The name after one that the destination says is taken. */
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
 * A source file appears under a name that a recovery had only planned: the recorder's own file has the right to it, the
 * recovery takes the next one.
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

/** Learns from a refused name or path how much the destination takes. */
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

/** What was learned of lengths and sizes may be over: another disk is meant, or an operator asks for another try. */
export function forgetLimits(route: RouteState): void {
  route.fileBytes = Number.POSITIVE_INFINITY;
  route.nameBytes = limits.nameBytes;
  route.taken = { nameBytes: null, pathBytes: null };
}

/** What a name may have that Sluice makes in the folder of this path: the whole path has to fit too. */
export function nameBytesFor(route: RouteState, path: string): number {
  const { pathBytes } = route.taken;
  if (pathBytes === null) return route.nameBytes;
  return Math.min(route.nameBytes, Math.max(limits.minPartBytes, pathBytes - utf8Bytes(splitName(path).folder)));
}

/** Whether a name is known not to fit, as a name or as a path. */
export function isKnownTooLong({ taken }: RouteState, destination: string): boolean {
  const { folder } = splitName(destination);
  const isLongName = taken.nameBytes !== null && utf8Bytes(destination.slice(folder.length)) > taken.nameBytes;
  return isLongName || isLongPath(taken.pathBytes, destination);
}

function isLongPath(pathBytes: number | null, destination: string): boolean {
  return pathBytes !== null && utf8Bytes(destination) > pathBytes;
}

const tooLongCodes: ReadonlySet<string> = new Set(['ENAMETOOLONG', 'FOLDER_TOO_LONG', 'PATH_TOO_LONG']);

/** Whether a name, or a whole path, was refused as too long. */
export function isTooLongCode(code: string): boolean {
  return tooLongCodes.has(code);
}

/** Whether the next attempt would be refused for the same length. A temporary name that was too long is shortened for it. */
export function staysTooLong(route: RouteState, reason: FailureReason, destination: string): boolean {
  if (reason.kind !== 'call' || reason.fault.side !== 'destination') return false;
  const code = codeOfReason(reason);
  return code === 'FOLDER_TOO_LONG' || (isTooLongCode(code) && isKnownTooLong(route, destination));
}

/** What the destination would answer to a path that is longer than it takes; null: it may take it. */
export function pathTooLong(route: RouteState, destination: string): string | null {
  const { pathBytes } = route.taken;
  if (!isLongPath(pathBytes, destination)) return null;
  return `the destination takes paths of up to ${pathBytes} bytes, this one has ${utf8Bytes(destination)}`;
}

/**
 * What the intake saw of a path: which file has it. What a copy is not of says nothing of that copy.
 *
 * @param text of the identity
 * @param file the newest of the path
 */
export function noteSourceFile(route: RouteState, { path, fingerprint }: SourceEntry, text: string | null, file: TrackedFile | null): void {
  if (file === null || (isCopied(file.status) && !sameFingerprint(file.fingerprint, fingerprint))) return;
  // What the journal says of a file need not be held as well.
  route.sourceFiles.set(path, isCompleted(file) && file.identity === text && !route.newest.has(path) ? null : text);
}

/** @returns the path that the same file had when it was last seen; null: no other is known, or it has changed since */
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

/** @returns the name at the destination of a copy that has these bytes, as far as it is known; null: there is none */
export function copyOf(file: TrackedFile): string | null {
  return isCopied(file.status) ? file.destination : (file.renamedFrom?.copy ?? null);
}

/** @returns the newest file of the path that the file of this path has now; null: it was not renamed, as far as it is known */
export function renamedFile(state: CoreState, route: RouteState, source: string): TrackedFile | null {
  const path = route.renames.get(source);
  const file = path === undefined ? null : newestOf(state, route, path);
  return file?.renamedFrom?.source === source && !file.sourceGone ? file : null;
}

/** What the journal says of a file, after a restart. Of one path the newest comes last. */
export function recallRenames(route: RouteState, file: TrackedFile): void {
  if ('identity' in file && file.identity !== undefined) route.sourceFiles.set(file.source, file.identity);
  if (file.renamedFrom?.isGone === false) route.renames.set(file.renamedFrom.source, file.source);
}
