import type { CoreState, JournalRecord } from '@sluice/core';
import type { FileId, RouteName, TrackedFile } from '@sluice/core/model';
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
import { coreFiles, EndedWalk, movingFiles } from './iterate-files.ts';
import type { ScreenJournal } from './journal.ts';
import { screenLimits as limits } from './limits.ts';
import { Turns } from './put-first.ts';
import { SharedLists } from './shared-lists.ts';

/** All files that a screen may list. They are brought up to date in slices. */
export interface ScreenFiles {
  readonly catalogue: Catalogue;
  condition(route: RouteName): RouteCondition;
  /** Notes journaled changes. `work` applies them. */
  committed(records: readonly JournalRecord[]): void;
  /** Finds changes that are not journaled: progress, new sizes, gates, and files that core has dropped. Each call is bounded. */
  compare(): void;
  /** Does one slice of work. @returns the units done; 0: everything is up to date */
  work(): number;
  isComplete(list: FileList): boolean;
  /** Returns whether core's files are still being read for the first time. */
  isReading(): boolean;
  /** Returns the list of these rules, shared by all callers. Each call needs one `release`. */
  listOf(rules: ListRules): FileList;
  release(list: FileList): void;
}

/** What the files of a screen are read from. */
export interface ScreenFilesDependencies {
  readonly state: CoreState;
  readonly reader: Pick<ScreenJournal, 'ended'>;
  readonly clock: Clock;
}

/** Creates the files of a screen. `work` fills the lists. */
export function createScreenFiles(dependencies: ScreenFilesDependencies): ScreenFiles {
  return new ListedFiles(dependencies);
}

class ListedFiles implements ScreenFiles {
  readonly catalogue: Catalogue;
  readonly #state: CoreState;
  readonly #clock: Clock;
  readonly #lists: SharedLists;
  readonly #turns: Turns;
  /** Core's record of each listed file. If core has another record now, the file has changed. */
  readonly #records = createIdMap<TrackedFile>();
  /** Files to be applied, each with its last journaled record. Null: none was journaled since. */
  readonly #changed = new Map<FileId, TrackedFile | null>();
  readonly #coreWalk: Generator<FileId, void>;
  #isCoreWalked = false;
  readonly #endedWalk: EndedWalk;
  #sweep: Generator<FileId, void>;
  /** The conditions of all routes as text. Another text means that a gate or a hold has changed. */
  #conditions: string;

