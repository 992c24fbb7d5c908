import type Database from 'better-sqlite3';
import { damaged } from '../unusable.ts';

/**
 * Rows of `files` whose columns are not those of their record. The record has a checksum; these columns are in no index, which
 * SQLite would compare with the table, and are shown without the record.
 */
const differing = `SELECT id FROM files WHERE CASE WHEN json_valid(record) THEN
    size_bytes IS NOT record ->> '$.fingerprint.sizeBytes' OR discovered_at IS NOT record ->> '$.discoveredAt'
    OR recovery_of IS NOT record ->> '$.recoveryOf' OR recovered_by IS NOT record ->> '$.recoveredBy'
  ELSE 1 END LIMIT 1`;

/**
 * Reads the whole database: its pages, and whether its indexes have what the tables have. `quick_check` would take half the time,
 * and not see a damaged index: a file that an index has lost, or has under another name, is not found, without an error.
 *
 * @throws JournalUnusable
 */
export function assertIntact(database: Database.Database, path: string): void {
  const check = database.pragma('integrity_check(1)', { simple: true });
  if (check !== 'ok') throw damaged(`integrity_check of ${path}: ${String(check)}`);
}

/** Compares the columns of tracked files with their records. @throws JournalUnusable */
export function assertColumns(database: Database.Database): void {
  const row = database.prepare(differing).get() as { id: string } | undefined;
  if (row !== undefined) throw damaged(`the columns of tracked file ${row.id} are not those of its record`);
}
