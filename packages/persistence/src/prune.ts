import { isBeingRemoved } from '@sluice/core';
import type { RouteName, TrackedFile } from '@sluice/core/model';
import type Database from 'better-sqlite3';
import { limits } from './limits.ts';
import { countedRow, decodeFile, type FileRow, fileColumns } from './rows/codec.ts';
import { Tally } from './rows/tally.ts';
import { Words } from './rows/words.ts';

/** Which files a journal may remove. */
export interface PruneRequest {
  /** Files that ended earlier are old. Milliseconds since the epoch. */
  readonly before: number;
  /** Returns whether the file is, or may be, still at the source. Its newest record is then kept, however old it is. */
  isAtSource(route: RouteName, source: string): boolean;
}

/** The result of one call of `prune`. */
export interface Pruned {
  readonly files: number;
  readonly entries: number;
  /** False: there is more. True: the next call starts from the beginning. */
  readonly isDone: boolean;
}

interface Candidate extends FileRow {
  readonly ended_at: number;
  readonly is_superseded: number;
}

/** Where the walk over the ended files continues. */
interface Cursor {
  readonly endedAt: number;
  readonly n: number;
}

const start: Cursor = { endedAt: Number.MIN_SAFE_INTEGER, n: 0 };

/** The statements of `prune`. */
export const pruneQueries = {
  lastEnd: 'SELECT max(ended_at) FROM files INDEXED BY files_by_end WHERE ended_at <= ?',
  nextEnd: 'SELECT min(ended_at) FROM files INDEXED BY files_by_end WHERE ended_at > ? AND ended_at <= ?',
  candidates: `SELECT ${fileColumns}, EXISTS
      (SELECT 1 FROM files AS g WHERE g.source = f.source AND g.route = f.route AND g.n > f.n) AS is_superseded
    FROM files AS f INDEXED BY files_by_end
    WHERE ended_at < @before AND (ended_at, n) > (@endedAt, @n) ORDER BY ended_at, n LIMIT @limit`,
  entries: 'DELETE FROM entries WHERE seq IN (SELECT seq FROM entries WHERE file = ? ORDER BY seq LIMIT ?)',
  /** The newest entry stays, because the numbers continue from it. */
  routeEntries: `DELETE FROM entries WHERE seq IN (SELECT seq FROM entries INDEXED BY entries_of_routes
    WHERE file IS NULL AND at < @before AND seq < (SELECT max(seq) FROM entries) ORDER BY at LIMIT @limit)`,
  /** The history of a gate is cut before an opening, so that no outage loses its beginning. */
  gates: `DELETE FROM gates WHERE seq IN (SELECT seq FROM (SELECT seq, route FROM gates ORDER BY seq LIMIT @limit) AS g WHERE EXISTS
    (SELECT 1 FROM gates AS h INDEXED BY gates_opened WHERE h.route = g.route AND h.state = 'open' AND h.seq > g.seq AND h.at < @before))`,
} as const;

/** The result of one call, and where the next one continues. */
interface Piece {
  readonly pruned: Pruned;
  readonly next: Cursor;
}

/**
 * Returns the `doubtedMs` of a journal: the sum of all long times without an ended file, each less a day. It goes from one ended
 * file to the last one that is not too long after it, so it reads only a few rows of the index, however many files there are.
 */
export function prepareDoubt(database: Database.Database): (until: number) => number {
  const [last, next] = [pruneQueries.lastEnd, pruneQueries.nextEnd].map((query) =>
    database.prepare<number[], number | null>(query).pluck(),
  );
  const lastEnd = (until: number): number | null => last?.get(until) ?? null;
  const nextEnd = (after: number, until: number): number | null => next?.get(after, until) ?? null;
  return (until) => {
    let doubtedMs = 0;
    for (let at = nextEnd(Number.MIN_SAFE_INTEGER, until); at !== null && at < until; ) {
      const near = lastEnd(Math.min(at + limits.doubtedGapMs, until)) ?? at;
      const following = near > at ? near : (nextEnd(at, until) ?? until);
      const gapMs = following - at;
      if (gapMs > limits.doubtedGapMs) doubtedMs += gapMs - limits.keptOfGapMs;
      at = following;
    }
    return doubtedMs;
  };
}

