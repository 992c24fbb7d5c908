import { fileId, routeName } from '@sluice/core/model';
import { type EndedBrief } from '@sluice/lists';
import type Database from 'better-sqlite3';
import { decodeName } from '../rows/codec.ts';
import { statusOf } from '../rows/status-codes.ts';
import { Words } from '../rows/words.ts';
import { endedBefore } from './file-queries.ts';

/** A part of the ended files, from the newest backwards. */
export interface EndedQuery {
  /** Wall clock, milliseconds since the epoch. */
  readonly since: number;
  /** The last file of the part before. Null: begin with the newest. */
  readonly before: { readonly endedAt: number; readonly id: string } | null;
  readonly limit: number;
}

/** The statement that reads a part. */
export const endedQuery = `SELECT id, route, source, destination, status, size_bytes AS sizeBytes, discovered_at AS discoveredAt,
    ended_at AS endedAt, recovery_of AS recoveryOf, recovered_by AS recoveredBy
  FROM files INDEXED BY files_by_end WHERE ended_at >= ? AND ${endedBefore} ORDER BY ended_at DESC, n DESC LIMIT ?`;

/** A row of either query for ended files. */
export interface EndedRow {
  readonly id: string;
  /** The number of a word. */
  readonly route: number;
  readonly source: string;
  readonly destination: string | null;
  readonly status: number;
  readonly sizeBytes: number;
  readonly discoveredAt: number;
  readonly endedAt: number;
  readonly recoveryOf: string | null;
  readonly recoveredBy: string | null;
}

/** A key before all ended files, where the first page begins. */
export const newest = { endedAt: Number.MAX_SAFE_INTEGER, id: '' };

/**
 * Returns a reader of ended files in brief, without their records. It reads the last part of a hundred thousand as quickly as the
 * first.
 */
export function endedReader(database: Database.Database): (query: EndedQuery) => EndedBrief[] {
  const ended = database.prepare(endedQuery);
  const words = new Words(database);
  return ({ since, before, limit }) => {
    const from = before ?? newest;
    return endedBriefs(ended.all(since, from.endedAt, from.id, limit) as EndedRow[], words);
  };
}

/** Returns the rows in brief, with decoded names. */
export function endedBriefs(rows: readonly EndedRow[], words: Words): EndedBrief[] {
  return rows.map((row) => briefOf(row, words));
}

/** A hundred thousand of them are kept in memory, so each text that many of them share is kept once. */
function briefOf(row: EndedRow, words: Words): EndedBrief {
  const source = decodeName(row.source);
  return {
    sizeBytes: row.sizeBytes,
    discoveredAt: row.discoveredAt,
    endedAt: row.endedAt,
    id: fileId(row.id),
    route: routeName(words.text(row.route)),
    source,
    destination: row.destination === null ? source : decodeName(row.destination),
    status: statusOf(row.status),
    recoveryOf: row.recoveryOf === null ? null : fileId(row.recoveryOf),
    recoveredBy: row.recoveredBy === null ? null : fileId(row.recoveredBy),
  };
}
