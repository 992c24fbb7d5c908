import type { FileJson, OutageJson, Replies } from '@sluice/control';
import type { HistoryRange } from '../model/model.ts';
import { linkLimits } from './limits.ts';
import type { AgentLink } from './link.ts';

const dayMs = 86_400_000;
const rangeMs = { '24h': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs, all: null } as const satisfies Record<HistoryRange, number | null>;

export interface Past {
  readonly files: readonly FileJson[];
  readonly outages: readonly OutageJson[];
  /** More files ended in the range than are asked for. */
  readonly hasMore: boolean;
}

/**
 * What ended within a range, newest first, and when destinations were not there; in pieces, so that nobody waits for long.
 *
 * @param now wall clock, milliseconds
 * @param isNeeded whether anybody still waits for it
 * @returns null where nobody does
 * @throws ControlError, Disconnected, TimedOut
 */
export async function askPast(
  link: Pick<AgentLink, 'request'>,
  range: HistoryRange,
  now: number,
  isNeeded: () => boolean,
): Promise<Past | null> {
  const backMs = rangeMs[range];
  const since = backMs === null ? null : new Date(now - backMs).toISOString();
  const { outages } = await link.request('history', { since, outages: true });
  const files: FileJson[] = [];
  let before: Replies['history']['next'] = null;
  while (files.length < linkLimits.historyFiles) {
    const piece: Replies['history'] = await link.request('history', { since, limit: linkLimits.historyPiece, before });
    if (!isNeeded()) return null;
    files.push(...piece.files);
    if (piece.next === null) return { files, outages, hasMore: false };
    before = piece.next;
  }
  const next = await link.request('history', { since, limit: 1, before });
  return { files, outages, hasMore: next.files.length > 0 };
}