/** Returns the `prune` of a journal: it walks over the files in parts, none of which is larger than `limits` says. */
export function prepareToPrune(database: Database.Database): (request: PruneRequest) => Pruned {
  const candidates = database.prepare(pruneQueries.candidates);
  const ofRoutes = [database.prepare(pruneQueries.routeEntries), database.prepare(pruneQueries.gates)];
  const tally = new Tally(database);
  const words = new Words(database);
  const remove = prepareRemoval(database, tally);
  let cursor = start;

  const removePiece = (request: PruneRequest): Piece => {
    const bounds = { before: request.before, ...cursor, limit: limits.pruneFiles };
    const rows = candidates.all(bounds) as Candidate[];
    let next = cursor;
    let files = 0;
    let entries = 0;
    for (const row of rows) {
      if (!isKept(row, request, words)) {
        const removed = remove(row, limits.pruneEntries - entries);
        entries += removed.entries;
        if (removed.isCut) return { pruned: { files, entries, isDone: false }, next };
        files += removed.isGone ? 1 : 0;
      }
      next = { endedAt: row.ended_at, n: row.n };
    }
    if (rows.length === limits.pruneFiles) return { pruned: { files, entries, isDone: false }, next };
    const removed = ofRoutes.map((statement) => statement.run({ before: request.before, limit: limits.pruneEntries }).changes);
    const isDone = removed.every((changes) => changes < limits.pruneEntries);
    return { pruned: { files, entries: entries + (removed[0] ?? 0), isDone }, next: isDone ? start : next };
  };
  const prune = database.transaction((request: PruneRequest): Piece => {
    const piece = removePiece(request);
    tally.write();
    return piece;
  });

  return (request) => {
    try {
      const { pruned, next } = prune(request);
      // Set only now: a part that could not be committed is walked again.
      cursor = next;
      return pruned;
    } finally {
      tally.forget();
    }
  };
}

/**
 * Returns whether a file is kept. An older attempt is not, unless its source has a hidden name. The newest attempt is kept while its file is at the source, or while
 * work is left to do for it.
 */
function isKept(row: Candidate, request: PruneRequest, words: Words): boolean {
  if (row.is_superseded === 1) return row.record.includes('"removal":') && isBeingRemoved(decodeFile(row, words));
  const file = decodeFile(row, words);
  if (isOwing(file)) return true;
  if (file.status === 'REMOVED' || file.sourceGone) return false;
  return request.isAtSource(file.route, file.source);
}

/**
 * Returns whether only this record has something that is still needed: temporary files to remove, leftovers to rename, what is
 * known of visible leftovers at the destination, or a source to remove.
 */
function isOwing(file: TrackedFile): boolean {
  if (file.leftParts.length > 0 || file.toMark.length > 0 || (file.leftovers ?? []).length > 0) return true;
  return 'afterCopy' in file && (file.afterCopy === 'pending' || file.afterCopy === 'failed');
}

interface Removal {
  readonly entries: number;
  /** True if the part is full and something of this file is left. */
  readonly isCut: boolean;
  readonly isGone: boolean;
}

function prepareRemoval(database: Database.Database, tally: Tally): (row: FileRow, max: number) => Removal {
  const newest = database.prepare('SELECT file FROM entries WHERE seq = (SELECT max(seq) FROM entries)');
  const entries = database.prepare(pruneQueries.entries);
  const remove = database.prepare('DELETE FROM files WHERE n = ?');
  return (row, max) => {
    const owner = newest.get() as { file: number | null } | undefined;
    if (owner?.file === row.n) return { entries: 0, isCut: false, isGone: false };
    const removed = entries.run(row.n, max).changes;
    if (removed === max) return { entries: removed, isCut: true, isGone: false };
    remove.run(row.n);
    tally.remove(countedRow(row));
    return { entries: removed, isCut: false, isGone: true };
  };
}
