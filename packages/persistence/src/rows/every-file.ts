import type Database from 'better-sqlite3';
import { limits } from '../limits.ts';
import { countedRow, type FileRow, fileColumns } from './codec.ts';
import { Recount } from './tally.ts';

/** The statement that reads the rows in parts. */
export const everyFileQuery = `SELECT ${fileColumns} FROM files WHERE n > ? ORDER BY n LIMIT ?`;

/**
 * Yields every row of `files`, in the order in which the files were found. Use it in a transaction if others may write.
 * @throws JournalUnusable at the end, if their number differs from what was counted when they were written
 */
export function* everyFile(database: Database.Database): Generator<FileRow, void> {
  const ask = database.prepare(everyFileQuery);
  const recount = new Recount();
  for (let after = 0; ; ) {
    const rows = ask.all(after, limits.loadedRows) as FileRow[];
    for (const row of rows) {
      recount.add(countedRow(row));
      yield row;
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.n;
  }
  recount.assertStored(database);
}
