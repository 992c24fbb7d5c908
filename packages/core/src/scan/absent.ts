import { unreachable } from '../model/assert.ts';
import type { TrackedFile } from '../model/file.ts';
import { departFile, newestOf, type RouteState } from '../state/state.ts';
import { refresh, type Work } from '../state/work.ts';
import { remove } from '../states/removed.ts';

/** These paths are gone from the source. */
export function absentAll(work: Work, route: RouteState, paths: readonly string[]): void {
  let known: Others | null = null;
  // All that is at the source is gone through once, and only where a file that waits to be copied is absent.
  const others = (): Others => (known ??= newestOfEach(work, route, new Set(paths)));
  for (const path of paths) absent(work, route, path, others);
}

/** When what is at the source under other paths was found, by size and modification time. Wall clock. */
type Others = ReadonlyMap<string, number>;

function newestOfEach(work: Work, route: RouteState, missing: ReadonlySet<string>): Others {
  const others = new Map<string, number>();
  for (const [path, id] of route.newest) {
    const file = work.state.files.get(id);
    if (file === undefined || missing.has(path) || file.sourceGone) continue;
    const text = fingerprintText(file);
    others.set(text, Math.max(file.discoveredAt, others.get(text) ?? 0));
  }
  return others;
}

/** A file of the same size and time that was found later, under another path: it was renamed, not removed. */
function wasRenamed(file: TrackedFile, others: () => Others): boolean {
  return (others().get(fingerprintText(file)) ?? 0) > file.discoveredAt;
}

function fingerprintText({ fingerprint }: TrackedFile): string {
  return `${fingerprint.sizeBytes} ${fingerprint.mtimeNs}`;
}

function absent(work: Work, route: RouteState, path: string, others: () => Others): void {
  const file = newestOf(work.state, route, path);
  if (file === null) return;
  route.scanning.pathsToCheck.delete(path);
  switch (file.status) {
    case 'DISCOVERED':
    case 'GROWING':
    case 'READY':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      remove(work, route, file, wasRenamed(file, others));
      return;
    case 'IN_QUEUE':
      if (file.copyId === null) remove(work, route, file, wasRenamed(file, others));
      return;
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
      // The copy continues from its open descriptor, and no recovery follows it.
      refresh(work, { ...file, sourceGone: true });
      return;
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      departFile(work.state, route, refresh(work, { ...file, sourceGone: true }));
      return;
    case 'FAILED':
    case 'REMOVED':
      // Nothing is left to watch.
      departFile(work.state, route, file);
      return;
    default:
      unreachable(file);
  }
}
