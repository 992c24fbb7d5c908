import { type CoreState, type FileId, type JournalRecord, type RouteName, type Status, type TrackedFile } from '@sluice/core';
import {
  type Catalogue,
  createCatalogue,
  createIdMap,
  type FileList,
  type ListRules,
  listedFromJournal,
  listedOf,
  type RouteCondition,
} from '@sluice/lists';
import type { Clock } from '../../ports.ts';
import type { ScreenJournal } from './journal.ts';
import { screenLimits as limits } from './limits.ts';

/** All files that a screen may list, brought up to date in slices. */
export interface ScreenFiles {
  readonly catalogue: Catalogue;
  condition(route: RouteName): RouteCondition;
  /** Journaled changes; they are taken in by `work`. */
  committed(records: readonly JournalRecord[]): void;
  /** Finds what changed without a word: progress, sizes that move, gates, and what core has dropped. Bounded. */
  look(): void;
  /** One slice. @returns units that were done; 0: all is up to date */
  work(): number;
  isComplete(list: FileList): boolean;
  /** The order of these rules, shared by all who ask for it; one `release` for each. */
  listOf(rules: ListRules): FileList;
  release(list: FileList): void;
}

export interface ScreenFilesMeans {
  readonly state: CoreState;
  readonly reader: Pick<ScreenJournal, 'ended'>;
  readonly clock: Clock;
}

/** As attention goes: what is seen first is taken in first. */
const walkOrder: readonly Status[] = [
  'GROWING_COPY',
  'COPYING',
  'VERIFYING',
  'IN_QUEUE',
  'WAITING_FOR_NETWORK',
  'WAITING_FOR_SPACE',
  'READY',
  'GROWING',
  'DISCOVERED',
];
const movingStatuses: readonly Status[] = ['GROWING_COPY', 'COPYING', 'VERIFYING', 'GROWING'];

