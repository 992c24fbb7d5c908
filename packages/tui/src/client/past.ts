import type { FileJson, OutageJson } from '@sluice/control';
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
  // By id: what ends while the pieces are asked for moves the later ones.
  const files = new Map<string, FileJson>();
  for (let offset = 0; offset < linkLimits.historyFiles; offset += linkLimits.historyPiece) {
    const piece = await link.request('history', { since, limit: linkLimits.historyPiece, offset });
    if (!isNeeded()) return null;
    for (const file of piece.files) files.set(file.id, file);
    if (piece.files.length < linkLimits.historyPiece) return { files: [...files.values()], outages, hasMore: false };
  }
  const next = await link.request('history', { since, limit: 1, offset: linkLimits.historyFiles });
  return { files: [...files.values()], outages, hasMore: next.files.length > 0 };
}
