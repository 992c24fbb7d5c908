import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';
import { migrate, newestVersion, versionOf } from '../../src/open/migrate.ts';
import { openReader } from '../../src/queries/queries.ts';
import { refusal, withPath } from '../support/folder.ts';
import { completed, writerOf } from '../support/records.ts';

const first = 'CREATE TABLE one (a INTEGER) STRICT; INSERT INTO one VALUES (1)';
const second = 'CREATE TABLE two (b TEXT) STRICT; INSERT INTO two SELECT a FROM one';
const third = 'ALTER TABLE two ADD COLUMN c TEXT; UPDATE two SET c = b';

function withDatabase(work: (database: Database.Database, path: string, folder: string) => void): () => void {
  return withPath((path, folder) => {
    const database = new Database(path);
    try {
      work(database, path, folder);
    } finally {
      database.close();
    }
  });
}

test(
  'migrate: makes a new journal of the newest version, without a backup',
  withDatabase((database, path, folder) => {
    migrate(database, path, [first, second, third]);
    assert.is(versionOf(database), 3);
    assert.equal(database.prepare('SELECT * FROM two').all(), [{ b: '1', c: '1' }]);
    assert.equal(readdirSync(folder), ['journal.db']);
  }),
);

test(
  'migrate: applies the missing migrations to an older journal, once, and backs it up before',
  withDatabase((database, path, folder) => {
    migrate(database, path, [first]);
    migrate(database, path, [first, second, third]);
    migrate(database, path, [first, second, third]);
    assert.is(versionOf(database), 3);
    assert.equal(database.prepare('SELECT * FROM two').all(), [{ b: '1', c: '1' }]);
    assert.equal(readdirSync(folder).sort(), ['journal.db', 'journal.db.before-v3']);
    const backup = new Database(`${path}.before-v3`, { readonly: true });
    assert.is(versionOf(backup), 1);
    assert.equal(backup.prepare('SELECT * FROM one').all(), [{ a: 1 }]);
    backup.close();
  }),
);

test(
  'migrate: repeats a backup that a crash left incomplete, and keeps a complete one',
  withDatabase((database, path) => {
    migrate(database, path, [first]);
    writeFileSync(`${path}.before-v2.unfinished`, 'half');
    migrate(database, path, [first, second]);
    assert.is(existsSync(`${path}.before-v2.unfinished`), false);
    const backup = new Database(`${path}.before-v2`, { readonly: true });
    assert.is(backup.pragma('quick_check', { simple: true }), 'ok');
    backup.close();
    writeFileSync(`${path}.before-v3`, 'kept');
    migrate(database, path, [first, second, third]);
    assert.throws(() => new Database(`${path}.before-v3`, { readonly: true }).pragma('user_version'), 'not a database');
  }),
);

test(
  'migrate: backs up a journal again that was restored and then used',
  withDatabase((database, path) => {
    migrate(database, path, [first]);
    migrate(database, path, [first, second]);
    database.exec('DROP TABLE two; INSERT INTO one VALUES (2); PRAGMA user_version = 1');
    migrate(database, path, [first, second]);
    const backup = new Database(`${path}.before-v2`, { readonly: true });
    assert.equal(backup.prepare('SELECT * FROM one').all(), [{ a: 1 }, { a: 2 }]);
    backup.close();
    const older = new Database(`${path}.before-v2.older`, { readonly: true });
    assert.equal(older.prepare('SELECT * FROM one').all(), [{ a: 1 }]);
    older.close();
  }),
);

test(
  'migrate: keeps the backup if it was cut off between two steps',
  withDatabase((database, path) => {
    migrate(database, path, [first]);
    assert.throws(() => migrate(database, path, [first, second, `${third}; SELECT nonsense()`]), 'nonsense');
    assert.is(versionOf(database), 2);
    migrate(database, path, [first, second, third]);
    for (const [name, version] of [
      ['', 1],
      ['.from-v2', 2],
    ] as const) {
      const backup = new Database(`${path}.before-v3${name}`, { readonly: true });
      assert.is(versionOf(backup), version);
      backup.close();
    }
  }),
);

test(
  'migrate: a failure in the middle leaves the last complete version',
  withDatabase((database, path) => {
    assert.throws(() => migrate(database, path, [first, `${second}; SELECT nonsense()`, third]), 'nonsense');
    assert.is(versionOf(database), 1);
    assert.equal(database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all(), [{ name: 'one' }]);
    migrate(database, path, [first, second, third]);
    assert.is(versionOf(database), 3);
  }),
);

test(
  'migrate: runs a migration that is a function, and reaches its version only if the function returns',
  withDatabase((database, path) => {
    const work = (on: Database.Database): void => void on.exec(third);
    const fails = (on: Database.Database): void => {
      work(on);
      throw new Error('nonsense');
    };
    assert.throws(() => migrate(database, path, [first, second, fails]), 'nonsense');
    assert.is(versionOf(database), 2);
    assert.equal(database.prepare('SELECT * FROM two').all(), [{ b: '1' }]);
    migrate(database, path, [first, second, work]);
    assert.is(versionOf(database), 3);
    assert.equal(database.prepare('SELECT * FROM two').all(), [{ b: '1', c: '1' }]);
  }),
);

test(
  'a newer journal is refused by writer and reader, and not changed',
  withPath((path, folder) => {
    const journal = openJournal({ path, now: () => 0 });
    writerOf(journal).file(completed(1, 'a'));
    journal.database.pragma(`user_version = ${newestVersion + 1}`);
    journal.close();
    for (const open of [() => openJournal({ path, now: () => 0 }), () => openReader({ path })]) {
      const error = refusal(open);
      assert.is(error.reason, 'newer');
      assert.match(error.operator, 'newer Sluice');
      assert.match(error.operator, path);
      assert.match(error.technical, `user_version is ${newestVersion + 1}, this program reads up to ${newestVersion}`);
    }
    const database = new Database(path);
    assert.is(versionOf(database), newestVersion + 1);
    assert.is((database.prepare('SELECT count(*) AS n FROM entries').get() as { n: number }).n, 2);
    database.close();
    assert.equal(readdirSync(folder), ['journal.db']);
  }),
);

test(
  'a reader says that the agent will upgrade an older journal',
  withPath((path) => {
    const journal = openJournal({ path, now: () => 0 });
    journal.database.pragma('user_version = 0');
    journal.close();
    assert.is(refusal(() => openReader({ path })).reason, 'older');
  }),
);

test.run();
