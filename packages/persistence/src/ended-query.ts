import { type EndedBrief, fileId, routeName, type Status } from '@sluice/core';
import type Database from 'better-sqlite3';
import { decodeName } from './codec.ts';

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
  FROM files INDEXED BY files_by_end WHERE is_ended = 1 AND ended_at >= ? AND (ended_at, id) < (?, ?)
  ORDER BY ended_at DESC, id DESC LIMIT ?`;

interface Row {
  readonly id: string;
  readonly route: string;
  readonly source: string;
  readonly destination: string;
  readonly status: string;
  readonly sizeBytes: number;
  readonly discoveredAt: number;
  readonly endedAt: number;
  readonly recoveryOf: string | null;
  readonly recoveredBy: string | null;
}

/** In brief, without the records: as quick for the last piece of a hundred thousand as for the first. */
export function readEnded(database: Database.Database, { since, before, limit }: EndedQuery): EndedBrief[] {
  const from = before ?? { endedAt: Number.MAX_SAFE_INTEGER, id: '' };
  const rows = database.prepare(endedQuery).all(since, from.endedAt, from.id, limit) as Row[];
  return rows.map((row) => ({
    ...row,
    id: fileId(row.id),
    route: routeName(row.route),
    source: decodeName(row.source),
    destination: decodeName(row.destination),
    status: row.status as Status,
    recoveryOf: row.recoveryOf === null ? null : fileId(row.recoveryOf),
    recoveredBy: row.recoveredBy === null ? null : fileId(row.recoveredBy),
  }));
}
