import type { Status, TrackedFile } from '@sluice/core/model';
import { limits } from '../limits.ts';
import { fileColumns } from '../rows/codec.ts';
import { statusCodes } from '../rows/status-codes.ts';

/** A query for a page of files. */
export interface FileQuery {
  readonly statuses?: readonly Status[];
  readonly route?: string;
  /** Leave out files that ended before this moment, in milliseconds since the epoch. Null: none. */
  readonly endedSince: number | null;
  readonly limit: number;
  /** Only files that were found before this one: `next` of the page before. Null or absent: begin with the newest. */
  readonly before?: number | null;
}

/** A page of files. A page may be short, or empty, and not be the last. */
export interface FilePage {
  readonly files: readonly TrackedFile[];
  /** Where the next page begins. Null: there is none. */
  readonly next: number | null;
}

/** Where a walk over the ended files continues: after this file. */
export interface EndedKey {
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
  readonly id: string;
}

/** A query for a page of ended files. */
export interface PastQuery {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly limit: number;
  /** The last file of the page before. Null: begin with the newest. */
  readonly before: EndedKey | null;
}

/** A query in SQL. Every query is answered by an index. */
export interface Question {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/**
 * Compares the time and number of an ended file with those of a given id. A file that was removed since counts as standing before
 * all others of its moment.
 */
export const endedBefore = '(ended_at, n) < (?, coalesce((SELECT n FROM files WHERE id = ?), 9007199254740991))';

/** The statements of the reader. */
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

/** The number of a file that comes before all others of a page. */
const fromNewest = Number.MAX_SAFE_INTEGER;

/**
 * Returns the statement for a page of files. It walks over a bounded part of the table in the order of the page, or over an index
 * if only unusual ends are requested. The last page costs as much as the first.
 * @param newest the greatest number of a file
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
    // The codes are part of the text: SQLite does not see otherwise that an index has everything that is requested.
    ...(codes === undefined ? [] : [[` AND status IN (${codes.join(', ')})`, []] as const]),
    ...(route === null ? [] : [[' AND route = ?', [route]] as const]),
  ];
  return { sql: conditions.map(([sql]) => sql).join(''), values: conditions.flatMap(([, values]) => values) };
}
