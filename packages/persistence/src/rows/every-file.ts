import type Database from 'better-sqlite3';
import { limits } from '../limits.ts';
import { countedRow, type FileRow, fileColumns } from './codec.ts';
import { Recount } from './tally.ts';

export const everyFileQuery = `SELECT ${fileColumns} FROM files WHERE n > ? ORDER BY n LIMIT ?`;

/**
 * Every row of `files`, in the order in which the files were found; in a transaction, where others may write.
 *
 * @throws JournalUnusable at the end, where there are others than were counted as they were written
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
