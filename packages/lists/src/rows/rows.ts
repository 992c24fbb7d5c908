import { type Group, groupOf } from '@sluice/core';
import { unreachable } from '@sluice/core/model';
import { isRecovered, type Listed } from './listed.ts';

/** The tabs of the screen, in order. */
export const screenTabs = ['all', 'active', 'waiting', 'needs_you', 'done'] as const;
/** A tab of the screen. */
export type ScreenTab = (typeof screenTabs)[number];

/** Every file is in `all` and in one other tab. */
function tabHas(tab: ScreenTab, file: Listed): boolean {
  return tab === 'all' || tab === tabOf(groupOf(file.status, file.hold === 'needs_you', file.isWritten));
}

function tabOf(group: Group): ScreenTab {
  switch (group) {
    case 'recording':
    case 'copying':
      return 'active';
    case 'waiting':
    case 'needs_you':
      return group;
    case 'ended':
      return 'done';
    default:
      return unreachable(group);
  }
}

/** Which files a list shows. */
export interface RowRules {
  readonly tab: ScreenTab;
  /** Leave out FAILED files that have a recovery. */
  readonly hideRecovered: boolean;
}

/** The rows that one file brings into a list. */
export interface Rows {
  readonly own: boolean;
  /** The FAILED file that it recovers, directly above its own row. */
  readonly original: boolean;
}

const none: Rows = { own: false, original: false };

/**
 * Returns the rows that a file brings into a list. A FAILED original stands above its recovery if that is in the list, and
 * otherwise has its own row. Of many attempts for one source, the newest and the one before it stand together.
 * @param recovery of a FAILED file, if it is known
 * @param showsOriginal whether the original of this file can and should be shown
 */
export function rowsOf(rules: RowRules, file: Listed, recovery: Listed | undefined, showsOriginal: boolean): Rows {
  const isIn = tabHas(rules.tab, file);
  if (isRecovered(file)) {
    if (rules.hideRecovered || !isIn) return none;
    const isAttached = recovery !== undefined && recovery.recoveredBy === null && tabHas(rules.tab, recovery);
    return isAttached ? none : { own: true, original: false };
  }
  if (!isIn) return none;
  return { own: true, original: file.recoveryOf !== null && showsOriginal && !rules.hideRecovered };
}

/** The number of rows that one file brings to each of `tabVariants`. */
export type RowsOfTabs = readonly number[];

/** Every tab, with and without recovered files. */
export const tabVariants: readonly RowRules[] = screenTabs.flatMap((tab: ScreenTab) =>
  [false, true].map((hideRecovered) => ({ tab, hideRecovered })),
);

/** The rows of a file that is in no list. */
export const noRows: RowsOfTabs = tabVariants.map(() => 0);

/** Files differ in few ways here. All files of a kind share one array. */
const known = new Map<number, RowsOfTabs>();

/** Returns the number of rows that `rowsOf` gives for each of `tabVariants`. */
export function rowsOfTabs(file: Listed, recovery: Listed | undefined, showsOriginal: boolean): RowsOfTabs {
  const kind = kindOf(file, recovery, showsOriginal);
  const before = known.get(kind);
  if (before !== undefined) return before;
  const rows = tabVariants.map((rules) => {
    const { own, original } = rowsOf(rules, file, recovery, showsOriginal);
    return (own ? 1 : 0) + (original ? 1 : 0);
  });
  known.set(kind, rows);
  return rows;
}

/** Returns everything that `rowsOf` depends on, in bits. */
function kindOf(file: Listed, recovery: Listed | undefined, showsOriginal: boolean): number {
  let kind = isRecovered(file) ? 1 : 0;
  if (file.recoveryOf !== null && showsOriginal) kind += 2;
  if (recovery !== undefined && recovery.recoveredBy === null) kind += 4;
  kind += tabBits(file) * 8;
  return recovery === undefined ? kind : kind + tabBits(recovery) * 256;
}

function tabBits(file: Listed): number {
  let bits = 0;
  for (let index = 0; index < screenTabs.length; index += 1) {
    if (tabHas(screenTabs[index] as ScreenTab, file)) bits += 1 << index;
  }
  return bits;
}
