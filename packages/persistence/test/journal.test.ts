import type { JournalRecord } from '@sluice/core';
import { ProgrammingError } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal, type WritableJournal } from '../src/journal.ts';
import { withPath } from './support/folder.ts';
import { completed, idOf, ready, route, type TestWriter, writerOf } from './support/records.ts';

function withJournal(work: (journal: WritableJournal, write: TestWriter, path: string) => void): () => void {
  return withPath((path) => {
    const journal = openJournal({ path, now: () => 1_234 });
    work(journal, writerOf(journal), path);
    if (journal.database.open) journal.database.close();
  });
}

function thrown(work: () => unknown): Error & { readonly code?: unknown } {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it was accepted');
}

test(
  'agentId: created once, kept over restarts, and different for another folder',
  withJournal((journal, _write, path) => {
    assert.match(journal.agentId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    journal.close();
    const again = openJournal({ path, now: () => 9_999 });
    assert.is(again.agentId, journal.agentId);
    assert.equal(again.database.prepare('SELECT created_at FROM agent').pluck().all(), [1_234]);
    again.close();
    const another = openJournal({ path: `${path}2`, now: () => 0 });
    assert.is.not(another.agentId, journal.agentId);
    another.close();
  }),
);

test(
  'children: recorded until they are forgotten, and distinguished by boot and start time',
  withJournal((journal, _write, path) => {
    const child = { pid: 7, bootId: 'b1', startTime: '100', kind: 'carrier' };
    journal.noteChild(child, 1);
    journal.noteChild(child, 2);
    journal.noteChild({ ...child, startTime: '200' }, 3);
    journal.noteChild({ ...child, bootId: 'b2' }, 4);
    journal.forgetChild({ pid: 7, bootId: 'b1', startTime: '200' });
    journal.forgetChild({ pid: 8, bootId: 'b1', startTime: '100' });
    journal.close();
    const again = openJournal({ path, now: () => 0 });
    assert.equal(
      again.earlierChildren().map((each) => ({ ...each })),
      [child, { ...child, bootId: 'b2' }],
    );
    again.close();
  }),
);

test(
  'append: among many new files of one batch, one whose source has a live file is refused, whatever its name',
  withJournal((journal, write) => {
    const names = ['a', 'b\0c', 'd\ud800', 'e\u{1f3ac}', 'f\'"\\'];
    names.forEach((name, index) => write.file(ready(index + 1, name)));
    const first = journal.load().nextSeq;
    const found = (numbers: readonly number[], sources: readonly string[]): JournalRecord[] =>
      numbers.map((number, index) => began(first + index, number, sources[index] ?? ''));
    for (const name of names) {
      const why = thrown(() => journal.append(found([11, 12, 13], ['x', name, 'y'])));
      assert.instance(why, ProgrammingError);
      assert.match(why.message, /two live files/);
    }
    write.file(completed(6, 'q'));
    assert.match(thrown(() => journal.append([began(first + 2, 11, 'x'), began(first + 3, 6, 'z')])).message, /used already/);
    assert.is(journal.load().files.length, names.length);
  }),
);

function began(seq: number, number: number, source: string): JournalRecord {
  const growth = { since: 0, movedAt: 0, roseFrom: null, roseTimes: 0, roseAt: 0 };
  const { growing: _g, networkTries: _n, movedAt: _m, hold: _h, retryAt: _r, ...common } = ready(number, source);
  const file = { ...common, status: 'DISCOVERED', growth } as const;
  return { kind: 'transition', seq, at: 1, event: { kind: 'found' }, from: null, to: 'DISCOVERED', file };
}

test(
  'append: a full disk is an error with its code, nothing of the batch is written, and the same batch is accepted later',
  withJournal((journal) => {
    const { database } = journal;
    database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 2}`);
    const text = 'x'.repeat(100_000);
    const fact = { kind: 'route_fact', at: 1, route, key: 'first' } as const;
    const batch: JournalRecord[] = [
      { ...fact, seq: 1, event: { kind: 'first', sources: [] } },
      { ...fact, seq: 2, event: { kind: 'first', sources: [text] } },
    ];
    assert.is(thrown(() => journal.append(batch)).code, 'SQLITE_FULL');
    assert.is(journal.load().nextSeq, 1);
    assert.is(database.inTransaction, false);
    database.pragma('max_page_count = 1000000');
    journal.append(batch);
    assert.equal(journal.load().routeFacts, [batch[1]]);
  }),
);

test(
  'append: what SQLite refuses by a rule is a programming error, which is not retried',
  withJournal((journal, write) => {
    write.file(ready(1, 'a'));
    const half = { kind: 'route_fact', seq: 3, at: 0.5, route, key: 'hold', event: { kind: 'hold_expired' } } as const;
    const error = thrown(() => journal.append([half]));
    assert.instance(error, ProgrammingError);
    assert.is('code' in error, false);
    assert.match(error.message, 'the journal refuses a record: cannot store REAL value in INTEGER column entries.at');
  }),
);

const forbidden: readonly (readonly [string, string])[] = [
  ['an id used twice', `UPDATE files SET id = '${idOf(1)}' WHERE id = '${idOf(2)}'`],
  ['a number used twice', 'INSERT INTO entries SELECT * FROM entries WHERE seq = 1'],
  ['an entry of a file that is not there', 'INSERT INTO entries VALUES (99, 1, 77, NULL, 1, NULL, 3, NULL, 0)'],
  ['a file removed from under its entries', `DELETE FROM files WHERE id = '${idOf(1)}'`],
  ['an entry changed', 'UPDATE entries SET event = 2 WHERE seq = 1'],
  ['a transition of no file', 'INSERT INTO entries VALUES (99, 1, NULL, 1, 1, NULL, 3, NULL, 0)'],
  ['an entry of no file and no route', 'INSERT INTO entries VALUES (99, 1, NULL, NULL, 1, NULL, NULL, NULL, 0)'],
  ['a gate that is neither', "INSERT INTO gates VALUES (99, 1, 'r', 'ajar', '{}', 0)"],
  ['an end without a moment', `UPDATE files SET ended_at = NULL WHERE id = '${idOf(2)}'`],
  ['a moment without an end', `UPDATE files SET status = 3 WHERE id = '${idOf(2)}'`],
  ['a moment that is text', `UPDATE files SET ended_at = 'noon' WHERE id = '${idOf(2)}'`],
  ['two agents', "INSERT INTO agent (only_one, agent_id, created_at) VALUES (2, 'x', 1)"],
];

for (const [what, sql] of forbidden) {
  test(
    `the schema refuses ${what}`,
    withJournal((journal, write) => {
      write.file(ready(1, 'a'));
      write.file(completed(2, 'b'));
      assert.match(String(thrown(() => journal.database.exec(sql)).code), /^SQLITE_CONSTRAINT/);
    }),
  );
}

test.run();
