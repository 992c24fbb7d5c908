import type { Status, TrackedFile } from '@sluice/core/model';
import { limits } from '../limits.ts';

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

export const journalQueries = {
  timeline: 'SELECT * FROM entries WHERE file_id = ? ORDER BY seq',
  past: `SELECT f.id, f.status, f.record, f.crc FROM (SELECT id, ended_at FROM files INDEXED BY files_by_end WHERE is_ended = 1 AND ended_at >= ?
      AND (ended_at, id) < (?, ?) ORDER BY ended_at DESC, id DESC LIMIT ?) AS chosen
    CROSS JOIN files AS f ON f.id = chosen.id ORDER BY chosen.ended_at DESC, chosen.id DESC`,
  paths: 'SELECT id, source, destination FROM files INDEXED BY files_by_names',
  seqOf: 'SELECT first_seq AS seq FROM files WHERE id = ?',
  newestSeq: 'SELECT max(first_seq) AS seq FROM files',
  byId: 'SELECT id, status, record, crc FROM files WHERE id = ?',
  lineage: 'SELECT id, status, record, crc FROM files WHERE route = ? AND source = ? ORDER BY first_seq',
  count: 'SELECT count(*) AS n FROM files INDEXED BY files_by_status WHERE status = ? AND route = ?',
  recovered: `SELECT count(*) AS n FROM files INDEXED BY files_recovered
    WHERE route = ? AND status = 'FAILED' AND recovered_by IS NOT NULL`,
  lastGate: 'SELECT * FROM gates WHERE route = ? ORDER BY seq DESC LIMIT 1',
  gates: 'SELECT * FROM gates ORDER BY seq',
} as const;

/** A file that comes before all others of a page: an end of the journal's numbers. */
const fromNewest = Number.MAX_SAFE_INTEGER;

/**
 * A page of files: ids first, from one index in the order of the page, records only of what is shown. It costs as much
 * for the last page as for the first.
 *
 * @param newest the greatest `first_seq` there is
 */
export function filesQuery(
  query: FileQuery,
  newest: number,
): Question & { /** Nothing at or above this is left out. */ readonly from: number } {
  const before = Math.min(query.before ?? fromNewest, newest + 1);
  const from = Math.max(before - limits.pageSpan, 0);
  const { sql, values } = narrowing(query);
  return {
    sql: `SELECT f.id, f.status, f.record, f.crc, f.first_seq FROM (SELECT id, first_seq FROM files INDEXED BY files_by_seq
        WHERE first_seq < ? AND first_seq >= ?${sql} ORDER BY first_seq DESC LIMIT ?) AS chosen
      CROSS JOIN files AS f ON f.id = chosen.id ORDER BY chosen.first_seq DESC`,
    values: [before, from, ...values, query.limit],
    from,
  };
}

function narrowing({ statuses, route, endedSince }: FileQuery): Question {
  const conditions: readonly (readonly [string, readonly (string | number)[]])[] = [
    ...(endedSince === null ? [] : [[' AND (ended_at IS NULL OR ended_at >= ?)', [endedSince]] as const]),
    ...(statuses === undefined ? [] : [[` AND status IN (${statuses.map(() => '?').join(', ')})`, statuses] as const]),
    ...(route === undefined ? [] : [[' AND route = ?', [route]] as const]),
  ];
  return { sql: conditions.map(([sql]) => sql).join(''), values: conditions.flatMap(([, values]) => values) };
}
