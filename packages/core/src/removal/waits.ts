import { type CompletedFile, isCompleted } from '../model/file.ts';
import { sameFingerprint } from '../model/ids.ts';
import type { RemovalWait } from '../model/removal.ts';
import { type CoreState, newestOf, type RouteState } from '../state/state.ts';
import { otherReaders, type Reader } from './readers.ts';

/** Returns the reason why the removal of a source has to wait, as far as core knows. Null: there is none. */
export function waitOf(state: CoreState, route: RouteState, file: CompletedFile): RemovalWait | null {
  if (route.movedFrom !== null) return { kind: 'other_destination', route: route.settings.name };
  if (route.rechecks.has(file.id)) return { kind: 'compared_again' };
  const since = route.removals.waiting.get(file.id)?.since ?? null;
  for (const reader of otherReaders(state, route, file.source)) {
    const wait = waitForReader(state, reader, file, since);
    if (wait !== null) return wait;
  }
  return null;
}

/** @param since when the file was first checked, monotonic; null: now */
function waitForReader(state: CoreState, reader: Reader, file: CompletedFile, since: number | null): RemovalWait | null {
  const { route, path, isSameFolder } = reader;
  const { name } = route.settings;
  const theirs = newestOf(state, route, path);
  if (theirs === null) return isSameFolder && isLeftAlone(route, since) ? null : { kind: 'other_route', route: name };
  if (!isCompleted(theirs) || !sameFingerprint(theirs.fingerprint, file.fingerprint)) return { kind: 'other_route', route: name };
  const isOther = theirs.identity !== undefined && file.identity !== undefined && theirs.identity !== file.identity;
  if (isOther || route.rechecks.has(theirs.id)) return { kind: 'other_route', route: name };
  return route.movedFrom === null ? null : { kind: 'other_destination', route: name };
}

/** Returns whether the rules of the other route leave the file alone: a complete listing since then does not contain it. */
function isLeftAlone({ scanning, source }: RouteState, since: number | null): boolean {
  if (since === null || source.state !== 'ok' || scanning.completedListings < 2) return false;
  return scanning.unconfirmed.size === 0 && scanning.endedWalk === null && scanning.evidenceAt > since;
}
