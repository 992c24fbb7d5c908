import {
  type CoreState,
  etaOf,
  type FileId,
  type FileList,
  type JournalRecord,
  type RouteState,
  reasonOf,
  type Slot,
  type TrackedFile,
  type View,
} from '@sluice/core';
import type { ScreenFrame, ScreenRow } from '../../control/screen-frame.ts';
import { viewLive } from '../views.ts';
import type { ScreenFiles } from './files.ts';
import type { ScreenJournal } from './journal.ts';
import { screenLimits as limits } from './limits.ts';

/** The lines of windows: of what core has its newest, of what it has dropped the journal's record. */
export interface ScreenRows {
  rowsOf(list: FileList, view: View): ScreenFrame['rows'];
  /**
   * Reads some of what `rowsOf` would have to read for this window, as much as one turn may.
   *
   * @returns whether that was all
   */
  readAhead(list: FileList, view: View): boolean;
  /** What was journaled anew is read anew. */
  committed(records: readonly JournalRecord[]): void;
}

export function createScreenRows(state: CoreState, reader: Pick<ScreenJournal, 'file'>, files: ScreenFiles): ScreenRows {
  const { catalogue } = files;
  const kept = new Map<FileId, TrackedFile>();
  const made = new Map<FileId, { readonly file: TrackedFile; readonly key: string; readonly row: ScreenRow }>();

  /** Null: nobody has it any more; undefined: the journal could not be read just now. */
  const recordOf = (id: FileId): TrackedFile | null | undefined => {
    const known = state.files.get(id) ?? kept.get(id);
    if (known !== undefined) return known;
    const read = reader.file(id);
    if (read !== null && read !== undefined) keep(kept, id, read);
    return read;
  };
  /** It takes no row from now on. */
  const forget = ({ id, originalOf }: Slot): void => {
    if (originalOf === null) catalogue.drop(id);
    else catalogue.forgetOriginal(originalOf);
  };
  const rowOf = (file: TrackedFile, depth: Slot['depth']): ScreenRow => {
    const { isOpen, isHeld } = files.condition(file.route);
    const gate = state.routes.get(file.route)?.gate ?? null;
    const key = `${isOpen} ${isHeld} ${depth} ${isOpen ? '' : `${gate?.cause} ${gate?.operator}`}`;
    const before = made.get(file.id);
    if (before?.file === file && before.key === key) return before.row;
    const row = makeRow(state, file, depth, gate);
    keep(made, file.id, { file, key, row });
    return row;
  };
  /** Null: one of them is not to be had any more, and takes no row from now on. */
  const read = (slots: readonly Slot[]): ScreenRow[] | null => {
    const rows: ScreenRow[] = [];
    let isWhole = true;
    /** Its original could not be read just now: it stands alone. */
    let alone: FileId | null = null;
    for (const slot of slots) {
      const file = recordOf(slot.id);
      if (file === undefined) alone = slot.originalOf;
      else if (file !== null) rows.push(rowOf(file, slot.id === alone ? 0 : slot.depth));
      else {
        forget(slot);
        isWhole = false;
      }
    }
    return isWhole ? rows : null;
  };
  return {
    rowsOf(list, view) {
      const { tab, hideRecovered } = list.rules;
      for (let tries = 1; ; tries += 1) {
        const { matched, offset, slots } = catalogue.window(list, view);
        const isLast = tries === limits.windowTries;
        const rows = isLast ? [] : read(slots);
        if (rows !== null) return { total: catalogue.tally.rowsOf(tab, hideRecovered), matched, offset, rows };
      }
    },
    readAhead(list, view) {
      let left: number = limits.readRecords;
      let isWhole = true;
      for (const slot of catalogue.window(list, view).slots) {
        if (state.files.has(slot.id) || kept.has(slot.id)) continue;
        if (left === 0) return false;
        left -= 1;
        const file = recordOf(slot.id);
        // Whoever makes the frame has to do without it.
        if (file === undefined) return true;
        if (file !== null) continue;
        forget(slot);
        isWhole = false;
      }
      return isWhole;
    },
    committed(records) {
      for (const record of records) if ('file' in record) kept.delete(record.file.id);
    },
  };
}

/** The oldest makes room. (A `WeakMap` of all that were ever shown would grow to the size of the state, and be slow to.) */
function keep<Kept>(kept: Map<FileId, Kept>, id: FileId, what: Kept): void {
  if (kept.size >= limits.keptRows && !kept.has(id)) {
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  }
  kept.set(id, what);
}

function makeRow(state: CoreState, file: TrackedFile, depth: Slot['depth'], gate: RouteState['gate'] | null): ScreenRow {
  const view = viewLive(state, file);
  const phaseDone = 'phaseDone' in file ? file.phaseDone : null;
  return { file: view, depth, reason: reasonOf(view, phaseDone, gate), etaMs: gate?.state === 'open' ? etaOf(file) : null, phaseDone };
}
