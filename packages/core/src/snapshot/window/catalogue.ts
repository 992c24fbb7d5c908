import type { FileId, RouteName } from '../../ids.ts';
import { createFileList, type FileList, type ListRules, type View, type Window } from './file-list.ts';
import { createIdMap } from './id-map.ts';
import { holdUnder, type Listed, type RouteCondition } from './listed.ts';
import { type RowRules, type Rows, rowsOf } from './rows.ts';
import { noRows, type RowsOfTabs, rowsOfTabs } from './tab-rows.ts';
import { createTally, type Tally } from './tally.ts';

/** What is outside of the files themselves and decides what is shown of them. */
export interface Circumstances {
  /** Wall clock: originals of recoveries that ended before this are not shown any more. */
  shownSince(): number;
  condition(route: RouteName): RouteCondition;
}

/**
 * All files that can be listed, and every order of them that somebody looks at. One change costs one unit of work for each
 * order, however many files there are.
 */
export interface Catalogue {
  get(id: FileId): Listed | undefined;
  /** @returns units of work that it took */
  put(file: Listed): number;
  drop(id: FileId): void;
  /** What this file recovers cannot be read any more: it stands alone. */
  forgetOriginal(id: FileId): void;
  /** An order that is empty at first: `work` fills it. */
  addList(rules: ListRules): FileList;
  dropList(list: FileList): void;
  /** Gates or holds have changed: lists that ask for them are looked through again. */
  conditionsChanged(): void;
  /** Looks through files for orders that are not complete. @returns units that were done */
  work(mostUnits: number): number;
  isComplete(list: FileList): boolean;
  window(list: FileList, view: View): Window;
  ids(): IterableIterator<FileId>;
  size(): number;
  readonly tally: Tally;
  /** That a change takes at most. */
  unitsOfChange(): number;
}

interface Entry {
  file: Listed;
  rows: RowsOfTabs;
  hasLostOriginal: boolean;
}

export function createCatalogue(circumstances: Circumstances): Catalogue {
  const entries = createIdMap<Entry>();
  const recoveries = new Map<FileId, FileId>();
  const lists = new Set<FileList>();
  const unfilled = new Map<FileList, IterableIterator<FileId>>();
  const tally = createTally();

  /** Only one that names it back: else the same file would stand here and in a place of its own. One not listed is taken to do so. */
  const showsOriginal = ({ file, hasLostOriginal }: Entry): boolean => {
    const original = file.recoveryOf === null ? undefined : entries.get(file.recoveryOf);
    const isNamedBack = original === undefined || original.file.recoveredBy === file.id;
    return isNamedBack && !hasLostOriginal && (file.endedAt === null || file.endedAt >= circumstances.shownSince());
  };
  /** Only one that names it back: no other shows this file above it. */
  const recoveryOf = (file: Listed): Listed | undefined => {
    const entry = file.recoveredBy === null ? undefined : entries.get(file.recoveredBy);
    return entry?.file.recoveryOf === file.id && showsOriginal(entry) ? entry.file : undefined;
  };
  const rowsFor = (rules: RowRules, entry: Entry): Rows => rowsOf(rules, entry.file, recoveryOf(entry.file), showsOriginal(entry));
  const placeIn = (list: FileList, entry: Entry): void =>
    list.place(entry.file, rowsFor(list.rules, entry), holdUnder(entry.file.hold, circumstances.condition(entry.file.route)));

  const unitsOfPlace = (): number => lists.size + 1;
  const place = (entry: Entry): number => {
    entry.rows = rowsOfTabs(entry.file, recoveryOf(entry.file), showsOriginal(entry));
    tally.add(entry.file, entry.rows);
    for (const list of lists) placeIn(list, entry);
    return unitsOfPlace();
  };
  const placeAgain = (id: FileId | null): number => {
    const entry = id === null ? undefined : entries.get(id);
    if (entry === undefined) return 0;
    tally.take(entry.file, entry.rows);
    return place(entry);
  };
  const linkRecovery = (before: Listed | undefined, after: Listed | undefined): void => {
    if (before?.recoveryOf === after?.recoveryOf) return;
    if (before !== undefined && before.recoveryOf !== null) recoveries.delete(before.recoveryOf);
    if (after !== undefined && after.recoveryOf !== null) recoveries.set(after.recoveryOf, after.id);
  };
  /** What may stand above or below it. @returns units */
  const placeBeside = (file: Listed): number => placeAgain(file.recoveryOf) + placeAgain(recoveries.get(file.id) ?? null);
  return {
    tally,
    get: (id) => entries.get(id)?.file,
    put(file) {
      const before = entries.get(file.id);
      const recoveredBefore = before?.file.recoveryOf ?? null;
      if (before !== undefined) tally.take(before.file, before.rows);
      linkRecovery(before?.file, file);
      const entry: Entry = before ?? { file, rows: noRows, hasLostOriginal: false };
      entry.file = file;
      entries.set(file.id, entry);
      const units = place(entry) + placeBeside(file);
      return recoveredBefore === file.recoveryOf ? units : units + placeAgain(recoveredBefore);
    },
    drop(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      tally.take(entry.file, entry.rows);
      linkRecovery(entry.file, undefined);
      entries.delete(id);
      for (const list of lists) list.remove(id);
      placeBeside(entry.file);
    },
    forgetOriginal(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      entry.hasLostOriginal = true;
      placeAgain(id);
      placeAgain(entry.file.recoveryOf);
    },
    addList(rules) {
      const list = createFileList(rules);
      lists.add(list);
      unfilled.set(list, entries.keys());
      return list;
    },
    dropList(list) {
      lists.delete(list);
      unfilled.delete(list);
    },
    conditionsChanged() {
      for (const list of lists) if (list.filter.asksHold) unfilled.set(list, entries.keys());
    },
    work(mostUnits) {
      let units = 0;
      for (const [list, ids] of unfilled) {
        for (; units < mostUnits; units += 1) {
          const next = ids.next();
          if (next.done === true) {
            unfilled.delete(list);
            break;
          }
          const entry = entries.get(next.value);
          if (entry !== undefined) placeIn(list, entry);
        }
        if (units >= mostUnits) break;
      }
      return units;
    },
    isComplete: (list) => !unfilled.has(list),
    window: (list, view) => list.window(view, (original) => recoveries.get(original)),
    ids: () => entries.keys(),
    size: entries.size,
    // Every order and the figures, and all of them again for what it recovers, or recovered until now, and for what recovers it.
    unitsOfChange: () => 4 * unitsOfPlace(),
  };
}
