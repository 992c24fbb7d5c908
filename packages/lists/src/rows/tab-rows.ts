import { isRecovered, type Listed } from './listed.ts';
import { type RowRules, rowsOf } from './rows.ts';
import { type ScreenTab, screenTabs, tabHas } from './tabs.ts';

/** Rows that one file brings to each of `tabPlaces`. */
export type RowsOfTabs = readonly number[];

/** Every tab, with and without those that were recovered. */
export const tabPlaces: readonly RowRules[] = screenTabs.flatMap((tab: ScreenTab) =>
  [false, true].map((hideRecovered) => ({ tab, hideRecovered })),
);

export const noRows: RowsOfTabs = tabPlaces.map(() => 0);

/** There are few kinds of files in this respect, and all of a kind share their figures. */
const known = new Map<number, RowsOfTabs>();

/** As `rowsOf` has it for each tab. */
export function rowsOfTabs(file: Listed, recovery: Listed | undefined, showsOriginal: boolean): RowsOfTabs {
  const kind = kindOf(file, recovery, showsOriginal);
  const before = known.get(kind);
  if (before !== undefined) return before;
  const rows = tabPlaces.map((rules) => {
    const { own, original } = rowsOf(rules, file, recovery, showsOriginal);
    return (own ? 1 : 0) + (original ? 1 : 0);
  });
  known.set(kind, rows);
  return rows;
}

/** Everything that `rowsOf` looks at, in bits. */
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