export function createScreenFiles({ state, reader, clock }: ScreenFilesMeans): ScreenFiles {
  const since = (): number => clock.wall() - limits.endedMs;
  const condition = (name: RouteName): RouteCondition => {
    const route = state.routes.get(name);
    return { isOpen: route?.gate.state === 'open', isHeld: (route?.hold ?? null) !== null };
  };
  const catalogue = createCatalogue({ shownSince: since, condition });
  const lists = createSharedLists(catalogue);
  /** Core's record of each file that is listed from it: another one there means that it has changed. */
  const records = createIdMap<TrackedFile>();
  /** What is to be taken in, with what was last journaled of it. */
  const changed = new Map<FileId, TrackedFile | null>();
  const unwalked = walk(state);
  let isWalked = false;
  let journal: JournalWalk | null = { before: null, count: 0 };
  let swept = catalogue.ids();
  let conditions = conditionsOf(state, condition);

  const isStale = (id: FileId): boolean => state.files.get(id) !== records.get(id);
  /** @returns units */
  const takeIn = (id: FileId, told: TrackedFile | null): number => {
    const held = state.files.get(id);
    if (held === undefined) return takeInDropped(id, told);
    if (records.get(id) === held) return 1;
    records.set(id, held);
    return catalogue.put(listedOf(held, true));
  };
  const takeInDropped = (id: FileId, told: TrackedFile | null): number => {
    records.delete(id);
    const known = catalogue.get(id);
    const newest = told === null ? known : listedOf(told, false);
    if (newest !== undefined && newest.endedAt !== null && newest.endedAt >= since()) return catalogue.put({ ...newest, isHeld: false });
    catalogue.drop(id);
    return catalogue.unitsOfChange();
  };
  const pieceFiles = (): number => Math.max(1, Math.min(limits.endedPiece, Math.floor(limits.sliceUnits / catalogue.unitsOfChange())));
  const takeInPiece = (walked: JournalWalk): number => {
    let units = 1;
    const briefs = reader.ended({ since: since(), before: walked.before, limit: pieceFiles() });
    for (const brief of briefs) {
      const isKnown = state.files.has(brief.id) || catalogue.get(brief.id) !== undefined;
      units += isKnown ? 1 : catalogue.put(listedFromJournal(brief));
    }
    const count = walked.count + briefs.length;
    const last = briefs.at(-1);
    journal = last === undefined || count >= limits.endedFiles ? null : { before: { endedAt: last.endedAt, id: last.id }, count };
    return units;
  };
  /** @returns units; 0: nothing is to be taken in */
  const takeInNext = (): number => {
    for (const [id, told] of changed) {
      changed.delete(id);
      return takeIn(id, told);
    }
    if (!isWalked) {
      const next = unwalked.next();
      isWalked = next.done === true;
      return next.done === true ? 1 : takeIn(next.value, null);
    }
    return journal === null ? 0 : takeInPiece(journal);
  };
  /** What was journaled of it says more. */
  const notice = (id: FileId): void => {
    if (!changed.has(id)) changed.set(id, null);
  };
  const sweep = (): void => {
    for (let units = 0; units < limits.sweepFiles; units += 1) {
      const next = swept.next();
      if (next.done === true) {
        swept = catalogue.ids();
        return;
      }
      const file = catalogue.get(next.value);
      if (isStale(next.value) || (file?.isHeld === false && (file.endedAt ?? 0) < since())) notice(next.value);
      else if (file !== undefined && file.recoveryOf !== null && file.endedAt !== null && file.endedAt < since()) {
        // Its original may have been shown until now.
        units += catalogue.put(file);
      }
    }
  };
  return {
    catalogue,
    condition,
    committed(journaled) {
      for (const record of journaled) {
        if (record.kind === 'transition' || record.kind === 'file_fact') changed.set(record.file.id, record.file);
      }
    },
    look() {
      const now = conditionsOf(state, condition);
      if (now !== conditions) catalogue.conditionsChanged();
      conditions = now;
      for (const id of movingFiles(state)) if (isStale(id)) notice(id);
      sweep();
    },
    work() {
      const until = clock.monotonic() + limits.sliceMs;
      let units = catalogue.work(limits.sliceUnits / 2);
      // One at least, however slow the orders are.
      do {
        const done = takeInNext();
        if (done === 0) return units;
        units += done;
      } while (units < limits.sliceUnits && clock.monotonic() < until);
      return units;
    },
    isComplete: (list) => isWalked && journal === null && changed.size === 0 && catalogue.isComplete(list),
    ...lists,
  };
}

interface JournalWalk {
  readonly before: { readonly endedAt: number; readonly id: string } | null;
  readonly count: number;
}

/** Every file of core, live ones first; what comes while this goes on is journaled. */
function* walk(state: CoreState): Generator<FileId, void> {
  for (const route of state.routes.values()) {
    for (const status of walkOrder) yield* route.byStatus[status];
  }
  yield* state.files.keys();
}

function* movingFiles(state: CoreState): Generator<FileId, void> {
  let left: number = limits.movingFiles;
  for (const route of state.routes.values()) {
    for (const status of movingStatuses) {
      for (const id of route.byStatus[status]) {
        if (left <= 0) return;
        left -= 1;
        yield id;
      }
    }
  }
}

function conditionsOf(state: CoreState, condition: (route: RouteName) => RouteCondition): string {
  return JSON.stringify([...state.routes.keys()].map(condition));
}

function createSharedLists(catalogue: Catalogue): Pick<ScreenFiles, 'listOf' | 'release'> {
  const lists = new Map<string, { readonly list: FileList; users: number }>();
  return {
    listOf({ tab, filter, sort, isReversed, hideRecovered }) {
      const rules: ListRules = { tab, filter, sort, isReversed, hideRecovered };
      const key = JSON.stringify(rules);
      const shared = lists.get(key) ?? { list: catalogue.addList(rules), users: 0 };
      shared.users += 1;
      lists.set(key, shared);
      return shared.list;
    },
    release(list) {
      for (const [key, shared] of lists) {
        if (shared.list !== list) continue;
        shared.users -= 1;
        if (shared.users > 0) return;
        lists.delete(key);
        catalogue.dropList(list);
      }
    },
  };
}
