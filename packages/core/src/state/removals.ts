import { isCompleted, type TrackedFile } from '../model/file.ts';
import type { FileId, RemovalId } from '../model/ids.ts';
import type { RemovalWait } from '../model/removal.ts';

/** Why a removal waits. `since`: monotonic; `times`: how often in a row it was checked. */
export interface WaitingRemoval {
  readonly wait: RemovalWait;
  readonly since: number;
  readonly times: number;
}

/** The removals at the source of one route. Monotonic milliseconds. */
export interface Removals {
  /** Copied files whose sources are to be removed. */
  readonly wanted: Set<FileId>;
  /** Those of them that have or may have a hidden name. Core holds them even if another file has their path by now. */
  readonly underWay: Set<FileId>;
  /** Those whose last try failed. */
  readonly failed: Set<FileId>;
  /** Their time has come, and nothing was done yet. */
  readonly due: Set<FileId>;
  /** Their next step is due. */
  readonly dueSteps: Set<FileId>;
  /** Their time has come, and something speaks against it. */
  readonly waiting: Map<FileId, WaitingRemoval>;
  /** Steps that were ordered and are not answered yet. */
  readonly ordered: Map<FileId, RemovalId>;
  /** Paths that were taken away since the last listing was asked for. */
  readonly takenAway: Set<string>;
  /** Hidden files that no file of this journal explains: in the last complete listing, and in the last two. */
  unexplained: readonly string[];
  unknown: readonly string[];
  /** Copies of this life that are not verified well enough. */
  unproven: number;
  /** Failures in a row, of whatever files: while there are any, one file is tried at a time. */
  failures: number;
  /** No removal begins before this. */
  notBefore: number;
}

/** Returns the removals of a route of which nothing is known yet. */
export function noRemovals(): Removals {
  return {
    wanted: new Set(),
    underWay: new Set(),
    failed: new Set(),
    due: new Set(),
    dueSteps: new Set(),
    waiting: new Map(),
    ordered: new Map(),
    takenAway: new Set(),
    unexplained: [],
    unknown: [],
    unproven: 0,
    failures: 0,
    notBefore: Number.NEGATIVE_INFINITY,
  };
}

/** Whether a file has, or may have, a hidden name at the source. */
export function isBeingRemoved(file: TrackedFile): boolean {
  return isCompleted(file) && file.removal !== undefined && file.removal.step !== 'waits';
}

/** Puts a new or replaced record into the sets it belongs to. */
export function noteRemoval(removals: Removals, file: TrackedFile): void {
  if (!isCompleted(file) || file.removal === undefined) {
    if (removals.wanted.has(file.id)) forgetRemoval(removals, file.id);
    return;
  }
  removals.wanted.add(file.id);
  keep(removals.underWay, file.id, file.removal.step !== 'waits');
  keep(removals.failed, file.id, file.status === 'COMPLETED_DELETE_FAILED');
}

function keep(set: Set<FileId>, id: FileId, isIn: boolean): void {
  if (isIn) set.add(id);
  else set.delete(id);
}

/** Nothing is to be removed of this file any more, or its record is not held. */
export function forgetRemoval(removals: Removals, id: FileId): void {
  for (const set of [removals.wanted, removals.underWay, removals.failed, removals.due, removals.dueSteps]) set.delete(id);
  removals.waiting.delete(id);
  removals.ordered.delete(id);
}
