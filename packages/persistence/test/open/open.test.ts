import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newestFiles } from '@sluice/testkit';
import Database from 'better-sqlite3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';
import { openForReading, openForWriting } from '../../src/open/open.ts';
import { openReader } from '../../src/queries/queries.ts';
import { refusal, withPath } from '../support/folder.ts';
import { completed, writerOf } from '../support/records.ts';

const open = (path: string): ReturnType<typeof openJournal> => openJournal({ path, now: () => 0 });

/** A journal of some pages, closed. */
function makeJournal(path: string): void {
  const journal = open(path);
  const write = writerOf(journal);
  journal.database.pragma('synchronous = OFF');
  for (let number = 1; number <= 200; number += 1) write.file(completed(number, `day/${number}.mxf`));
  journal.close();
}

/** What is refused keeps every byte; next to it SQLite may leave an empty log and its index. */
function refusedUnchanged(path: string, folder: string, work: () => unknown): ReturnType<typeof refusal> {
  const log = `${path}-wal`;
  const before = [readFileSync(path), existsSync(log) ? readFileSync(log) : Buffer.of()];
  const names = readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name));
  const error = refusal(work);
  assert.is(Buffer.compare(readFileSync(path), before[0] as Buffer), 0, 'the file was changed');
  assert.is(Buffer.compare(existsSync(log) ? readFileSync(log) : Buffer.of(), before[1] as Buffer), 0, 'its log was changed');
  assert.equal(
    readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name)),
    names,
  );
  return error;
}

test(
  'openForWriting sets WAL, and synchronous FULL is read back as 2',
  withPath((path) => {
    for (let life = 0; life < 2; life += 1) {
      const { database } = openForWriting({ path });
      assert.is(database.pragma('journal_mode', { simple: true }), 'wal');
      assert.is(database.pragma('synchronous', { simple: true }), 2);
      assert.is(database.pragma('foreign_keys', { simple: true }), 1);
      assert.is(database.pragma('application_id', { simple: true }), 0x534c5549);
      assert.is(database.pragma('journal_size_limit', { simple: true }), 64 * 1024 * 1024);
      database.close();
    }
  }),
);

test(
  'every table is STRICT',
  withPath((path) => {
    const { database } = openForWriting({ path });
    const tables = database.pragma('table_list') as { name: string; strict: number }[];
    const ours = tables.filter((table) => !table.name.startsWith('sqlite_'));
    assert.equal(ours.map((table) => table.name).sort(), [
      'agent',
      'children',
      'counts',
      'entries',
      'files',
      'gates',
      'route_facts',
      'words',
    ]);
    for (const { name, strict } of ours) assert.is(strict, 1, name);
    database.close();
  }),
);

const damages: readonly (readonly [string, (path: string) => void])[] = [
  [
    'pages overwritten',
    (path) => {
      const bytes = readFileSync(path);
      bytes.fill(0xa5, 3 * 4_096, bytes.length - 4_096);
      writeFileSync(path, bytes);
    },
  ],
  ['cut off in the middle', (path) => truncateSync(path, Math.floor(statSync(path).size / 2 / 4_096) * 4_096)],
  ['cut off within a page', (path) => truncateSync(path, 4_096 * 3 + 100)],
  ['cut off in the header', (path) => truncateSync(path, 50)],
  ['no database at all', (path) => writeFileSync(path, 'this is my shopping list\n'.repeat(500))],
  [
    'its schema overwritten',
    (path) => {
      const bytes = readFileSync(path);
      bytes.fill(0xa5, 100, 4_096);
      writeFileSync(path, bytes);
    },
  ],
];

for (const [what, damage] of damages) {
  test(
    `a damaged journal is refused and left as it is: ${what}`,
    withPath((path, folder) => {
      makeJournal(path);
      damage(path);
      for (const work of [() => open(path), () => openReader({ path })]) {
        const error = refusedUnchanged(path, folder, work);
        assert.is(error.reason, 'damaged');
        assert.match(error.operator, 'another state folder');
      }
    }),
  );
}

test(
  'a damaged journal keeps the log that a killed agent left',
  withPath((path, folder) => {
    makeJournal(path);
    const journal = open(path);
    writerOf(journal).file(completed(1_000, 'in the log'));
    const crashed = join(folder, 'crashed');
    mkdirSync(crashed);
    for (const name of ['journal.db', 'journal.db-wal']) copyFileSync(join(folder, name), join(crashed, name));
    journal.close();
    const its = join(crashed, 'journal.db');
    const bytes = readFileSync(its);
    bytes.fill(0xa5, 6 * 4_096, bytes.length - 4_096);
    writeFileSync(its, bytes);
    assert.ok(statSync(`${its}-wal`).size > 4_096);
    assert.is(refusedUnchanged(its, crashed, () => open(its)).reason, 'damaged');
  }),
);

