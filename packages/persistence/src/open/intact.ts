import type Database from 'better-sqlite3';
import { assertFile } from '../rows/codec.ts';
import { everyFile } from '../rows/every-file.ts';
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
