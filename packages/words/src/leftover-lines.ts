import type { LeftoverJson } from '@sluice/control';
import { momentText } from './figures/clock.ts';
import { type Column, type TableOptions, table } from './figures/columns.ts';
import { duration } from './figures/duration.ts';
import { sizeText } from './figures/figures.ts';

const route: Column<LeftoverJson> = { title: 'ROUTE', cell: (leftover) => leftover.route };

const columns: readonly Column<LeftoverJson>[] = [
  { title: 'LEFTOVER', cell: ({ destination }) => destination, gives: 'middle' },
  { title: 'SIZE', cell: ({ sizeBytes, copiedBytes }) => sizeText(sizeBytes ?? copiedBytes), align: 'right' },
  { title: 'FAILED', cell: ({ failedAt }) => momentText(failedAt).slice(0, '2026-11-23 14:02'.length) },
  { title: 'AGE', cell: ({ ageMs }) => duration(ageMs), align: 'right' },
  { title: 'REPLACED BY', cell: ({ replacedBy }) => replacedBy?.destination ?? '', gives: 'middle' },
  { title: '', cell: leftoverStateText, gives: 'end', tone: ({ state }) => (state === 'kept' ? 'warn' : null) },
];

/** Returns whether a leftover can be removed, such as `can be removed`. */
export function leftoverStateText({ state, reason }: Pick<LeftoverJson, 'state' | 'reason'>): string {
  const because = reason === null ? '' : `: ${reason}`;
  switch (state) {
    case 'removable':
      return 'can be removed';
    case 'kept':
      return `stays${because}`;
    case 'being_removed':
      return `is being removed${because}`;
    case 'gone':
      return 'is not there any more';
    case 'unknown':
      return `is not known${because}`;
    default:
      return String(state satisfies never).replaceAll('_', ' ');
  }
}

/** Returns the lines of a table of leftovers, with the local time when each copy failed. The route is named if there are several. */
export function leftoverLines(leftovers: readonly LeftoverJson[], options: TableOptions = {}): string[] {
  const isMany = leftovers.some((each) => each.route !== leftovers[0]?.route);
  return table(isMany ? [route, ...columns] : columns, leftovers, options);
}
