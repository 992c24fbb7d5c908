import type { JournalRecord } from '@sluice/core';
import type Database from 'better-sqlite3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';
import { laterRecordsQuery, ownerQuery, recordsQuery } from '../../src/queries/log-query.ts';
import { type JournalReader, openReader, readerOf } from '../../src/queries/queries.ts';
import { refusal, withPath } from '../support/folder.ts';
import { became, closed, completed, failed, idOf, noted, ready, route, type TestWriter, writerOf } from '../support/records.ts';

interface Desk {
  readonly reader: Omit<JournalReader, 'close'>;
  readonly write: TestWriter;
  readonly database: Database.Database;
  readonly path: string;
}

function withDesk(work: (desk: Desk) => void): () => void {
  return withPath((path) => {
    const journal = openJournal({ path, now: () => 0 });
    const { database } = journal;
    database.pragma('synchronous = OFF');
    work({ reader: readerOf(database), write: writerOf(journal), database, path });
    journal.close();
  });
}

const seqs = (records: readonly JournalRecord[]): number[] => records.map(({ seq }) => seq);

/** Returns all of it, read in pages. */
function pages(reader: Desk['reader'], limit: number): JournalRecord[] {
  const all: JournalRecord[] = [];
  for (let before: number | null = null; ; ) {
    const page = reader.records({ before, limit });
    assert.ok(page.length <= limit);
    const oldest = page.at(-1);
    if (oldest === undefined) return all;
    all.push(...page);
    before = oldest.seq;
  }
}

/** Returns all records, read in pages from the oldest on. */
function laterPages(reader: Desk['reader'], limit: number): JournalRecord[] {
  const all: JournalRecord[] = [];
  for (let after = 0; ; ) {
    const page = reader.records({ before: null, after, limit });
    assert.ok(page.length <= limit);
    const newest = page.at(-1);
    if (newest === undefined) return all;
    all.push(...page);
    after = newest.seq;
  }
}

test(
  'records: every kind is returned as it was appended, newest first, with the present state of its file',
  withDesk(({ reader, write }) => {
    write.gate('closed', 1_000, { code: 'EIO' });
    write.gate('open', 1_001);
    const hold = { kind: 'held', by: 'ann', since: 1_002, until: null, reason: 'lunch' } as const;
    write.routeFact(hold, 1_002);
    const now = completed(1, 'a.mxf');
    write.file(now, 1_003);
    const newest = completed(1, 'a.mxf', { notes: [{ kind: 'source_removed' }] });
    write.fact(newest);
    assert.equal(reader.records({ before: null, limit: 100 }), [
      { kind: 'file_fact', seq: 6, at: 3_000, event: noted, file: newest },
      { kind: 'transition', seq: 5, at: 1_004, event: became, from: 'DISCOVERED', to: 'COMPLETED', file: newest },
      { kind: 'transition', seq: 4, at: 1_003, event: { kind: 'found' }, from: null, to: 'DISCOVERED', file: newest },
      { kind: 'route_fact', seq: 3, at: 1_002, route, key: 'hold', event: hold },
      { kind: 'gate', seq: 2, at: 1_001, route, event: { kind: 'gate_opened', destination: '/mnt/nas' } },
      { kind: 'gate', seq: 1, at: 1_000, route, event: { ...closed, code: 'EIO' } },
    ]);
  }),
);

test(
  'records: in pages of any size nothing is missing and nothing comes twice',
  withDesk(({ reader, write }) => {
    for (let number = 1; number <= 30; number += 1) {
      write.file(number % 2 === 0 ? ready(number, `${number}.mxf`) : failed(number, `${number}.mxf`));
      if (number % 3 === 0) write.gate('open', number);
      if (number % 5 === 0) write.routeFact({ kind: 'hold_expired' }, number);
    }
    const all = Array.from({ length: 76 }, (_, index) => 76 - index);
    for (const limit of [1, 2, 7, 75, 76, 77, 1_000]) {
      assert.equal(seqs(pages(reader, limit)), all, `pages of ${limit}`);
      assert.equal(seqs(laterPages(reader, limit)), all.toReversed(), `pages of ${limit}, onwards`);
    }
  }),
);

test(
  'records: appending while a reader pages does not move its pages',
  withDesk(({ reader, write }) => {
    for (let number = 1; number <= 10; number += 1) write.gate('open', number);
    const first = reader.records({ before: null, limit: 4 });
    for (let number = 1; number <= 10; number += 1) write.gate('closed', number);
    assert.equal(seqs(reader.records({ before: first.at(-1)?.seq ?? null, limit: 4 })), [6, 5, 4, 3]);
  }),
);

test(
  'records: there is none before the first, and none in an empty journal',
  withDesk(({ reader, write }) => {
    assert.equal(reader.records({ before: null, limit: 5 }), []);
    write.gate('open', 1);
    assert.equal(reader.records({ before: 1, limit: 5 }), []);
  }),
);

test(
  'records: entries whose file was pruned are left out, however many are in a row, and paging continues after them',
  withDesk(({ reader, write, database }) => {
    write.gate('open', 1);
    for (let number = 1; number <= 20; number += 1) write.file(completed(number, `${number}.mxf`));
    write.gate('closed', 2);
    database.pragma('foreign_keys = OFF');
    const remove = database.prepare('DELETE FROM files WHERE id = ?');
    for (let number = 2; number <= 20; number += 1) remove.run(idOf(number));
    for (const limit of [1, 3, 1_000]) assert.equal(seqs(pages(reader, limit)), [42, 3, 2, 1], `pages of ${limit}`);
  }),
);

test(
  'records: paging works after pruning',
  withPath((path) => {
    const journal = openJournal({ path, now: () => 0 });
    const write = writerOf(journal);
    for (let number = 1; number <= 20; number += 1) write.file(completed(number, `${number}.mxf`, { endedAt: number }));
    write.gate('open', 50);
    while (!journal.prune({ before: 15, isAtSource: () => false }).isDone);
    const left = seqs(pages(readerOf(journal.database), 3));
    assert.equal(left, [41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29]);
    journal.close();
  }),
);

test(
  'records: a page is found by the primary key, whatever the journal holds, without sorting',
  withDesk(({ database }) => {
    const planOf = (sql: string, ...values: number[]): string[] =>
      (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]).map(({ detail }) => detail);
    assert.equal(planOf(recordsQuery, 9, 9), ['SEARCH entries USING INTEGER PRIMARY KEY (rowid<?)']);
    assert.equal(planOf(laterRecordsQuery, 9, 9), ['SEARCH entries USING INTEGER PRIMARY KEY (rowid>?)']);
    assert.equal(planOf(ownerQuery, 9), ['SEARCH files USING INTEGER PRIMARY KEY (rowid=?)']);
  }),
);

test(
  'records: a reader next to the writer has them too, and reports a damaged one',
  withDesk(({ write, database, path }) => {
    write.file(completed(1, 'a.mxf'));
    const reader = openReader({ path });
    assert.equal(seqs(reader.records({ before: null, limit: 9 })), [2, 1]);
    database.prepare("UPDATE files SET record = '{'").run();
    assert.match(refusal(() => reader.records({ before: null, limit: 9 })).technical, 'does not match its checksum');
    reader.close();
  }),
);

test.run();
