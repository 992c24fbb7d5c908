import { unreachable } from '../model/assert.ts';
import type { TrackedFile } from '../model/file.ts';
import type { FileId } from '../model/ids.ts';
import { freeName, type NumberedName } from '../policy/naming.ts';
import { nameBytesFor } from './lengths.ts';
import { newestOf, type RouteState } from './state.ts';
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
  const isTaken = (name: string): boolean => lineage.burned.includes(name) || isClaimed(route, name, own) || isAtSource(work, route, name);
  return freeName(lineage.source, route.settings.recovery.suffix, isTaken, from, nameBytesFor(route, lineage.source));
}

/** The name after one that the destination says is taken. */
export function nextName(work: Work, route: RouteState, file: TrackedFile): NumberedName {
  return planName(work, route, file, file.id, file.nameNumber + 1);
}

function isClaimed(route: RouteState, name: string, own: FileId | null): boolean {
  const owner = route.names.get(name);
  return owner !== undefined && owner !== own;
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