test(
  'a database of another program is refused and left as it is',
  withPath((path, folder) => {
    const tables = 'CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)';
    for (const [name, make] of [
      ['tables.db', (database: Database.Database) => database.exec(tables)],
      ['app.db', (database: Database.Database) => database.pragma('application_id = 1234')],
      ['both.db', (database: Database.Database) => database.exec(`PRAGMA application_id = 7; ${tables}`)],
      ['view.db', (database: Database.Database) => database.exec('CREATE VIEW theirs AS SELECT 1')],
    ] as const) {
      const its = join(folder, name);
      const database = new Database(its);
      make(database);
      database.close();
      for (const work of [() => open(its), () => openReader({ path: its })]) {
        const error = refusedUnchanged(its, folder, work);
        assert.is(error.reason, 'foreign', name);
        assert.match(error.operator, `${its} is a database of another program`);
      }
    }
    assert.is(readdirSync(folder).includes(path), false);
  }),
);

test(
  'a first start that a crash cut short is taken up again, wherever it was',
  withPath((path, folder) => {
    writeFileSync(path, '');
    open(path).close();
    const early = join(folder, 'early.db');
    const database = new Database(early);
    database.pragma('journal_mode = WAL');
    database.close();
    open(early).close();
    const named = join(folder, 'named.db');
    const second = new Database(named);
    second.pragma(`application_id = ${0x534c5549}`);
    second.close();
    open(named).close();
    openReader({ path: named }).close();
  }),
);

test(
  'openForReading reports that there is nothing to read',
  withPath((path) => {
    assert.is(refusal(() => openForReading({ path })).reason, 'missing');
    writeFileSync(path, '');
    assert.is(refusal(() => openForReading({ path })).reason, 'missing');
    assert.is(statSync(path).size, 0);
  }),
);

test(
  'openReader reads next to the writer and changes nothing',
  withPath((path) => {
    const journal = open(path);
    const write = writerOf(journal);
    write.file(completed(1, 'a'));
    const reader = openReader({ path });
    assert.is(reader.counts('ingest').COMPLETED, 1);
    write.file(completed(2, 'b'));
    assert.is(reader.counts('ingest').COMPLETED, 2);
    reader.close();
    const readonly = openForReading({ path });
    assert.throws(() => readonly.exec('DELETE FROM entries'), 'readonly');
    readonly.close();
    journal.close();
  }),
);

test(
  'openReader reports damage that it meets while it answers',
  withPath((path) => {
    makeJournal(path);
    const reader = openReader({ path });
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4_096);
    writeFileSync(path, bytes);
    // A commit makes the reader forget what it has in memory.
    const writer = new Database(path);
    writer.pragma('user_version = 1');
    assert.is(refusal(() => reader.files({ endedSince: null, limit: 1_000 })).reason, 'damaged');
    reader.close();
    writer.close();
  }),
);

test(
  'openJournal reports a journal that somebody else has locked',
  withPath((path) => {
    makeJournal(path);
    const holder = new Database(path);
    holder.pragma('locking_mode = EXCLUSIVE');
    holder.exec('BEGIN EXCLUSIVE');
    assert.is(refusal(() => openJournal({ path, now: () => 0, busyMs: 50 })).reason, 'locked');
    holder.close();
    open(path).close();
  }),
);

test(
  'openJournal reports a folder, and a path that is none',
  withPath((path, folder) => {
    mkdirSync(path);
    assert.is(refusal(() => open(path)).reason, 'unreadable');
    assert.is(refusal(() => open(join(folder, 'no such folder', 'journal.db'))).reason, 'unreadable');
  }),
);

test(
  'a journal whose agent was killed is read and written again, with what its write-ahead log holds',
  withPath((path, folder) => {
    const journal = open(path);
    writerOf(journal).file(completed(1, 'a'));
    const crashed = join(folder, 'crashed');
    mkdirSync(crashed);
    for (const name of readdirSync(folder)) if (name.startsWith('journal')) copyFileSync(join(folder, name), join(crashed, name));
    journal.close();
    const its = join(crashed, 'journal.db');
    const reader = openReader({ path: its });
    assert.equal(reader.lineage('ingest', 'a'), [completed(1, 'a')]);
    reader.close();
    const next = open(its);
    assert.equal(newestFiles(next, 'ingest'), [completed(1, 'a')]);
    writerOf(next).file(completed(2, 'b'));
    next.close();
  }),
);

test.run();
