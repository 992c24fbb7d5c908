import type { FileId, Hold } from '@sluice/core/model';
import type { Handle, HandledFile } from './order/handles.ts';
import { bitsOfRows, createOrderKeys, rowBits } from './order/order-keys.ts';
import { createRanked } from './order/ranked.ts';
import { type Filter, parseFilter } from './rows/filter.ts';
import type { Listed } from './rows/listed.ts';
import type { RowRules, Rows } from './rows/rows.ts';
import { type ScreenSort, sortings } from './rows/sorting.ts';

/** Which files a list has, and in which order. */
export interface ListRules extends RowRules {
  readonly filter: string;
  readonly sort: ScreenSort;
  readonly isReversed: boolean;
}

/** The part of a list that is shown. */
export interface View {
  readonly offset: number;
  readonly limit: number;
  /** The file at which the window begins if that file would lie outside it. Null: `offset` decides. */
  readonly anchor: string | null;
}

/** One row of an order. `depth` 1: directly below the original that it recovers. */
export interface Slot {
  readonly id: FileId;
  readonly depth: 0 | 1;
  /** The recovery that brings this row. Null: the file brings it itself. */
  readonly originalOf: FileId | null;
}

/** The rows of a list that a screen shows. */
export interface Window {
  /** How many rows the whole list has. */
  readonly matched: number;
  readonly offset: number;
  readonly slots: readonly Slot[];
}

/** How a list finds files. */
export interface Files {
  find(id: FileId): HandledFile | undefined;
  at(handle: Handle): HandledFile;
  /** Returns the recovery of an original, if one is known. */
  recoveryOf(original: FileId): FileId | undefined;
}

/** One order of all files, kept as they change. */
export interface FileList {
  readonly rules: ListRules;
  readonly filter: Filter;
  /** Puts a file in its place, whether it is new or has changed. @param rows what it brings before the filter */
  update(item: HandledFile, rows: Rows, hold: Hold | null): void;
  remove(item: HandledFile): void;
  window(view: View): Window;
}

/** Returns a list without files. */
export function createFileList(rules: ListRules, files: Files): FileList {
  const filter = parseFilter(rules.filter);
  const keys = createOrderKeys(sortings[rules.sort], rules.isReversed, (handle) => files.at(handle));
  const ranked = createRanked(keys);

  const put = (item: HandledFile, bits: number): void => {
    if (keys.isAs(item, bits)) return;
    if (keys.bitsOf(item.handle) !== 0) ranked.remove(item.handle);
    keys.set(item, bits);
    if (bits !== 0) ranked.insert(item.handle);
  };
  const bitsOf = (item: HandledFile | undefined): number => (item === undefined ? 0 : keys.bitsOf(item.handle));
  const rowOf = (anchor: FileId): number | null => {
    const item = files.find(anchor);
    if (item !== undefined && (bitsOf(item) & rowBits.own) !== 0) {
      return ranked.rowOf(item.handle) + ((bitsOf(item) & rowBits.original) === 0 ? 0 : 1);
    }
    const recovery = files.find(files.recoveryOf(anchor) ?? anchor);
    const isAbove = recovery?.file.recoveryOf === anchor && (bitsOf(recovery) & rowBits.original) !== 0;
    return isAbove ? ranked.rowOf(recovery.handle) : null;
  };
  const slotsFrom = (offset: number, limit: number): Slot[] => {
    const slots: Slot[] = [];
    if (limit === 0) return slots;
    for (const { handle, row } of ranked.from(offset)) {
      slots.push(...slotsOf(files.at(handle).file, keys.bitsOf(handle)).slice(Math.max(0, offset - row)));
      if (slots.length >= limit) break;
    }
    return slots.slice(0, limit);
  };
  return {
    rules,
    filter,
    update: (item, rows, hold) => put(item, bitsOfRows(filtered(filter, item.file, rows, hold))),
    remove: (item) => put(item, 0),
    window({ offset, limit, anchor }) {
      const matched = ranked.rowCount();
      const anchored = anchor === null ? null : rowOf(anchor as FileId);
      const isOutside = anchored !== null && (anchored < offset || anchored >= offset + limit);
      // A list that has become shorter is shown from its last page on.
      const begin = isOutside ? anchored : offset < matched ? offset : Math.max(0, matched - limit);
      return { matched, offset: begin, slots: slotsFrom(begin, limit) };
    },
  };
}

/** Each row has to match by itself. An original is described by what its recovery says of it. */
function filtered(filter: Filter, file: Listed, rows: Rows, hold: Hold | null): Rows {
  if (filter.isEmpty) return rows;
  const { route, source } = file;
  return {
    own: rows.own && filter.matches({ ...file, hold, isSkipped: file.hold === 'operator' }),
    original: rows.original && filter.matches({ status: 'FAILED', route, source, destination: source, hold: null }),
  };
}

function slotsOf({ id, recoveryOf }: Listed, bits: number): Slot[] {
  const hasOriginal = (bits & rowBits.original) !== 0 && recoveryOf !== null;
  const above: Slot[] = hasOriginal ? [{ id: recoveryOf, depth: 0, originalOf: id }] : [];
  return (bits & rowBits.own) === 0 ? above : [...above, { id, depth: hasOriginal ? 1 : 0, originalOf: null }];
}
