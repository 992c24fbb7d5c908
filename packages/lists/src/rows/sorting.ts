import { type Status, statuses, unreachable } from '@sluice/core/model';
import { isLost, type Listed } from './listed.ts';

/** The orders that the screen offers. */
export const screenSorts = ['attention', 'name', 'size', 'state', 'age'] as const;
/** An order of the files on the screen. */
export type ScreenSort = (typeof screenSorts)[number];

/** Where a file stands in an order: the smaller `major` comes first, then the smaller `minor`, then the name, then the smaller id. */
export interface Sorting {
  major(file: Listed): number;
  /** `name`: by the path of the source, whatever its case. */
  readonly minor: 'name' | ((file: Listed) => number);
}

const newestFirst = (file: Listed): number => -(file.endedAt ?? file.discoveredAt);
const statusIndex = Object.fromEntries(statuses.map((status, index) => [status, index])) as Record<Status, number>;

/** How each order sorts. */
export const sortings: Readonly<Record<ScreenSort, Sorting>> = {
  attention: { major: (file) => attentionOf(file), minor: (file) => turnOf(file) },
  name: { major: () => 0, minor: 'name' },
  size: { major: (file) => -file.sizeBytes, minor: 'name' },
  state: { major: (file) => statusIndex[file.status], minor: newestFirst },
  age: { major: (file) => -file.discoveredAt, minor: 'name' },
};

/**
 * 0: needs you, 1: failed without recovery, 2: recordings, 3: copies, 4: moved to the front, 5: queued, 6: waits, 7: is still being
 * written, 8: skipped, 9: done.
 */
function attentionOf(file: Listed): number {
  if (file.hold === 'needs_you') return 0;
  if (file.hold === 'operator') return 8;
  if (file.isWritten) return 2;
  if (file.turn !== null && pending.has(file.status)) return 4;
  switch (file.status) {
    case 'FAILED':
      return isLost(file) ? 1 : 9;
    case 'GROWING_COPY':
      return 2;
    case 'COPYING':
    case 'VERIFYING':
      return 3;
    case 'IN_QUEUE':
      return 5;
    case 'READY':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      return 6;
    case 'DISCOVERED':
    case 'GROWING':
      return 7;
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
    case 'REMOVED':
      return 9;
    default:
      return unreachable(file.status);
  }
}

const pending: ReadonlySet<Status> = new Set([
  'DISCOVERED',
  'GROWING',
  'READY',
  'WAITING_FOR_NETWORK',
  'WAITING_FOR_SPACE',
  'IN_QUEUE',
] as const satisfies readonly Status[]);

/**
 * Returns the position by time. Waiting files come in the order in which they are copied: first those that an operator put first,
 * then the oldest. Ended files come newest first; the others are sorted by name.
 */
function turnOf(file: Listed): number {
  switch (attentionOf(file)) {
    case 4:
      return file.turn ?? 0;
    case 5:
    case 6:
      return file.discoveredAt;
    case 1:
    case 9:
      return newestFirst(file);
    default:
      return 0;
  }
}
