import { fileId, type RouteName, routeName, type Status, statuses } from '@sluice/core/model';
import { type EndedBrief } from '@sluice/lists';
import type Database from 'better-sqlite3';
import { decodeName } from '../rows/codec.ts';

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

/** A row of either question about what ended. */
export interface EndedRow {
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

/** Before everything that ended: where the first page begins. */
export const newest = { endedAt: Number.MAX_SAFE_INTEGER, id: '' };

/** In brief, without the records: as quick for the last piece of a hundred thousand as for the first. */
export function endedReader(database: Database.Database): (query: EndedQuery) => EndedBrief[] {
  const ended = database.prepare(endedQuery);
  return ({ since, before, limit }) => {
    const from = before ?? newest;
    return endedBriefs(ended.all(since, from.endedAt, from.id, limit) as EndedRow[]);
  };
}

export function endedBriefs(rows: readonly EndedRow[]): EndedBrief[] {
  return rows.map(briefOf);
}

/** A hundred thousand of them are kept: each text that many of them have is kept once. */
function briefOf(row: EndedRow): EndedBrief {
  const source = decodeName(row.source);
  return {
    sizeBytes: row.sizeBytes,
    discoveredAt: row.discoveredAt,
    endedAt: row.endedAt,
    id: fileId(row.id),
    route: onceKept(routes, routeName(row.route)),
    source,
    destination: row.destination === row.source ? source : decodeName(row.destination),
    status: statuses.find((status) => status === row.status) ?? (row.status as Status),
    recoveryOf: row.recoveryOf === null ? null : fileId(row.recoveryOf),
    recoveredBy: row.recoveredBy === null ? null : fileId(row.recoveredBy),
  };
}

/** Few: a journal has those of its configurations. */
const routes = new Map<RouteName, RouteName>();

function onceKept<Text extends string>(kept: Map<Text, Text>, text: Text): Text {
  const before = kept.get(text);
  if (before !== undefined) return before;
  kept.set(text, text);
  return text;
}