  constructor({ state, reader, clock }: ScreenFilesDependencies) {
    this.#state = state;
    this.#clock = clock;
    this.catalogue = createCatalogue({ shownSince: () => this.#shownSince(), condition: (route) => this.condition(route) });
    this.#lists = new SharedLists(this.catalogue);
    this.#turns = new Turns(state);
    this.#turns.changed();
    this.#coreWalk = coreFiles(state);
    this.#endedWalk = new EndedWalk(reader);
    this.#sweep = this.catalogue.ids();
    this.#conditions = this.#conditionsNow();
  }

  condition(name: RouteName): RouteCondition {
    const route = this.#state.routes.get(name);
    return { isOpen: route?.gate.state === 'open', isHeld: (route?.hold ?? null) !== null };
  }

  committed(records: readonly JournalRecord[]): void {
    for (const record of records) {
      if (record.kind === 'transition' || record.kind === 'file_fact') this.#changed.set(record.file.id, record.file);
      else if (record.event.kind === 'first') this.#noteTurns();
    }
  }

  compare(): void {
    const conditions = this.#conditionsNow();
    if (conditions !== this.#conditions) this.catalogue.conditionsChanged();
    this.#conditions = conditions;
    this.#noteTurns();
    for (const id of movingFiles(this.#state)) if (this.#isStale(id)) this.#noteChange(id);
    this.#sweepPiece();
  }

  work(): number {
    const until = this.#clock.monotonic() + limits.sliceMs;
    let units = this.catalogue.work(limits.sliceUnits / 2);
    // At least one file is read, however slow the lists are.
    do {
      const done = this.#readNext();
      if (done === 0) return units;
      units += done;
    } while (units < limits.sliceUnits && this.#clock.monotonic() < until);
    return units;
  }

  isComplete(list: FileList): boolean {
    return this.#isCoreWalked && this.#endedWalk.isDone && this.#changed.size === 0 && this.catalogue.isComplete(list);
  }

  isReading(): boolean {
    return !this.#isCoreWalked;
  }

  listOf(rules: ListRules): FileList {
    return this.#lists.acquire(rules);
  }

  release(list: FileList): void {
    this.#lists.release(list);
  }

  /** Returns the time since which ended files are listed. Older ones are listed only if core has them. Wall clock, milliseconds. */
  #shownSince(): number {
    return this.#clock.wall() - limits.endedMs;
  }

  #conditionsNow(): string {
    return JSON.stringify([...this.#state.routes.keys()].map((route) => this.condition(route)));
  }

  #isStale(id: FileId): boolean {
    return this.#state.files.get(id) !== this.#records.get(id);
  }

  #noteTurns(): void {
    for (const id of this.#turns.changed()) {
      // Its record may be unchanged.
      this.#records.delete(id);
      this.#noteChange(id);
    }
  }

  /** Notes a change without a record. A journaled record has more information, and stays. */
  #noteChange(id: FileId): void {
    if (!this.#changed.has(id)) this.#changed.set(id, null);
  }

  /** Applies the next change, then core's files, then those of the journal. @returns units; 0: nothing is left */
  #readNext(): number {
    const [change] = this.#changed;
    if (change !== undefined) {
      const [id, journaled] = change;
      this.#changed.delete(id);
      return this.#read(id, journaled);
    }
    if (!this.#isCoreWalked) return this.#readFromCore();
    return this.#endedWalk.isDone ? 0 : this.#readEnded();
  }

  #readFromCore(): number {
    const next = this.#coreWalk.next();
    if (next.done !== true) return this.#read(next.value, null);
    this.#isCoreWalked = true;
    return 1;
  }

  #readEnded(): number {
    let units = 1;
    for (const brief of this.#endedWalk.next(this.#shownSince(), this.#filesOfPiece())) {
      const isKnown = this.#state.files.has(brief.id) || this.catalogue.get(brief.id) !== undefined;
      units += isKnown ? 1 : this.catalogue.put(listedFromJournal(brief));
    }
    return units;
  }

  #filesOfPiece(): number {
    return Math.max(1, Math.min(limits.endedPiece, Math.floor(limits.sliceUnits / this.catalogue.unitsOfChange())));
  }

  /** Lists a file of core. @returns units */
  #read(id: FileId, journaled: TrackedFile | null): number {
    const inCore = this.#state.files.get(id);
    if (inCore === undefined) return this.#readDropped(id, journaled);
    if (this.#records.get(id) === inCore) return 1;
    this.#records.set(id, inCore);
    return this.catalogue.put(listedOf(inCore, true, this.#turns.turnOf(inCore)));
  }

  /** Lists a file that core has dropped, for as long as ended files are listed. @returns units */
  #readDropped(id: FileId, journaled: TrackedFile | null): number {
    this.#records.delete(id);
    const newest = journaled === null ? this.catalogue.get(id) : listedOf(journaled, false);
    if (newest !== undefined && newest.endedAt !== null && newest.endedAt >= this.#shownSince())
      return this.catalogue.put({ ...newest, isHeld: false });
    this.catalogue.drop(id);
    return this.catalogue.unitsOfChange();
  }

  /** Compares the next listed files with core's. After the last file the sweep starts again. */
  #sweepPiece(): void {
    for (let units = 0; units < limits.sweepFiles; units += 1) {
      const next = this.#sweep.next();
      if (next.done === true) {
        this.#sweep = this.catalogue.ids();
        return;
      }
      units += this.#sweepFile(next.value);
    }
  }

  /** Compares one file. @returns additional units */
  #sweepFile(id: FileId): number {
    const file = this.catalogue.get(id);
    if (this.#isStale(id) || (file?.isHeld === false && (file.endedAt ?? 0) < this.#shownSince())) {
      this.#noteChange(id);
      return 0;
    }
    // Its original attempt may have been shown until now.
    const isOldRecovery = file !== undefined && file.recoveryOf !== null && file.endedAt !== null && file.endedAt < this.#shownSince();
    return isOldRecovery ? this.catalogue.put(file) : 0;
  }
}
