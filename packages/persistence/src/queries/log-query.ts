import { type FileEvent, type GateEvent, type JournalRecord, type RouteEvent, routeFactKeys } from '@sluice/core';
import { routeName } from '@sluice/core/model';
import type Database from 'better-sqlite3';
import type { EntryColumns } from '../rows/checksum.ts';
import { assertEntry, decodeEvent, decodeFile, type StoredFile } from '../rows/codec.ts';

/** A piece of the journal, from its end backwards. */
export interface RecordQuery {
  /** Records before this number; null: from the newest on. */
  readonly before: number | null;
  readonly limit: number;
}

export const recordsQuery = `SELECT e.*, e.crc AS entry_crc, f.id, f.status, f.record, f.crc
  FROM (SELECT * FROM entries WHERE seq < ? ORDER BY seq DESC LIMIT ?) AS e LEFT JOIN files AS f ON f.id = e.file_id ORDER BY e.seq DESC`;

type Row = EntryColumns & { readonly kind: JournalRecord['kind']; readonly entry_crc: number } & (StoredFile | { readonly record: null });

/**
 * Records as they were appended, newest first; a file stands in them as it is by now, not as it was.
 *
 * @throws JournalUnusable where a row cannot be read
 */
export function readRecords(database: Database.Database, { before, limit }: RecordQuery): JournalRecord[] {
  const ask = database.prepare(recordsQuery);
  for (let end = before ?? Number.MAX_SAFE_INTEGER; ; ) {
    const rows = ask.all(end, limit) as Row[];
    const records = rows.flatMap((row) => recordOf(row) ?? []);
    const oldest = rows.at(-1);
    // None is the end of the journal, and never a piece of it that nothing is left of.
    if (records.length > 0 || oldest === undefined) return records;
    end = oldest.seq;
  }
}

/** @returns null for an entry whose file is not in the journal any more */
function recordOf(row: Row): JournalRecord | null {
  const { seq, at, kind } = row;
  assertEntry({ ...row, crc: row.entry_crc });
  if (kind === 'route_fact') {
    const event = decodeEvent<RouteEvent>(row.event, row.detail);
    return { kind, seq, at, route: routeName(row.route), key: routeFactKeys[event.kind], event };
  }
  if (kind === 'gate') return { kind, seq, at, route: routeName(row.route), event: decodeEvent<GateEvent>(row.event, row.detail) };
  if (row.record === null) return null;
  const file = decodeFile(row);
  const event = decodeEvent<FileEvent>(row.event, row.detail);
  if (kind === 'file_fact') return { kind, seq, at, event, file };
  return { kind, seq, at, event, from: row.from_status as typeof file.status | null, to: row.to_status as typeof file.status, file };
}
