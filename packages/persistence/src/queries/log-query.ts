import { type FileEvent, type GateEvent, type JournalRecord, type RouteEvent, routeFactKeys } from '@sluice/core';
import { routeName, type TrackedFile } from '@sluice/core/model';
import type Database from 'better-sqlite3';
import { decodeEntry, decodeEvent, decodeFile, type EntryRow, type FileRow, fileColumns } from '../rows/codec.ts';
import { Words } from '../rows/words.ts';

/** A query for records of the journal: backwards from the newest or from a record, or forwards from a record. */
export interface RecordQuery {
  /** Only records before this number. Null: begin with the newest. It has no effect with `after`. */
  readonly before: number | null;
  /** Only records after this number, oldest first. Absent: records before `before`, newest first. */
  readonly after?: number;
  readonly limit: number;
}

/** The statement that reads records backwards. */
export const recordsQuery = 'SELECT * FROM entries WHERE seq < ? ORDER BY seq DESC LIMIT ?';
/** The statement that reads records forwards. */
export const laterRecordsQuery = 'SELECT * FROM entries WHERE seq > ? ORDER BY seq LIMIT ?';
/** The statement that reads the file of an entry. */
export const ownerQuery = `SELECT ${fileColumns} FROM files WHERE n = ?`;

/**
 * Returns records as they were appended, newest first, or with `after` oldest first. They contain the file in its present state,
 * not as it was then.
 * @throws JournalUnusable if a row cannot be read
 */
export function readRecords(database: Database.Database, { before, after, limit }: RecordQuery): JournalRecord[] {
  const ask = database.prepare(after === undefined ? recordsQuery : laterRecordsQuery);
  const words = new Words(database);
  for (let from = after ?? before ?? Number.MAX_SAFE_INTEGER; ; ) {
    const rows = ask.all(from, limit) as EntryRow[];
    const owners = ownersOf(database, rows, words);
    const records = rows.flatMap((row) => recordOf(row, owners, words) ?? []);
    const last = rows.at(-1);
    // An empty result means the end of the journal, so a part of which nothing is left is skipped.
    if (records.length > 0 || last === undefined) return records;
    from = last.seq;
  }
}

/** Returns the files of entries by their numbers, each read once. A file that was removed from the journal is left out. */
function ownersOf(database: Database.Database, rows: readonly EntryRow[], words: Words): ReadonlyMap<number, TrackedFile> {
  const ask = database.prepare(ownerQuery);
  const owners = new Map<number, TrackedFile>();
  for (const { file: n } of rows) {
    const row = n === null || owners.has(n) ? undefined : (ask.get(n) as FileRow | undefined);
    if (row !== undefined) owners.set(row.n, decodeFile(row, words));
  }
  return owners;
}

/** @returns null for an entry whose file was removed from the journal */
function recordOf(row: EntryRow, owners: ReadonlyMap<number, TrackedFile>, words: Words): JournalRecord | null {
  const file = row.file === null ? null : (owners.get(row.file) ?? null);
  if (row.file !== null && file === null) return null;
  const { seq, at, kind, route, event: what, detail, from_status: from, to_status } = decodeEntry(row, file, words);
  if (file === null) {
    if (kind === 'gate') return { kind, seq, at, route: routeName(route), event: decodeEvent<GateEvent>(what, detail) };
    const event = decodeEvent<RouteEvent>(what, detail);
    return { kind: 'route_fact', seq, at, route: routeName(route), key: routeFactKeys[event.kind], event };
  }
  const event = decodeEvent<FileEvent>(what, detail);
  if (to_status === null) return { kind: 'file_fact', seq, at, event, file };
  return { kind: 'transition', seq, at, event, from, to: to_status, file };
}
