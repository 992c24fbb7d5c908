import { type CompletedFile, isBeingRemoved, isCompleted, type TrackedFile } from '../model/file.ts';
import { type RouteName, sameFingerprint } from '../model/ids.ts';
import type { RemovalWait } from '../model/removal.ts';
import { type CoreState, newestOf, type RouteState } from '../state/state.ts';
import { isOnOtherDisk } from './other-disk.ts';
import { otherReaders, type Reader } from './readers.ts';
import { isRemovable } from './records.ts';

type Names = ReadonlySet<RouteName>;

/**
 * Returns the reason why the removal of a source has to wait, as far as core knows. Null: there is none.
 *
 * @param leftAloneBy of a hidden file: the routes whose rules left it alone when it was hidden. Their listings say nothing of it now.
 */
export function waitOf(state: CoreState, route: RouteState, file: CompletedFile, leftAloneBy: Names | null = null): RemovalWait | null {
  if (route.movedFrom !== null) return { kind: 'other_destination', route: route.settings.name };
  if (isRemovable(file) && isOnOtherDisk(route, file)) return { kind: 'other_source', route: route.settings.name };
  if (route.rechecks.has(file.id)) return { kind: 'compared_again' };
  const isAsked = file.removal?.by === 'operator';
  // What an operator asks for was listed just before, by the rules of every route.
  const since = isAsked ? Number.NEGATIVE_INFINITY : (route.removals.waiting.get(file.id)?.since ?? null);
  for (const reader of otherReaders(state, route, file.source)) {
    const wait = waitForReader(state, reader, file, { since, leftAloneBy, isAsked });
    if (wait !== null) return wait;
  }
  return null;
}

/** Returns the other routes that read the folder of a file and whose rules leave it alone. */
export function leavingAlone(state: CoreState, route: RouteState, file: CompletedFile): Names {
  const readers = otherReaders(state, route, file.source).filter(({ route: other, path }) => newestOf(state, other, path) === null);
  return new Set(readers.map(({ route: other }) => other.settings.name));
}

/** Returns the other routes that have copied a file that is about to be hidden. No other one has to copy it. */
export function copiedElsewhere(state: CoreState, route: RouteState, file: CompletedFile): readonly RouteName[] {
  const readers = otherReaders(state, route, file.source).filter(({ route: other, path }) => newestOf(state, other, path) !== null);
  return readers.map(({ route: other }) => other.settings.name);
}

/** Returns whether a file is the same in the same state, as far as is known. */
function isSameState(theirs: TrackedFile, file: CompletedFile): boolean {
  const identity = 'identity' in theirs ? theirs.identity : undefined;
  const isOther = identity !== undefined && file.identity !== undefined && identity !== file.identity;
  return !isOther && sameFingerprint(theirs.fingerprint, file.fingerprint);
}

/** @param known since when the file is checked, monotonic; null: now. `isAsked`: an operator asked for its removal */
function waitForReader(
  state: CoreState,
  reader: Reader,
  file: CompletedFile,
  { since, leftAloneBy, isAsked }: { readonly since: number | null; readonly leftAloneBy: Names | null; readonly isAsked: boolean },
): RemovalWait | null {
  const { route, path, isSameFolder } = reader;
  const { name } = route.settings;
  const theirs = newestOf(state, route, path);
  // Another file may have the path of a hidden one by now.
  const wasCopied = leftAloneBy !== null && (file.removal?.copiedBy ?? []).includes(name);
  if (wasCopied && (theirs === null || !isSameState(theirs, file))) return elsewhere(route);
  if (theirs === null) {
    const isAlone = leftAloneBy === null ? (isSameFolder || isAsked) && isLeftAlone(route, since) : leftAloneBy.has(name);
    return isAlone ? null : { kind: 'other_route', route: name };
  }
  if (!isCompleted(theirs) || !isSameState(theirs, file) || route.rechecks.has(theirs.id)) return { kind: 'other_route', route: name };
  // The more careful policy counts.
  if (!isAsked && file.removal?.to.kind === 'delete' && theirs.removal?.to.kind === 'archive') return { kind: 'other_route', route: name };
  return elsewhere(route);
}

/** Returns the wait for a route that has another destination than the one that it copied the file to. */
function elsewhere({ movedFrom, settings }: RouteState): RemovalWait | null {
  return movedFrom === null ? null : { kind: 'other_destination', route: settings.name };
}

/** Returns whether the rules of the other route leave the file alone: a full listing by its present rules since then does not contain it. */
function isLeftAlone({ scanning, source }: RouteState, since: number | null): boolean {
  if (since === null || source.state !== 'ok' || scanning.completedListings < 2) return false;
  return scanning.unconfirmed.size === 0 && scanning.endedWalk === null && scanning.rulesListedAt > since;
}

/** Returns the wait for another route that removes the same source file already. */
export function removedElsewhere(state: CoreState, route: RouteState, file: CompletedFile): RemovalWait | null {
  for (const { route: other, path } of otherReaders(state, route, file.source)) {
    const theirs = newestOf(state, other, path);
    if (theirs !== null && isBeingRemoved(theirs)) return { kind: 'other_route', route: other.settings.name };
  }
  return null;
}
