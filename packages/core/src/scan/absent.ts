import { unreachable } from '../model/assert.ts';
import { isBeingRemoved, isCopied, isRunning, type TrackedFile } from '../model/file.ts';
import type { FileId } from '../model/ids.ts';
import { endNotBegun } from '../removal/records.ts';
import { copyOf, renamedFile } from '../state/names.ts';
import { departFile, isLeft, newestOf, type RouteState } from '../state/state.ts';
import { note, refresh, type Work } from '../state/work.ts';
import { remove } from '../states/removed.ts';
import { noteRenamings, type Renamed } from './renamings.ts';

/** Applies that these paths are gone from the source. */
export function absentAll(work: Work, route: RouteState, paths: readonly string[]): void {
  let known: Others | null = null;
  // All known files of the source are visited at most once, and only if a file that waits for its copy is absent.
  const others = (): Others => (known ??= othersOf(work, route, paths));
  const renamed: Renamed[] = [];
  for (const path of paths) {
    const file = newestOf(work.state, route, path);
    if (file === null) continue;
    route.scanning.pathsToCheck.delete(path);
    route.foundGone.delete(file.id);
    const to = needsNoChange(file) ? null : confirmRename(work, route, file);
    if (to !== null) renamed.push({ from: path, to, isCopied: isCopied(file.status) });
    absent(work, route, file, { to, others });
  }
  noteRenamings(work, route, renamed);
}

/** What is known of the path that a file has instead. */
interface Elsewhere {
  /** The path that the file has now. Null: not known. */
  readonly to: string | null;
  readonly others: () => Others;
}

/** When files under other paths were found, by size and modification time. Wall clock. */
type Others = ReadonlyMap<string, number>;

function othersOf(work: Work, route: RouteState, paths: readonly string[]): Others {
  const missing = new Set(paths);
  const absent = paths.flatMap((path) => work.state.files.get(route.newest.get(path) ?? ('' as FileId)) ?? []);
  const others = newestOfEach(work, route, missing);
  const [first] = absent.toSorted((a, b) => a.discoveredAt - b.discoveredAt);
  if (first === undefined || work.state.ended === null) return others;
  const wanted = new Set(absent.map(fingerprintText));
  for (const { number, source, sizeBytes, mtimeNs, discoveredAt } of work.state.ended.foundAfter(route.settings.name, first.id)) {
    const text = `${sizeBytes} ${mtimeNs}`;
    if (!wanted.has(text) || missing.has(source) || !isLeft(work.state, route, source, number)) continue;
    others.set(text, Math.max(discoveredAt, others.get(text) ?? 0));
  }
  return others;
}

function newestOfEach(work: Work, route: RouteState, missing: ReadonlySet<string>): Map<string, number> {
  const others = new Map<string, number>();
  for (const [path, id] of route.newest) {
    const file = work.state.files.get(id);
    if (file === undefined || missing.has(path) || file.sourceGone) continue;
    const text = fingerprintText(file);
    others.set(text, Math.max(file.discoveredAt, others.get(text) ?? 0));
  }
  return others;
}

/** Returns whether a file was renamed rather than removed: a file of the same size and time was found later under another path. */
function wasRenamed(file: TrackedFile, { to, others }: Elsewhere): boolean {
  return to !== null || (others().get(fingerprintText(file)) ?? 0) > file.discoveredAt;
}

function fingerprintText({ fingerprint }: TrackedFile): string {
  return `${fingerprint.sizeBytes} ${fingerprint.mtimeNs}`;
}

/**
 * Returns whether the file needs no change: it is known that its source is gone, or what becomes of the file does not depend on
 * its source.
 */
function needsNoChange(file: TrackedFile): boolean {
  return file.sourceGone || file.status === 'FAILED' || (file.status === 'IN_QUEUE' && file.copyId !== null);
}

/** @returns the path to which the file was renamed. Null: none is known */
function confirmRename(work: Work, route: RouteState, file: TrackedFile): string | null {
  const now = renamedFile(work.state, route, file.source);
  if (now === null) return null;
  route.renames.delete(file.source);
  // A link that is under way was ordered with the recorded copy, so its answer refers to that copy.
  const copy = isRunning(now) ? (now.renamedFrom?.copy ?? null) : copyOf(file);
  const renamedFrom = { source: file.source, copy, isGone: true };
  note(work, { ...now, renamedFrom }, { kind: 'renamed_from', from: file.source });
  return now.source;
}

function absent(work: Work, route: RouteState, file: TrackedFile, elsewhere: Elsewhere): void {
  switch (file.status) {
    case 'DISCOVERED':
    case 'GROWING':
    case 'READY':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      removeFrom(work, route, file, elsewhere);
      return;
    case 'IN_QUEUE':
      if (file.copyId === null) removeFrom(work, route, file, elsewhere);
      return;
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
      // The copy continues from its open descriptor. No recovery follows it.
      gone(work, file, elsewhere.to);
      return;
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      // A file with a hidden name is missing under its own name because Sluice renamed it.
      if (!isBeingRemoved(file)) departFile(work.state, route, gone(work, endNotBegun(work, route, file, true), elsewhere.to));
      return;
    case 'FAILED':
    case 'REMOVED':
      // The file has no source to watch any more.
      departFile(work.state, route, file);
      return;
    default:
      unreachable(file);
  }
}

function removeFrom(work: Work, route: RouteState, file: TrackedFile, elsewhere: Elsewhere): void {
  const { to } = elsewhere;
  remove(work, route, to === null ? file : { ...file, renamedTo: to }, wasRenamed(file, elsewhere));
}

function gone<Of extends TrackedFile>(work: Work, file: Of, to: string | null): Of {
  if (to === null) return refresh(work, { ...file, sourceGone: true });
  return note(work, { ...file, sourceGone: true, renamedTo: to }, { kind: 'renamed', to });
}
