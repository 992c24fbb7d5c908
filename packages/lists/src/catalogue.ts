import type { FileId, RouteName } from '@sluice/core';
import { createFileList, type FileList, type Files, type ListRules, type View, type Window } from './file-list.ts';
import { createIdMap } from './order/id-map.ts';
import { createPlaces, type Place, type Placed } from './order/places.ts';
import { holdUnder, type Listed, type RouteCondition } from './rows/listed.ts';
import { type RowRules, type Rows, rowsOf } from './rows/rows.ts';
import { noRows, type RowsOfTabs, rowsOfTabs } from './rows/tab-rows.ts';
import { createTally, type Tally } from './totals/tally.ts';

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
  /** All that are there for the whole of it, each once; what comes meanwhile may or may not be among them. */
  ids(): Generator<FileId, void>;
  size(): number;
  readonly tally: Tally;
  /** That a change takes at most. */
  unitsOfChange(): number;
}

interface Entry extends Placed {
  rows: RowsOfTabs;
  hasLostOriginal: boolean;
}

export function createCatalogue(circumstances: Circumstances): Catalogue {
  const entries = createIdMap<Entry>();
  const places = createPlaces<Entry>();
  const recoveries = new Map<FileId, FileId>();
  const lists = new Set<FileList>();
  const unfilled = new Map<FileList, Place>();
  const tally = createTally();
  const files: Files = { find: entries.get, at: places.at, recoveryOf: (original) => recoveries.get(original) };

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
    list.place(entry, rowsFor(list.rules, entry), holdUnder(entry.file.hold, circumstances.condition(entry.file.route)));

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
  const enter = (file: Listed): Entry => {
    const sortName = file.source.toLowerCase();
    const entry = places.add((place): Entry => ({ place, file, sortName, rows: noRows, hasLostOriginal: false }));
    entries.set(file.id, entry);
    return entry;
  };
  const change = (entry: Entry, file: Listed): Entry => {
    if (entry.file.source !== file.source) {
      // Orders find it by its name, until it has another.
      for (const list of lists) list.remove(entry);
      entry.sortName = file.source.toLowerCase();
    }
    entry.file = file;
    return entry;
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
      const entry = before === undefined ? enter(file) : change(before, file);
      const units = place(entry) + placeBeside(file);
      return recoveredBefore === file.recoveryOf ? units : units + placeAgain(recoveredBefore);
    },
    drop(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      tally.take(entry.file, entry.rows);
      linkRecovery(entry.file, undefined);
      for (const list of lists) list.remove(entry);
      entries.delete(id);
      places.free(entry);
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
      const list = createFileList(rules, files);
      lists.add(list);
      unfilled.set(list, 0);
      return list;
    },
    dropList(list) {
      lists.delete(list);
      unfilled.delete(list);
    },
    conditionsChanged() {
      for (const list of lists) if (list.filter.asksHold) unfilled.set(list, 0);
    },
    work(mostUnits) {
      let units = 0;
      for (const [list, from] of unfilled) {
        const end = Math.min(places.end(), from + mostUnits - units);
        for (let place = from; place < end; place += 1) {
          const entry = places.find(place);
          if (entry !== undefined) placeIn(list, entry);
        }
        units += end - from;
        if (end < places.end()) unfilled.set(list, end);
        else unfilled.delete(list);
        if (units >= mostUnits) break;
      }
      return units;
    },
    isComplete: (list) => !unfilled.has(list),
    window: (list, view) => list.window(view),
    *ids() {
      for (let place = 0; place < places.end(); place += 1) {
        const entry = places.find(place);
        if (entry !== undefined) yield entry.file.id;
      }
    },
    size: entries.size,
    // Every order and the figures, and all of them again for what it recovers, or recovered until now, and for what recovers it.
    unitsOfChange: () => 4 * unitsOfPlace(),
  };
}
