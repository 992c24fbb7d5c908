import type { Hold } from '../../file.ts';
import type { FileId } from '../../ids.ts';
import { type Filter, parseFilter } from './filter.ts';
import { createIdMap } from './id-map.ts';
import type { Listed } from './listed.ts';
import { createRanked, type RankedItem, type Slot } from './ranked.ts';
import type { RowRules, Rows } from './rows.ts';
import { keyOf, type ScreenSort } from './sorting.ts';

/** Which files a list has, and in which order. */
export interface ListRules extends RowRules {
  readonly filter: string;
  readonly sort: ScreenSort;
  readonly isReversed: boolean;
}

/** What of a list is to be seen. */
export interface View {
  readonly offset: number;
  readonly limit: number;
  /** Where this file stands the window begins, if it would lie outside of it; null: `offset` counts. */
  readonly anchor: string | null;
}

export interface Window {
  /** Rows of the list. */
  readonly matched: number;
  readonly offset: number;
  readonly slots: readonly Slot[];
}

/** One order of all files, kept as they change. */
export interface FileList {
  readonly rules: ListRules;
  readonly filter: Filter;
  /** A file is new or has changed. @param rows what it brings before the filter */
  place(file: Listed, rows: Rows, hold: Hold | null): void;
  remove(id: FileId): void;
  /** @param recoveryOf the recovery of an original, where one is known */
  window(view: View, recoveryOf: (original: FileId) => FileId | undefined): Window;
}

export function createFileList(rules: ListRules): FileList {
  const filter = parseFilter(rules.filter);
  const ranked = createRanked(rules.isReversed);
  const placed = createIdMap<RankedItem>();

  const remove = (id: FileId): void => {
    const before = placed.get(id);
    if (before === undefined) return;
    ranked.remove(before);
    placed.delete(id);
  };
  const rowOf = (anchor: FileId, recoveryOf: (original: FileId) => FileId | undefined): number | null => {
    const item = placed.get(anchor);
    if (item?.own === true) return ranked.rowOf(item) + (item.original === null ? 0 : 1);
    const recovery = placed.get(recoveryOf(anchor) ?? anchor);
    return recovery?.original === anchor ? ranked.rowOf(recovery) : null;
  };
  return {
    rules,
    filter,
    place(file, rows, hold) {
      const item = itemOf(rules.sort, file, filtered(filter, file, rows, hold));
      const before = placed.get(file.id);
      if (before !== undefined && item !== null && sameItem(before, item)) return;
      remove(file.id);
      if (item === null) return;
      ranked.insert(item);
      placed.set(file.id, item);
    },
    remove,
    window({ offset, limit, anchor }, recoveryOf) {
      const matched = ranked.rowCount();
      const anchored = anchor === null ? null : rowOf(anchor as FileId, recoveryOf);
      const isOutside = anchored !== null && (anchored < offset || anchored >= offset + limit);
      // What has grown shorter is shown from its last page on.
      const begin = isOutside ? anchored : offset < matched ? offset : Math.max(0, matched - limit);
      return { matched, offset: begin, slots: ranked.slice(begin, limit) };
    },
  };
}

/** Each row has to match by itself; of an original is known what its recovery tells of it. */
function filtered(filter: Filter, file: Listed, rows: Rows, hold: Hold | null): Rows {
  if (filter.isEmpty) return rows;
  const { route, source } = file;
  return {
    own: rows.own && filter.matches({ ...file, hold }),
    original: rows.original && filter.matches({ status: 'FAILED', route, source, destination: source, hold: null }),
  };
}

function itemOf(sort: ScreenSort, file: Listed, rows: Rows): RankedItem | null {
  if (!rows.own && !rows.original) return null;
  return { ...keyOf(sort, file), own: rows.own, original: rows.original ? file.recoveryOf : null };
}

function sameItem(a: RankedItem, b: RankedItem): boolean {
  return a.own === b.own && a.original === b.original && a.major === b.major && a.minor === b.minor;
}
