import { type Status, statuses } from '@sluice/core/model';
import { damaged } from '../unusable.ts';

/**
 * The stored number of each state. A number is never reused. Numbers from 10 on are those of ended states, which the schema relies
 * on.
 */
export const statusCodes: { readonly [Of in Status]: number } = {
  DISCOVERED: 1,
  GROWING: 2,
  READY: 3,
  WAITING_FOR_NETWORK: 4,
  WAITING_FOR_SPACE: 5,
  IN_QUEUE: 6,
  COPYING: 7,
  GROWING_COPY: 8,
  VERIFYING: 9,
  COMPLETED: 10,
  COMPLETED_DELETE_FAILED: 11,
  FAILED: 12,
  REMOVED: 13,
};

const byCode = new Map(statuses.map((status) => [statusCodes[status], status]));

/** @throws JournalUnusable if no state has this number */
export function statusOf(code: number): Status {
  const status = byCode.get(code);
  if (status === undefined) throw damaged(`no state is stored as ${code}`);
  return status;
}

/** @throws JournalUnusable if no state has this number */
export function statusOrNull(code: number | null): Status | null {
  return code === null ? null : statusOf(code);
}

/** Returns the name of a state for a message about a row that may be damaged. */
export function nameOfStatus(code: number): string {
  return byCode.get(code) ?? String(code);
}
