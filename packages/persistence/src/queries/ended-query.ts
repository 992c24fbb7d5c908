import { fileId, routeName } from '@sluice/core/model';
import { type EndedBrief } from '@sluice/lists';
import type Database from 'better-sqlite3';
import { decodeName } from '../rows/codec.ts';
import { statusOf } from '../rows/status-codes.ts';
import { Words } from '../rows/words.ts';
import { endedBefore } from './file-queries.ts';

/** A piece of what ended, from the newest end backwards. */
export interface EndedQuery {
  /** Wall clock, milliseconds since the epoch. */
  readonly since: number;
  /** The last one of the piece before; null: from the newest on. */
  readonly before: { readonly endedAt: number; readonly id: string } | null;
  readonly limit: number;
}

export const endedQuery = `SELECT id, route, source, destination, status, size_bytes AS sizeBytes, discovered_at AS discoveredAt,
    ended_at AS endedAt, recovery_of AS recoveryOf, recovered_by AS recoveredBy
  FROM files INDEXED BY files_by_end WHERE ended_at >= ? AND ${endedBefore} ORDER BY ended_at DESC, n DESC LIMIT ?`;

/** A row of either question about what ended. */
export interface EndedRow {
  readonly id: string;
  /** A word. */
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

/** Before everything that ended: where the first page begins. */
export const newest = { endedAt: Number.MAX_SAFE_INTEGER, id: '' };

/** In brief, without the records: as quick for the last piece of a hundred thousand as for the first. */
export function endedReader(database: Database.Database): (query: EndedQuery) => EndedBrief[] {
  const ended = database.prepare(endedQuery);
  const words = new Words(database);
  return ({ since, before, limit }) => {
    const from = before ?? newest;
    return endedBriefs(ended.all(since, from.endedAt, from.id, limit) as EndedRow[], words);
  };
}

export function endedBriefs(rows: readonly EndedRow[], words: Words): EndedBrief[] {
  return rows.map((row) => briefOf(row, words));
}

/** A hundred thousand of them are kept: each text that many of them have is kept once. */
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
