import { type Status, statuses } from '@sluice/core/model';
import { damaged } from '../unusable.ts';

/** What a state is stored as. A number that was given is never given again; those from 10 on are ends, which the schema knows. */
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

/** @throws JournalUnusable where no state has this number */
export function statusOf(code: number): Status {
  const status = byCode.get(code);
  if (status === undefined) throw damaged(`no state is stored as ${code}`);
  return status;
}

/** @throws JournalUnusable where no state has this number */
export function statusOrNull(code: number | null): Status | null {
  return code === null ? null : statusOf(code);
}

/** For a message about a row that may be damaged. */
export function nameOfStatus(code: number): string {
  return byCode.get(code) ?? String(code);
}
