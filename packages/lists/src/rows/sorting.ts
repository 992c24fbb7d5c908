import { type Status, statuses, unreachable } from '@sluice/core/model';
import { isLost, type Listed } from './listed.ts';

/** The orders that the screen offers. */
export const screenSorts = ['attention', 'name', 'size', 'state', 'age'] as const;
/** An order of the files on the screen. */
export type ScreenSort = (typeof screenSorts)[number];

/** Where a file stands in an order: the smaller `major` comes first, then the smaller `minor`, then the smaller id. */
export interface Sorting {
  major(file: Listed): number;
  /** `name`: by the path of the source, whatever its case. */
  readonly minor: 'name' | ((file: Listed) => number);
}

const newestFirst = (file: Listed): number => -(file.endedAt ?? file.discoveredAt);
const statusIndex = Object.fromEntries(statuses.map((status, index) => [status, index])) as Record<Status, number>;

/** How each order sorts. */
export const sortings: Readonly<Record<ScreenSort, Sorting>> = {
  attention: { major: (file) => attentionOf(file), minor: newestFirst },
  name: { major: () => 0, minor: 'name' },
  size: { major: (file) => -file.sizeBytes, minor: 'name' },
  state: { major: (file) => statusIndex[file.status], minor: newestFirst },
  age: { major: (file) => -file.discoveredAt, minor: 'name' },
};

/**
 * Returns how urgently a file needs a person. 0: needs you, 1: failed without recovery, 2 to 4: running, recordings first, 5:
 * waiting, 6: still being written, 7: done.
 */
export function attentionOf(file: Listed): number {
  if (file.hold === 'needs_you') return 0;
  switch (file.status) {
    case 'FAILED':
      return isLost(file) ? 1 : 7;
    case 'GROWING_COPY':
      return 2;
    case 'COPYING':
    case 'VERIFYING':
      return 3;
    case 'IN_QUEUE':
      return 4;
    case 'READY':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      return 5;
    case 'DISCOVERED':
    case 'GROWING':
      return 6;
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
    case 'REMOVED':
      return 7;
    default:
      return unreachable(file.status);
  }
}
