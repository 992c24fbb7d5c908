import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal, type WritableJournal } from '../src/journal.ts';
import { limits } from '../src/limits.ts';
import { type Pruned } from '../src/prune.ts';
import { readerOf } from '../src/queries/queries.ts';
import { refusal, withPath } from './support/folder.ts';
import { completed, failed, idOf, other, ready, route, type TestWriter, writerOf } from './support/records.ts';

function withJournal(work: (journal: WritableJournal, write: TestWriter) => void): () => void {
  return withPath((path) => {
    const journal = openJournal({ path, now: () => 0 });
    journal.database.pragma('synchronous = OFF');
    work(journal, writerOf(journal));
    journal.close();
  });
}

const gone = (): boolean => false;
const there = (): boolean => true;
const count = (journal: WritableJournal, table: string): number =>
  (journal.database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;

function pieces(journal: WritableJournal, before: number, isAtSource = gone): Pruned[] {
  const all: Pruned[] = [];
  do all.push(journal.prune({ before, isAtSource }));
  while (all.at(-1)?.isDone === false && all.length < 1_000);
  return all;
}

const sum = (all: readonly Pruned[], of: 'files' | 'entries'): number => all.reduce((total, piece) => total + piece[of], 0);

test(
  'prune: no part exceeds the limits, and together they are complete',
  withJournal((journal, write) => {
    const files = 3 * limits.pruneFiles;
    for (let number = 1; number <= files; number += 1) write.file(completed(number, `f${number}`));
    write.gate('open', 9_000);
    const all = pieces(journal, 2_001);
    assert.is(sum(all, 'files'), files);
    assert.is(sum(all, 'entries'), 2 * files);
    for (const piece of all) {
      assert.ok(piece.files <= limits.pruneFiles);
      assert.ok(piece.entries <= limits.pruneEntries);
    }
    assert.ok(all.length >= 3);
    assert.equal([count(journal, 'files'), count(journal, 'entries')], [0, 1]);
  }),
);

test(
  'prune: a file with a long timeline is removed in parts, and its record with the last',
  withJournal((journal, write) => {
    const facts = 2 * limits.pruneEntries;
    write.file(completed(1, 'long'));
    journal.database.transaction(() => {
      for (let each = 0; each < facts; each += 1) write.fact(completed(1, 'long'));
    })();
    write.gate('open', 9_000);
    const first = journal.prune({ before: 2_001, isAtSource: gone });
    assert.equal(first, { files: 0, entries: limits.pruneEntries, isDone: false });
    assert.is(count(journal, 'files'), 1);
    assert.is(sum(pieces(journal, 2_001), 'entries'), facts + 2 - limits.pruneEntries);
    assert.is(count(journal, 'files'), 0);
  }),
);

test(
  'prune: files that are kept are skipped, so that every part makes progress',
  withJournal((journal, write) => {
    const kept = 2 * limits.pruneFiles;
    for (let number = 1; number <= kept; number += 1) write.file(completed(number, `kept${number}`, { endedAt: 1_000 }));
    write.file(failed(kept + 1, 'again', { endedAt: 1_500 }));
    write.file(ready(kept + 2, 'again'));
    const looks = pieces(journal, 2_001, there);
    assert.equal(
      looks.map((piece) => [piece.files, piece.isDone]),
      [
        [0, false],
        [0, false],
        [1, true],
      ],
    );
    assert.is(pieces(journal, 2_001, gone).length, 3, 'and starts again when it was done');
    assert.is(count(journal, 'files'), 1);
  }),
);

test(
  'prune: many files that ended in the same millisecond are all reached',
  withJournal((journal, write) => {
    const files = limits.pruneFiles * 2 + 1;
    for (let number = 1; number <= files; number += 1) write.file(completed(number, `f${number}`, { endedAt: 7 }));
    const asked = new Set<string>();
    pieces(journal, 8, ((_route: string, source: string) => asked.add(source).size > 0) as () => boolean);
    assert.is(asked.size, files);
  }),
);

test(
  'prune: removes old entries of routes, but not the newest of the journal, and keeps facts',
  withJournal((journal, write) => {
    write.routeFact({ kind: 'destination_known', marker: 'm', destination: '/mnt/nas' }, 10);
    write.routeFact({ kind: 'parts_to_remove', parts: ['old'] }, 20);
    write.routeFact({ kind: 'parts_to_remove', parts: ['young'] }, 5_000);
    write.routeFact({ kind: 'released', by: 'op', reason: null }, 30);
    const before = journal.load();
    assert.is(sum(pieces(journal, 1_000), 'entries'), 2);
    assert.equal(journal.database.prepare('SELECT seq FROM entries ORDER BY seq').pluck().all(), [3, 4]);
    assert.equal(journal.load(), before);
  }),
);

test(
  'prune: the history of a gate is cut before an opening: no outage loses its beginning, and none is invented',
  withJournal((journal, write) => {
    const reader = readerOf(journal.database);
    write.gate('closed', 100);
    write.gate('open', 200);
    write.gate('closed', 300, { route: other });
    write.gate('closed', 400);
    write.gate('open', 500);
    write.gate('closed', 900);
    write.gate('closed', 950, { cause: 'hung' });
    write.gate('open', 2_000);
    const whole = reader.outages(901);
    assert.equal(
      whole.map((outage) => [outage.route, outage.since, outage.until]),
      [
        [route, 900, 2_000],
        [other, 300, null],
      ],
    );
    pieces(journal, 1_000);
    assert.equal(reader.outages(901), whole);
    assert.equal(journal.database.prepare('SELECT at FROM gates ORDER BY seq').pluck().all(), [300, 500, 900, 950, 2_000]);
    assert.is(reader.lastGate(route)?.state, 'open');
    assert.is(reader.lastGate(other)?.state, 'closed');
  }),
);

test(
  'prune: the file of the newest entry waits until there is a newer entry',
  withJournal((journal, write) => {
    write.file(completed(1, 'a'));
    assert.is(sum(pieces(journal, 9_999), 'files'), 0);
    write.gate('open', 9_000);
    assert.is(sum(pieces(journal, 9_999), 'files'), 1);
  }),
);

test(
  'prune: a recovery whose earlier attempt was removed stays complete',
  withJournal((journal, write) => {
    write.file(failed(1, 'a', { recoveredBy: idOf(2) }));
    write.file(completed(2, 'a', { recoveryOf: idOf(1), destination: 'a_1' }));
    write.gate('open', 9_000);
    pieces(journal, 9_999, there);
    assert.equal(readerOf(journal.database).lineage(route, 'a'), [completed(2, 'a', { recoveryOf: idOf(1), destination: 'a_1' })]);
    assert.equal(readerOf(journal.database).timeline(idOf(1)), []);
    assert.equal(journal.database.pragma('foreign_key_check'), []);
  }),
);

test(
  'prune: a damaged record stops the part, and nothing of the part is removed',
  withJournal((journal, write) => {
    write.file(completed(1, 'a', { endedAt: 1 }));
    write.file(completed(2, 'b', { endedAt: 2 }));
    write.gate('open', 9_000);
    journal.database.prepare("UPDATE files SET record = '{' WHERE source = 'b'").run();
    for (let call = 0; call < 2; call += 1) {
      assert.is(refusal(() => journal.prune({ before: 9_999, isAtSource: gone })).reason, 'damaged');
      assert.is(count(journal, 'files'), 2);
    }
  }),
);

const dayMs = 86_400_000;

for (const [what, days, until, doubted] of [
  ['nothing ended', [], 500, 0],
  ['files ended every few weeks', [1, 20, 45, 70], 90, 0],
  ['a clock jumped by 400 days, and files ended since', [1, 20, 420, 421], 425, 399],
  ['it jumped, and no file ended since', [1, 20], 420, 399],
  ['it jumped and was set right again: what ended then is of a time to come', [1, 20, 420, 421], 25, 0],
  ['no agent ran for a season, twice', [1, 101, 102, 202], 203, 198],
] as const) {
  test(
    `doubtedMs: ${what}`,
    withJournal((journal, write) => {
      days.forEach((day, index) => write.file(completed(index + 1, `f${index}`, { endedAt: day * dayMs })));
      assert.is(journal.doubtedMs(until * dayMs), doubted * dayMs);
    }),
  );
}

test.run();
