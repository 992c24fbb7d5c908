import { type Group, groupOf } from '@sluice/core';
import { unreachable } from '@sluice/core/model';
import { isRecovered, type Listed } from './listed.ts';

export const screenTabs = ['all', 'active', 'waiting', 'needs_you', 'done'] as const;
export type ScreenTab = (typeof screenTabs)[number];

/** Every file is in `all` and in one other. */
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

/** What of the files a list shows. */
export interface RowRules {
  readonly tab: ScreenTab;
  /** FAILED files that have a recovery are left out. */
  readonly hideRecovered: boolean;
}

/** The rows that one file brings into a list. */
export interface Rows {
  readonly own: boolean;
  /** The FAILED file that it recovers, right above its own row. */
  readonly original: boolean;
}

const none: Rows = { own: false, original: false };

/**
 * A FAILED original stands above its recovery, wherever that is listed; only where that is not, it has its own row. Of
 * many attempts for one source, the newest and the one before it stand together.
 *
 * @param recovery of a FAILED file, where it is known
 * @param showsOriginal whether what this file recovers can be shown, and is to be
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

/** Rows that one file brings to each of `tabVariants`. */
export type RowsOfTabs = readonly number[];

/** Every tab, with and without those that were recovered. */
export const tabVariants: readonly RowRules[] = screenTabs.flatMap((tab: ScreenTab) =>
  [false, true].map((hideRecovered) => ({ tab, hideRecovered })),
);

export const noRows: RowsOfTabs = tabVariants.map(() => 0);

/** There are few kinds of files in this respect, and all of a kind share their figures. */
const known = new Map<number, RowsOfTabs>();

/** As `rowsOf` has it for each tab. */
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

/** Everything that `rowsOf` depends on, in bits. */
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
