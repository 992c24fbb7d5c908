import { readdirSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';
import { journalTrouble, newestVersion } from '../../src/open/migrate.ts';
import { withPath } from '../support/folder.ts';

function madeAt(path: string): void {
  openJournal({ path, now: () => 0 }).close();
}

function change(path: string, pragma: string): void {
  const database = new Database(path);
  database.pragma(pragma);
  database.pragma('journal_mode = DELETE');
  database.close();
}

test(
  'journalTrouble: is null for a journal of ours, and creates nothing next to it',
  withPath((path, folder) => {
    madeAt(path);
    const before = readdirSync(folder);
    assert.is(journalTrouble(path), null);
    assert.equal(readdirSync(folder), before);
  }),
);

test(
  'journalTrouble: reports a newer journal, and a file that is not a database',
  withPath((path) => {
    madeAt(path);
    change(path, `user_version = ${newestVersion + 1}`);
    assert.is(journalTrouble(path)?.reason, 'newer');
    writeFileSync(path, 'x'.repeat(200));
    assert.is(journalTrouble(path)?.reason, 'damaged');
  }),
);

test(
  'journalTrouble: is null for an empty file, a missing one, a folder, and a database of another program',
  withPath((path, folder) => {
    assert.is(journalTrouble(path), null);
    assert.is(journalTrouble(folder), null);
    writeFileSync(path, '');
    assert.is(journalTrouble(path), null);
    madeAt(path);
    change(path, 'application_id = 7');
    assert.is(journalTrouble(path), null);
  }),
);

test.run();
