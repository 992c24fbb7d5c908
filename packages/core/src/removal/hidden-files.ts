import { type CompletedFile, isCompleted } from '../model/file.ts';
import { id8 } from '../model/ids.ts';
import type { Removal } from '../model/removal.ts';
import { doneName } from '../policy/naming.ts';
import { isBeingRemoved } from '../state/removals.ts';
import { newestOf, type RouteState } from '../state/state.ts';
import type { Work } from '../state/work.ts';
import { restore } from './removal.ts';

/**
 * Handles the hidden names of removals that a complete listing found. A file with such a name that is not being removed was
 * renamed by a late call of an abandoned process, and gets its name back.
 */
export function foundAside(work: Work, route: RouteState, names: readonly string[]): void {
  const unknown: string[] = [];
  const known = new Set([...route.removals.underWay].map((id) => hiddenNameOf(work, id)));
  for (const name of names) {
    if (known.has(name)) continue;
    const file = ownerOf(work, route, name);
    // A listing may be older than the end of a removal, so a name counts only when two listings have it.
    if (file === null) unknown.push(name);
    else restoreFound(work, route, file, name);
  }
  const before = new Set(route.removals.unexplained);
  route.removals.unexplained = unknown;
  route.removals.unknown = unknown.filter((name) => before.has(name));
}

function hiddenNameOf({ state }: Work, id: CompletedFile['id']): string | undefined {
  const file = state.files.get(id);
  return file !== undefined && isCompleted(file) ? file.removal?.hiddenAs : undefined;
}

function restoreFound(work: Work, route: RouteState, file: CompletedFile, hiddenAs: string): void {
  const removal: Removal = {
    ...(file.removal ?? { to: { kind: 'delete' }, by: 'nobody', step: 'waits', failures: 0, code: null }),
    hiddenAs,
  };
  restore(work, route, { ...file, afterCopy: file.status === 'COMPLETED' ? 'pending' : file.afterCopy, removal }, 'interrupted');
}

/**
 * Returns the newest file of the path from which a hidden name was made. Null: that file has another id, or is not a completed
 * file, or is being removed.
 */
function ownerOf({ state }: Work, route: RouteState, name: string): CompletedFile | null {
  const path = name.replace(/(^|\/)\.([^/]+)\.[0-9a-f]{8}\.sluice-done$/, '$1$2');
  const file = newestOf(state, route, path);
  if (file === null || !isCompleted(file) || isBeingRemoved(file)) return null;
  return doneName(file.source, id8(file.id)) === name ? file : null;
}
