import { type FileEvent, type GateEvent, type JournalRecord, type RouteEvent, routeFactKeys } from '@sluice/core';
import { routeName, type TrackedFile } from '@sluice/core/model';
import type Database from 'better-sqlite3';
import { decodeEntry, decodeEvent, decodeFile, type EntryRow, type FileRow, fileColumns } from '../rows/codec.ts';
import { Words } from '../rows/words.ts';

/** A piece of the journal, from its end backwards. */
export interface RecordQuery {
  /** Records before this number; null: from the newest on. */
  readonly before: number | null;
  readonly limit: number;
}

export const recordsQuery = 'SELECT * FROM entries WHERE seq < ? ORDER BY seq DESC LIMIT ?';
export const ownerQuery = `SELECT ${fileColumns} FROM files WHERE n = ?`;

/**
 * Records as they were appended, newest first; a file stands in them as it is by now, not as it was.
 *
 * @throws JournalUnusable where a row cannot be read
 */
export function readRecords(database: Database.Database, { before, limit }: RecordQuery): JournalRecord[] {
  const ask = database.prepare(recordsQuery);
  const words = new Words(database);
  for (let end = before ?? Number.MAX_SAFE_INTEGER; ; ) {
    const rows = ask.all(end, limit) as EntryRow[];
    const owners = ownersOf(database, rows, words);
    const records = rows.flatMap((row) => recordOf(row, owners, words) ?? []);
    const oldest = rows.at(-1);
    // None is the end of the journal, and never a piece of it that nothing is left of.
    if (records.length > 0 || oldest === undefined) return records;
    end = oldest.seq;
  }
}

/** The files of entries, each read once, by their numbers; one that is not in the journal any more is left out. */
function ownersOf(database: Database.Database, rows: readonly EntryRow[], words: Words): ReadonlyMap<number, TrackedFile> {
  const ask = database.prepare(ownerQuery);
  const owners = new Map<number, TrackedFile>();
  for (const { file: n } of rows) {
    const row = n === null || owners.has(n) ? undefined : (ask.get(n) as FileRow | undefined);
    if (row !== undefined) owners.set(row.n, decodeFile(row, words));
  }
  return owners;
}

/** @returns null for an entry whose file is not in the journal any more */
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
