import { isCompleted, type SourceEntry, type TrackedFile } from '../model/file.ts';
import type { FileId, RemovalId, RouteName } from '../model/ids.ts';
import type { RemovalWait } from '../model/removal.ts';

/** Why a removal waits. `since`: monotonic. `times`: how many consecutive checks delayed it. */
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
  /** Those whose last attempt failed. */
  readonly failed: Set<FileId>;
  /** Those that an operator asked for and that have not begun. */
  readonly asked: Set<FileId>;
  /** Those that are due and have not begun. */
  readonly due: Set<FileId>;
  /** Those whose next step is due. */
  readonly dueSteps: Set<FileId>;
  /** Those that are due but have to wait. */
  readonly waiting: Map<FileId, WaitingRemoval>;
  /** By hidden file: the other routes whose rules left it alone when it was hidden. */
  readonly leftAloneBy: Map<FileId, ReadonlySet<RouteName>>;
  /** By file with a hidden name: what was seen last at its path, with its size and modification time. It may be the file itself. */
  readonly seen: Map<FileId, SourceEntry>;
  /** Steps that were ordered and not answered. */
  readonly ordered: Map<FileId, RemovalId>;
  /** Paths that the intake forgets with the next listing: Sluice has emptied them, or needs the entries of their files again. */
  readonly takenAway: Set<string>;
  /** Hidden names that were given up while the present listing was under way. It may have found them before. */
  readonly givenUp: Set<string>;
  /** Hidden files that no record of this journal explains: those in the last complete listing, and those in the last two. */
  unexplained: readonly string[];
  unknown: readonly string[];
  /** Number of copies since the start that are not verified well enough. */
  unproven: number;
  /** Number of consecutive failures, of any files. While it is not 0, one file is tried at a time. */
  failures: number;
  /** No removal begins before this. */
  notBefore: number;
}

/** Returns the removals of a route at the start. */
export function noRemovals(): Removals {
  return {
    wanted: new Set(),
    underWay: new Set(),
    failed: new Set(),
    asked: new Set(),
    due: new Set(),
    dueSteps: new Set(),
    waiting: new Map(),
    leftAloneBy: new Map(),
    seen: new Map(),
    ordered: new Map(),
    takenAway: new Set(),
    givenUp: new Set(),
    unexplained: [],
    unknown: [],
    unproven: 0,
    failures: 0,
    notBefore: Number.NEGATIVE_INFINITY,
  };
}

/** Updates the sets for a new or replaced record. */
export function noteRemoval(removals: Removals, file: TrackedFile): void {
  if (!isCompleted(file) || file.removal === undefined) {
    if (removals.wanted.has(file.id)) forgetRemoval(removals, file.id);
    return;
  }
  removals.wanted.add(file.id);
  keep(removals.underWay, file.id, file.removal.step !== 'waits');
  keep(removals.asked, file.id, file.removal.by === 'operator' && file.removal.step === 'waits');
  keep(removals.failed, file.id, file.status === 'COMPLETED_DELETE_FAILED');
}

function keep(set: Set<FileId>, id: FileId, isIn: boolean): void {
  if (isIn) set.add(id);
  else set.delete(id);
}

/** Removes a file from all sets: its removal has ended, or core has dropped its record. */
export function forgetRemoval(removals: Removals, id: FileId): void {
  for (const set of [removals.wanted, removals.underWay, removals.failed, removals.asked, removals.due, removals.dueSteps]) set.delete(id);
  removals.waiting.delete(id);
  removals.leftAloneBy.delete(id);
  removals.seen.delete(id);
  removals.ordered.delete(id);
}
