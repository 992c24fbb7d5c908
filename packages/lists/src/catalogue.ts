import { type FileId, nameOrder, type RouteName } from '@sluice/core/model';
import { createFileList, type FileList, type Files, type ListRules, type View, type Window } from './file-list.ts';
import { createHandleTable, type Handle, type HandledFile, type HandleTable } from './order/handles.ts';
import { createIdMap, type IdMap } from './order/id-map.ts';
import { Recoveries, type RecoveryEntry } from './recoveries.ts';
import { holdUnder, type Listed, type RouteCondition } from './rows/listed.ts';
import { noRows, type RowsOfTabs, rowsOf, rowsOfTabs } from './rows/rows.ts';
import { createTally, type Tally } from './totals/tally.ts';

/** What decides which files are shown, apart from the files themselves. */
export interface Circumstances {
  /** Wall clock, milliseconds since the epoch. Originals of recoveries that ended before this are not shown. */
  shownSince(): number;
  condition(route: RouteName): RouteCondition;
}

/**
 * All files that can be listed, and every order of them that a screen shows. A change costs one unit of work for each order,
 * however many files there are.
 */
export interface Catalogue {
  get(id: FileId): Listed | undefined;
  /** Adds or replaces a file. @returns units of work that it took */
  put(file: Listed): number;
  drop(id: FileId): void;
  /** Notes that the original of this file can no longer be read: the file is shown alone. */
  forgetOriginal(id: FileId): void;
  /** Returns an order that is empty at first; `work` fills it. */
  addList(rules: ListRules): FileList;
  dropList(list: FileList): void;
  /** To be called when gates or holds have changed. `work` then goes through the lists whose filter depends on them once more. */
  conditionsChanged(): void;
  /** Puts files into the orders that are not complete. @returns units that were done */
  work(maxUnits: number): number;
  isComplete(list: FileList): boolean;
  window(list: FileList, view: View): Window;
  /** Yields each file that stays listed until the end, once. A file that is added meanwhile may be among them or not. */
  ids(): Generator<FileId, void>;
  size(): number;
  readonly tally: Tally;
  /** Returns the largest number of units that one change can cost. */
  unitsOfChange(): number;
}

/** Returns a catalogue without files. */
export function createCatalogue(circumstances: Circumstances): Catalogue {
  return new FileCatalogue(circumstances);
}

interface Entry extends HandledFile, RecoveryEntry {
  file: Listed;
  rows: RowsOfTabs;
  hasLostOriginal: boolean;
}

class FileCatalogue implements Catalogue {
  readonly tally: Tally = createTally();
  readonly #circumstances: Circumstances;
  readonly #entries: IdMap<Entry> = createIdMap();
  readonly #handles: HandleTable<Entry> = createHandleTable();
  readonly #recoveries: Recoveries;
  readonly #lists = new Set<FileList>();
  /** Lists that are not complete, each with the handle at which it continues. */
  readonly #unfilled = new Map<FileList, Handle>();
  readonly #files: Files;

