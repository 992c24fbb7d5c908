import type { FileJson, OutageJson } from '@sluice/agent';
import type { History } from '../model.ts';
import type { AgentLink } from './agent-link.ts';
import { linkLimits } from './limits.ts';

const dayMs = 86_400_000;
const rangeMs = { '24h': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs, all: null } as const satisfies Record<History['range'], number | null>;

/**
 * What ended within a range, newest first, and when destinations were not there; in pieces, so that nobody waits for long.
 *
 * @param now wall clock, milliseconds
 * @throws Disconnected, TimedOut
 */
export async function askPast(
  link: Pick<AgentLink, 'request'>,
  range: History['range'],
  now: number,
): Promise<{ readonly files: readonly FileJson[]; readonly outages: readonly OutageJson[] }> {
  const backMs = rangeMs[range];
  const since = backMs === null ? null : new Date(now - backMs).toISOString();
  const { outages } = await link.request('history', { since, outages: true });
  const files: FileJson[] = [];
  for (let offset = 0; offset < linkLimits.historyFiles; offset += linkLimits.historyPiece) {
    const piece = await link.request('history', { since, limit: linkLimits.historyPiece, offset });
    files.push(...piece.files);
    if (piece.files.length < linkLimits.historyPiece) break;
  }
  return { files, outages };
}
