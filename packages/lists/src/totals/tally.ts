import { groupOf, type Needing } from '@sluice/core';
import { type FileId, type RouteName, type Status, statuses } from '@sluice/core/model';
import { isLost, isRecovered, type Listed } from '../rows/listed.ts';
import { type RowsOfTabs, type ScreenTab, tabVariants } from '../rows/rows.ts';

/** The figures of one route. */
export interface RouteTally extends Needing {
  readonly counts: Record<Status, number>;
  recovered: number;
  /** FAILED files without another attempt after them. */
  lost: number;
  needsYou: number;
  /** Files that need a person because they never come to rest. */
  stuck: number;
  /** The source of one of the files that need a person. Null: no file does. */
  example: string | null;
  /** All files that need a person, each with its source. */
  readonly needing: Map<FileId, string>;
  /** READY files that are still being written and do not need a person. */
  written: number;
  leftBytes: number;
  /** The part of `leftBytes` that has an end: of files that are not being written and do not need a person. */
  endingBytes: number;
}

/** Figures over all files, updated with every change. */
export interface Tally {
  /** Counts a file. @param rows that it brings to each of `tabVariants` */
  add(file: Listed, rows: RowsOfTabs): void;
  /** Takes a file out of the figures. The arguments have to equal those of `add`. */
  remove(file: Listed, rows: RowsOfTabs): void;
  rowsOf(tab: ScreenTab, hideRecovered: boolean): number;
  route(name: RouteName): RouteTally;
}

/** Returns a tally without files. */
export function createTally(): Tally {
  const rowCounts = tabVariants.map(() => 0);
  const routes = new Map<RouteName, RouteTally>();

  const route = (name: RouteName): RouteTally => {
    const known = routes.get(name);
    if (known !== undefined) return known;
    const fresh = emptyTally();
    routes.set(name, fresh);
    return fresh;
  };
  const count = (file: Listed, rows: RowsOfTabs, by: 1 | -1): void => {
    for (let index = 0; index < rows.length; index += 1) rowCounts[index] = (rowCounts[index] ?? 0) + (rows[index] ?? 0) * by;
    const of = route(file.route);
    of.counts[file.status] += by;
    of.leftBytes += file.leftBytes * by;
    if (isRecovered(file)) of.recovered += by;
    if (isLost(file)) of.lost += by;
    const group = groupOf(file.status, file.hold === 'needs_you', file.isWritten);
    if (group === 'waiting' || group === 'copying') of.endingBytes += file.leftBytes * by;
    if (group === 'recording' && file.isWritten) of.written += by;
    if (group !== 'needs_you') return;
    if (by === 1) of.needing.set(file.id, file.source);
    else of.needing.delete(file.id);
    of.example = of.needing.values().next().value ?? null;
    of.needsYou += by;
    if (file.status === 'GROWING') of.stuck += by;
  };
  return {
    add: (file, rows) => count(file, rows, 1),
    remove: (file, rows) => count(file, rows, -1),
    rowsOf: (wanted, hides) => rowCounts[tabVariants.findIndex(({ tab, hideRecovered }) => tab === wanted && hideRecovered === hides)] ?? 0,
    route,
  };
}

function emptyTally(): RouteTally {
  return {
    counts: Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>,
    recovered: 0,
    lost: 0,
    needsYou: 0,
    stuck: 0,
    example: null,
    needing: new Map(),
    written: 0,
    leftBytes: 0,
    endingBytes: 0,
  };
}
