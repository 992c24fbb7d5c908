import { type CompletedFile, isBeingRemoved, isCompleted } from '../model/file.ts';
import { id8 } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import type { Removal } from '../model/removal.ts';
import { isDoneName } from '../policy/naming.ts';
import { type CoreState, fileOf, type RouteState } from '../state/state.ts';
import type { Work } from '../state/work.ts';
import { otherReaders } from './readers.ts';
import { isRemovable } from './records.ts';
import { dueNow, isPaused, restore } from './removal.ts';

/**
 * Handles the hidden names of removals that a complete listing found. A file with such a name that is not being removed was
 * renamed by a late call of an abandoned process, and gets its name back.
 */
export function foundAside(work: Work, route: RouteState, names: readonly string[]): void {
  const unknown: string[] = [];
  const known = hiddenNames(work.state, route);
  for (const name of names) {
    if (known.has(name) || route.removals.givenUp.has(name)) continue;
    const file = ownerOf(work.state, route, name);
    // A listing may be older than the end of a removal, so a name counts only when two listings have it.
    if (file === null) unknown.push(name);
    else if (!holdsName(work, route, file)) restoreFound(work, route, file, name);
    // The removal that it waits for may not begin now, and nobody knows for how long.
    else if (isPaused(route) && !isBeingRemoved(file)) unknown.push(name);
  }
  const before = new Set(route.removals.unexplained);
  route.removals.unexplained = unknown;
  route.removals.unknown = unknown.filter((name) => before.has(name));
}

/** Returns the hidden names that the removals of all routes use in the source of this one. */
function hiddenNames(state: CoreState, route: RouteState): ReadonlySet<string> {
  const names = new Set<string>();
  for (const other of state.routes.values()) {
    for (const id of other.removals.underWay) {
      const file = state.files.get(id);
      const hiddenAs = file !== undefined && isCompleted(file) ? file.removal?.hiddenAs : undefined;
      if (hiddenAs === undefined) continue;
      const path = other === route ? hiddenAs : otherReaders(state, other, hiddenAs).find((reader) => reader.route === route)?.path;
      if (path !== undefined) names.add(path);
    }
  }
  return names;
}

function restoreFound(work: Work, route: RouteState, file: CompletedFile, hiddenAs: string): void {
  // Another file has the path now. The record of the earlier one is held until its file has its name back.
  work.state.files.set(file.id, file);
  const removal: Removal = {
    ...(file.removal ?? { to: { kind: 'delete' }, by: 'nobody', step: 'waits', failures: 0, code: null }),
    hiddenAs,
  };
  restore(work, route, { ...file, afterCopy: file.status === 'COMPLETED' ? 'pending' : file.afterCopy, removal }, 'interrupted');
}

/**
 * Returns whether the removal of a file is under way or begins soon. Until it ends, the file has its name or needs it, and another one
 * that a late rename has hidden waits for that. A removal that is delayed for long does not count, so that a person is called.
 */
function holdsName(work: Work, route: RouteState, file: CompletedFile): boolean {
  if (isBeingRemoved(file)) return true;
  const { failed, waiting } = route.removals;
  const isThere = route.newest.get(file.source) === file.id && !file.sourceGone;
  if (!isThere || !isRemovable(file) || failed.has(file.id) || dueNow(work, route, file) > work.at) return false;
  return work.at - (waiting.get(file.id)?.since ?? work.at) < limits.removalAgainLastMs;
}

/** Returns the completed file for whose removal a hidden name was made. Another file may have its path by now. */
function ownerOf(state: CoreState, route: RouteState, name: string): CompletedFile | null {
  const [, made = ''] = /\.([0-9a-f]{8})\.sluice-done$/.exec(name) ?? [];
  // A long name was cut for the hidden one, so that its path cannot be read from it.
  const ids = state.ended?.withId8(route.settings.name, made).map(({ id }) => id) ?? route.newest.values();
  for (const id of made === '' ? [] : ids) {
    const file = fileOf(state, id);
    if (file !== undefined && isCompleted(file) && isDoneName(name, file.source, id8(file.id))) return file;
  }
  return null;
}
