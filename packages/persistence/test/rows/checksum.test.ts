import Database from 'better-sqlite3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';
import { checkJournal } from '../../src/open/check.ts';
import { openReader } from '../../src/queries/queries.ts';
import { refusal, withPath } from '../support/folder.ts';
import { completed, idOf, writerOf } from '../support/records.ts';

/** Makes a journal with rows in every table that has checksums: entries 1 and 2 of a file, 3 of a gate, 4 of a route. */
function fill(path: string): void {
  const journal = openJournal({ path, now: () => 0 });
  const write = writerOf(journal);
  write.file(completed(1, 'a.mxf'));
  write.gate('closed', 2_000);
  write.routeFact({ kind: 'released', by: 'ann', reason: null });
  journal.close();
}

/** Does what a flipped bit on the disk does. */
function flip(path: string, table: string, column: string): void {
  const database = new Database(path);
  database.exec('DROP TRIGGER IF EXISTS entries_never_change; PRAGMA ignore_check_constraints = ON');
  const kind = database.prepare(`SELECT typeof(${column}) AS type FROM ${table} WHERE ${column} IS NOT NULL LIMIT 1`).get() as {
    type: string;
  };
  const flipped =
    kind.type === 'integer'
      ? `${column} + 1`
      : `substr(${column}, 1, 3) || char(unicode(substr(${column}, 4, 1)) + 1) || substr(${column}, 5)`;
  database.pragma('foreign_keys = OFF');
  assert.is(database.prepare(`UPDATE ${table} SET ${column} = ${flipped} WHERE ${column} IS NOT NULL`).run().changes > 0, true);
  database.close();
}

function readAll(path: string): void {
  const reader = openReader({ path });
  try {
    reader.file(idOf(1));
    reader.timeline(idOf(1));
    reader.records({ before: null, limit: 10 });
    reader.outages(0);
  } finally {
    reader.close();
  }
}

for (const column of ['status', 'size_bytes', 'discovered_at', 'ended_at', 'mtime_ns', 'source']) {
  test(
    `decodeFile: a flipped bit in ${column} of files is damage, for a command and for an agent`,
    withPath((path) => {
      fill(path);
      flip(path, 'files', column);
      for (const read of [() => openReader({ path }), () => openJournal({ path, now: () => 0 }), () => checkJournal({ path })]) {
        const { reason, technical } = refusal(read);
        assert.is(reason, 'damaged');
        assert.match(technical, /^the record of tracked file .* does not match its checksum$/u);
      }
    }),
  );
}

for (const sql of ['DELETE FROM files', 'UPDATE counts SET files = 7', 'UPDATE counts SET what = 12', 'DELETE FROM counts']) {
  test(
    `everyFile: a number of files that differs from the count is damage: ${sql}`,
    withPath((path) => {
      fill(path);
      const database = new Database(path);
      database.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
      database.close();
      for (const read of [() => openReader({ path }), () => openJournal({ path, now: () => 0 }), () => checkJournal({ path })])
        assert.is(refusal(read).reason, 'damaged');
    }),
  );
}

test(
  'decodeFile: a row of files that differs from what was written is damage, and is named',
  withPath((path) => {
    fill(path);
    readAll(path);
    flip(path, 'files', 'record');
    const { reason, technical } = refusal(() => openReader({ path, isChecked: true }).file(idOf(1)));
    assert.is(reason, 'damaged');
    assert.is(technical, `the record of tracked file ${idOf(1)} (COMPLETED) does not match its checksum`);
  }),
);

for (const column of ['at', 'from_status', 'to_status', 'detail']) {
  test(
    `decodeEntry: a flipped bit in ${column} of an entry is damage, and the entry is named`,
    withPath((path) => {
      fill(path);
      flip(path, 'entries', column);
      const { reason, technical } = refusal(() => openReader({ path }).records({ before: null, limit: 10 }));
      assert.is(reason, 'damaged');
      assert.match(technical, /^entry [1-4] \(.*\) does not match its checksum$/u);
    }),
  );
}

for (const [table, column, technical] of [
  ['entries', 'event', /^(?:entry [1-4] \(.*\) does not match its checksum|word [0-9]+ is not in the journal)$/],
  ['entries', 'route', /^(?:entry [1-4] \(.*\) does not match its checksum|word [0-9]+ is not in the journal)$/],
  ['words', 'text', /^word 1 does not match its checksum$/],
] as const) {
  test(
    `decodeEntry: a flipped bit in ${column} of ${table} is damage`,
    withPath((path) => {
      fill(path);
      flip(path, table, column);
      assert.match(refusal(() => openReader({ path }).records({ before: null, limit: 10 })).technical, technical);
    }),
  );
}

test(
  'assertFact: the facts of a route, and a gate, are verified when they are read',
  withPath((path) => {
    fill(path);
    flip(path, 'route_facts', 'at');
    const journal = openJournal({ path, now: () => 0 });
    assert.match(refusal(() => journal.load()).technical, /^record 4 of route ingest .* does not match its checksum/u);
    flip(path, 'gates', 'at');
    const damagedGate = /^record 3 of route ingest \(closed\) does not match/u;
    assert.match(refusal(() => journal.load()).technical, damagedGate);
    assert.match(refusal(() => openReader({ path }).outages(0)).technical, damagedGate);
    journal.close();
  }),
);

test(
  'assertFact: the newest gate of a route is verified too',
  withPath((path) => {
    fill(path);
    flip(path, 'gates', 'at');
    assert.match(refusal(() => openReader({ path }).lastGate('ingest')).technical, /^record 3 of route ingest \(closed\) does not match/u);
  }),
);

for (const column of ['agent_id', 'created_at', 'machine_id', 'machine_name']) {
  test(
    `assertAgent: a flipped bit in ${column} is damage, and not another agent`,
    withPath((path) => {
      fill(path);
      const journal = openJournal({ path, now: () => 0 });
      journal.noteMachine({ id: 'one', name: 'ingest' });
      journal.close();
      openJournal({ path, now: () => 0 }).close();
      flip(path, 'agent', column);
      assert.is(refusal(() => openJournal({ path, now: () => 0 })).technical, 'the record of the agent itself does not match its checksum');
    }),
  );
}

test(
  'openJournal: a journal with entries whose agent is lost is damaged, and gets no new agent',
  withPath((path) => {
    fill(path);
    const database = new Database(path);
    database.exec('DELETE FROM agent');
    database.close();
    assert.is(refusal(() => openJournal({ path, now: () => 0 })).technical, 'the record of the agent itself is not there');
  }),
);

test(
  'assertChild: a child process with another number is damage',
  withPath((path) => {
    fill(path);
    const journal = openJournal({ path, now: () => 0 });
    journal.noteChild({ pid: 17, bootId: 'boot', startTime: '1', kind: 'carrier' }, 5);
    assert.equal(journal.earlierChildren(), [{ pid: 17, bootId: 'boot', startTime: '1', kind: 'carrier' }]);
    journal.close();
    flip(path, 'children', 'pid');
    const again = openJournal({ path, now: () => 0 });
    assert.is(refusal(() => again.earlierChildren()).technical, 'the record of child process 18 (carrier) does not match its checksum');
    again.close();
  }),
);

test.run();