  constructor(circumstances: Circumstances) {
    this.#circumstances = circumstances;
    this.#recoveries = new Recoveries(this.#entries, () => circumstances.shownSince());
    this.#files = {
      find: (id) => this.#entries.get(id),
      at: (handle) => this.#handles.at(handle),
      recoveryOf: (original) => this.#recoveries.idOf(original),
    };
  }

  get(id: FileId): Listed | undefined {
    return this.#entries.get(id)?.file;
  }

  put(file: Listed): number {
    const before = this.#entries.get(file.id);
    const recoveredBefore = before?.file.recoveryOf ?? null;
    if (before !== undefined) this.tally.remove(before.file, before.rows);
    this.#recoveries.link(before?.file, file);
    const entry = before === undefined ? this.#enter(file) : this.#change(before, file);
    const units = this.#updateAll(entry) + this.#updateRelated(file);
    return recoveredBefore === file.recoveryOf ? units : units + this.#updateAgain(recoveredBefore);
  }

  drop(id: FileId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.tally.remove(entry.file, entry.rows);
    this.#recoveries.link(entry.file, undefined);
    for (const list of this.#lists) list.remove(entry);
    this.#entries.delete(id);
    this.#handles.free(entry);
    this.#updateRelated(entry.file);
  }

  forgetOriginal(id: FileId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.hasLostOriginal = true;
    this.#updateAgain(id);
    this.#updateAgain(entry.file.recoveryOf);
  }

  addList(rules: ListRules): FileList {
    const list = createFileList(rules, this.#files);
    this.#lists.add(list);
    this.#unfilled.set(list, 0);
    return list;
  }

  dropList(list: FileList): void {
    this.#lists.delete(list);
    this.#unfilled.delete(list);
  }

  conditionsChanged(): void {
    for (const list of this.#lists) if (list.filter.asksHold) this.#unfilled.set(list, 0);
  }

  work(maxUnits: number): number {
    let units = 0;
    for (const [list, from] of this.#unfilled) {
      units += this.#fill(list, from, maxUnits - units);
      if (units >= maxUnits) break;
    }
    return units;
  }

  isComplete(list: FileList): boolean {
    return !this.#unfilled.has(list);
  }

  window(list: FileList, view: View): Window {
    return list.window(view);
  }

  *ids(): Generator<FileId, void> {
    for (let handle = 0; handle < this.#handles.end(); handle += 1) {
      const entry = this.#handles.find(handle);
      if (entry !== undefined) yield entry.file.id;
    }
  }

  size(): number {
    return this.#entries.size();
  }

  unitsOfChange(): number {
    // A file, its original, its original before the change, and its recovery.
    return 4 * this.#unitsOfUpdate();
  }

  #enter(file: Listed): Entry {
    const sortName = nameOrder(file.source);
    const entry = this.#handles.add((handle): Entry => ({ handle, file, sortName, rows: noRows, hasLostOriginal: false }));
    this.#entries.set(file.id, entry);
    return entry;
  }

  #change(entry: Entry, file: Listed): Entry {
    if (entry.file.source !== file.source) {
      // Orders find an entry by its name. It must leave them before the name changes.
      for (const list of this.#lists) list.remove(entry);
      entry.sortName = nameOrder(file.source);
    }
    entry.file = file;
    return entry;
  }

  /** @returns units */
  #updateAll(entry: Entry): number {
    entry.rows = rowsOfTabs(entry.file, this.#recoveries.shownBy(entry.file), this.#recoveries.showsOriginal(entry));
    this.tally.add(entry.file, entry.rows);
    for (const list of this.#lists) this.#updateIn(list, entry);
    return this.#unitsOfUpdate();
  }

  #updateIn(list: FileList, entry: Entry): void {
    const { file } = entry;
    const rows = rowsOf(list.rules, file, this.#recoveries.shownBy(file), this.#recoveries.showsOriginal(entry));
    list.update(entry, rows, holdUnder(file.hold, this.#circumstances.condition(file.route)));
  }

  /** One unit for every order, and one for the figures. */
  #unitsOfUpdate(): number {
    return this.#lists.size + 1;
  }

  /** @returns units */
  #updateAgain(id: FileId | null): number {
    const entry = id === null ? undefined : this.#entries.get(id);
    if (entry === undefined) return 0;
    this.tally.remove(entry.file, entry.rows);
    return this.#updateAll(entry);
  }

  /** Updates the files that may be shown directly above or below this one. @returns units */
  #updateRelated(file: Listed): number {
    return this.#updateAgain(file.recoveryOf) + this.#updateAgain(this.#recoveries.idOf(file.id) ?? null);
  }

  /** Continues an order that is not complete. @returns units */
  #fill(list: FileList, from: Handle, maxUnits: number): number {
    const end = Math.min(this.#handles.end(), from + maxUnits);
    for (let handle = from; handle < end; handle += 1) {
      const entry = this.#handles.find(handle);
      if (entry !== undefined) this.#updateIn(list, entry);
    }
    if (end < this.#handles.end()) this.#unfilled.set(list, end);
    else this.#unfilled.delete(list);
    return end - from;
  }
}
