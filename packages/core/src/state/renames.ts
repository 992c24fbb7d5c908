import { identityText } from '../model/copy.ts';
import { type EarlierName, isCopied, type SourceEntry, type TrackedFile } from '../model/file.ts';
import { sameFingerprint } from '../model/ids.ts';
import { type CoreState, newestOf, type RouteState } from './state.ts';

/** What the intake saw of a path: which file has it. What a copy is not of says nothing of that copy. */
export function noteSourceFile(state: CoreState, route: RouteState, { path, identity, fingerprint }: SourceEntry): void {
  const file = newestOf(state, route, path);
  if (file === null || (isCopied(file.status) && !sameFingerprint(file.fingerprint, fingerprint))) return;
  route.sourceFiles.set(path, identity === null ? null : identityText(identity));
}

/** @returns the path that the same file had when it was last seen; null: no other is known, or it has changed since */
export function earlierName(state: CoreState, route: RouteState, { path, identity, fingerprint }: SourceEntry): EarlierName | null {
  const source = identity === null ? null : route.sourceFiles.pathOf(identity);
  const file = source === null || source === path ? null : newestOf(state, route, source);
  if (file === null || file.sourceGone || !sameFingerprint(file.fingerprint, fingerprint)) return null;
  return { source: file.source, copy: copyOf(file), isGone: false };
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
