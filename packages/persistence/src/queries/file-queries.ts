import type { Status, TrackedFile } from '@sluice/core/model';
import { limits } from '../limits.ts';
import { fileColumns } from '../rows/codec.ts';
import { statusCodes } from '../rows/status-codes.ts';

export interface FileQuery {
  readonly statuses?: readonly Status[];
  readonly route?: string;
  /** Ended ones before this moment are left out; null: none are. Milliseconds since the epoch. */
  readonly endedSince: number | null;
  readonly limit: number;
  /** Only those that were found before this one: `next` of the page before. Null or left out: from the newest on. */
  readonly before?: number | null;
}

/** Some of the files. A page may be short, or empty, and not be the last. */
export interface FilePage {
  readonly files: readonly TrackedFile[];
  /** Where the next page goes on; null: there is none. */
  readonly next: number | null;
}

/** Where a walk over what ended goes on: after this one. */
export interface EndedKey {
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
  readonly id: string;
}

/** Those that ended, in pages. */
export interface PastQuery {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly limit: number;
  /** The last one of the page before; null: from the newest on. */
  readonly before: EndedKey | null;
}

/** A question in SQL; every one of them is answered by an index. */
export interface Question {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** The moment and number of a file that ended, by its moment and id; one that is gone since stands before all others of its moment. */
export const endedBefore = '(ended_at, n) < (?, coalesce((SELECT n FROM files WHERE id = ?), 9007199254740991))';

export const journalQueries = {
  number: 'SELECT n, route FROM files WHERE id = ?',
  timeline: 'SELECT * FROM entries WHERE file = ? ORDER BY seq',
  past: `SELECT ${fileColumns} FROM files INDEXED BY files_by_end WHERE ended_at >= ? AND ${endedBefore} ORDER BY ended_at DESC, n DESC LIMIT ?`,
  sources: 'SELECT n, source AS path FROM files INDEXED BY files_by_source',
  destinations: 'SELECT n, destination AS path FROM files INDEXED BY files_by_destination WHERE destination IS NOT NULL',
  idOf: 'SELECT id FROM files WHERE n = ?',
  newestNumber: 'SELECT max(n) AS n FROM files',
  byId: `SELECT ${fileColumns} FROM files WHERE id = ?`,
  lineage: `SELECT ${fileColumns} FROM files WHERE source = ? AND route = ? ORDER BY n`,
  lastGate: 'SELECT * FROM gates WHERE route = ? ORDER BY seq DESC LIMIT 1',
  gates: 'SELECT * FROM gates ORDER BY seq',
} as const;

/** A file that comes before all others of a page: an end of the journal's numbers. */
const fromNewest = Number.MAX_SAFE_INTEGER;

/**
 * A page of files, by a walk over a bounded piece of the table in the order of the page; over an index where only unusual ends are asked
 * for. It costs as much for the last page as for the first.
 *
 * @param newest the greatest number of a file there is
 * @param route the word of the route of the query; null: the query has none
 */
export function filesQuery(
  query: Omit<FileQuery, 'route'>,
  newest: number,
  route: number | null,
): Question & { /** Nothing at or above this is left out. */ readonly from: number } {
  const before = Math.min(query.before ?? fromNewest, newest + 1);
  const isUnusual = query.statuses?.every((status) => statusCodes[status] > statusCodes.COMPLETED) === true;
  const from = isUnusual ? 0 : Math.max(before - limits.pageSpan, 0);
  const { sql, values } = narrowing(query, route);
  const where = isUnusual ? 'files INDEXED BY files_ended_unusually WHERE status > 10 AND' : 'files WHERE';
  return {
    sql: `SELECT ${fileColumns} FROM ${where} n < ? AND n >= ?${sql} ORDER BY n DESC LIMIT ?`,
    values: [before, from, ...values, query.limit],
    from,
  };
}

function narrowing({ statuses, endedSince }: Omit<FileQuery, 'route'>, route: number | null): Question {
  const codes = statuses?.map((status) => statusCodes[status]);
  const conditions: readonly (readonly [string, readonly number[]])[] = [
    ...(endedSince === null ? [] : [[' AND (ended_at IS NULL OR ended_at >= ?)', [endedSince]] as const]),
    // The codes stand in the text: SQLite does not see otherwise that an index has all that is asked for.
    ...(codes === undefined ? [] : [[` AND status IN (${codes.join(', ')})`, []] as const]),
    ...(route === null ? [] : [[' AND route = ?', [route]] as const]),
  ];
  return { sql: conditions.map(([sql]) => sql).join(''), values: conditions.flatMap(([, values]) => values) };
}
