import { ControlError, type FileJson, type OutageJson, type Replies } from '@sluice/control';
import type { HistoryRange, PastSum } from '../model/model.ts';
import { linkLimits } from './limits.ts';
import type { AgentLink } from './link.ts';

const dayMs = 86_400_000;
const rangeMs = { '24h': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs, all: null } as const satisfies Record<HistoryRange, number | null>;

/** The ended files of a range. */
export interface Past {
  /** Only files that match it were read. Empty: all. */
  readonly filter: string;
  /** Sums of all files that ended and match. Null: the files themselves are all of them, or the agent is of an older version. */
  readonly sums: readonly PastSum[] | null;
  readonly files: readonly FileJson[];
  readonly outages: readonly OutageJson[];
  /** More files ended in the range than are requested. */
  readonly hasMore: boolean;
}

/** What is requested. `now`: wall clock, milliseconds. */
export interface PastAsked {
  readonly range: HistoryRange;
  readonly filter: string;
  readonly now: number;
}

type Line = Pick<AgentLink, 'request'>;

/**
 * Returns what ended within a range, newest first, and the outages. It reads in pieces, so that nothing waits for long.
 * @param isNeeded returns whether the result is still needed
 * @returns null if it is not
 * @throws ControlError, Disconnected, TimedOut
 */
export async function askPast(link: Line, asked: PastAsked, isNeeded: () => boolean): Promise<Past | null> {
  const since = sinceOf(asked);
  const { outages } = await link.request('history', { since, outages: true });
  const found = asked.filter === '' ? null : await filtered(link, asked, isNeeded);
  if (found !== null || !isNeeded()) return found === null ? null : { ...found, filter: asked.filter, outages };
  const all = await whole(link, since, isNeeded);
  return all === null ? null : { ...all, sums: all.hasMore ? await sumsOf(link, asked) : null, filter: '', outages };
}

function sinceOf({ range, now }: PastAsked): string | null {
  const backMs = rangeMs[range];
  return backMs === null ? null : new Date(now - backMs).toISOString();
}

async function whole(link: Line, since: string | null, isNeeded: () => boolean): Promise<Pick<Past, 'files' | 'hasMore'> | null> {
  const files: FileJson[] = [];
  let before: Replies['history']['next'] = null;
  while (files.length < linkLimits.historyFiles) {
    const piece: Replies['history'] = await link.request('history', { since, limit: linkLimits.historyPiece, before });
    if (!isNeeded()) return null;
    files.push(...piece.files);
    if (piece.next === null) return { files, hasMore: false };
    before = piece.next;
  }
  const next = await link.request('history', { since, limit: 1, before });
  return { files, hasMore: next.files.length > 0 };
}

type Searched = Pick<Past, 'sums' | 'files' | 'hasMore'>;

/** Searches the whole journal. @returns null if the result is not needed any more, or an agent of an older version cannot do it */
async function filtered(link: Line, asked: PastAsked, isNeeded: () => boolean): Promise<Searched | null> {
  const files: FileJson[] = [];
  const since = sinceOf(asked);
  const bounds = boundsOf(asked);
  let sums: readonly PastSum[] | null = null;
  let before: Replies['past']['next'] = null;
  while (files.length < linkLimits.historyFiles) {
    const piece: Replies['past'] | null = await past(link, {
      filter: asked.filter,
      since,
      limit: linkLimits.historyPiece,
      before,
      bounds: sums === null ? bounds.map(isoOf) : [],
    });
    if (piece === null || !isNeeded()) return null;
    files.push(...piece.files);
    sums ??= withBounds(bounds, piece.sums);
    if (piece.next === null) return { files, sums, hasMore: false };
    before = piece.next;
  }
  return { files, sums, hasMore: true };
}

/** Returns sums of everything that ended in a range, however much that is. */
async function sumsOf(link: Line, asked: PastAsked): Promise<readonly PastSum[] | null> {
  const bounds = boundsOf(asked);
  const piece = await past(link, { filter: '', since: sinceOf(asked), limit: 1, before: null, bounds: bounds.map(isoOf) });
  return piece === null ? null : withBounds(bounds, piece.sums);
}

/** @returns null if the agent does not know the request */
async function past(link: Line, params: Parameters<typeof link.request<'past'>>[1]): Promise<Replies['past'] | null> {
  try {
    return await link.request('past', params, { deadlineMs: linkLimits.searchDeadlineMs });
  } catch (error) {
    if (error instanceof ControlError && error.kind === 'unknown_method') return null;
    throw error;
  }
}

const isoOf = (at: number): string => new Date(at).toISOString();

/** Returns the start of the range, and of every local day in it that has a bar. */
function boundsOf({ range, now }: PastAsked): readonly number[] {
  const backMs = rangeMs[range];
  const first = backMs === null ? 0 : now - backMs;
  const today = new Date(now);
  const starts = Array.from({ length: linkLimits.historyDays }, (_, back) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - back).getTime(),
  );
  return [first, ...starts.filter((start) => start > first).toReversed()];
}

function withBounds(bounds: readonly number[], sums: Replies['past']['sums']): readonly PastSum[] {
  return bounds.map((from, index) => ({ from, files: sums[index]?.files ?? 0, bytes: sums[index]?.bytes ?? 0 }));
}
