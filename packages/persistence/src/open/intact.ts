import type Database from 'better-sqlite3';
import { limits } from '../limits.ts';
import { assertFile, countedRow, type FileRow, fileColumns } from '../rows/codec.ts';
import { Recount } from '../rows/tally.ts';
import { Words } from '../rows/words.ts';
import { damaged } from '../unusable.ts';

/**
 * Reads the whole database: its pages, and whether its indexes agree with the tables. `quick_check` takes half the time but does
 * not find a damaged index. A file that an index has lost, or has under another name, would then be missing from results without
 * an error.
 * @throws JournalUnusable
 */
export function assertIntact(database: Database.Database, path: string): void {
  const check = database.pragma('integrity_check(1)', { simple: true });
  if (check !== 'ok') throw damaged(`integrity_check of ${path}: ${String(check)}`);
}

/**
 * Verifies every tracked file, and that none is missing, in one read transaction, because an agent may be writing.
 * @throws JournalUnusable
 */
export function assertRows(database: Database.Database): void {
  const words = new Words(database);
  const verify = database.transaction(() => {
    for (const row of everyFile(database)) assertFile(row, words.text(row.route));
  });
  verify();
}

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
