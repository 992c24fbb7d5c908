import { statuses, type TrackedFile } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';
import { type JournalReader, readerOf } from '../../src/queries/queries.ts';
import { withPath } from '../support/folder.ts';
import { became, closed, completed, failed, idOf, noted, other, ready, route, type TestWriter, writerOf } from '../support/records.ts';

function withReader(work: (reader: Omit<JournalReader, 'close'>, write: TestWriter) => void): () => void {
  return withPath((path) => {
    const journal = openJournal({ path, now: () => 0 });
    journal.database.pragma('synchronous = OFF');
    work(readerOf(journal.database), writerOf(journal));
    journal.close();
  });
}

const numbers = (files: readonly TrackedFile[]): number[] => files.map((file) => Number.parseInt(file.id.slice(0, 8), 16));
const any = { endedSince: null, limit: 100 };

test(
  'an empty journal answers every query',
  withReader((reader) => {
    assert.equal(reader.files(any), { files: [], next: null });
    assert.equal(reader.files({ ...any, endedSince: 0, statuses: [], route: 'x' }), { files: [], next: null });
    assert.equal(reader.findExact('a', 1), []);
    assert.equal(reader.findEnded('a', { since: 0, limit: 1, before: null }), []);
    assert.equal(reader.find('a', 1), []);
    assert.equal(reader.timeline('a'), []);
    assert.equal(reader.lineage('a', 'b'), []);
    assert.equal(reader.outages(0), []);
    assert.equal(reader.counts('a'), Object.fromEntries(statuses.map((status) => [status, 0])));
    assert.is(reader.recovered('a'), 0);
    assert.is(reader.lastGate('a'), null);
  }),
);

test(
  'past: the file that ended last comes first, whenever it was found, in pages, without live files',
  withReader((reader, write) => {
    write.file(completed(1, 'a', { endedAt: 9_000 }));
    write.file(ready(2, 'b'));
    write.file(failed(3, 'c', { endedAt: 5_000 }));
    write.file(completed(4, 'd', { endedAt: 7_000 }));
    write.file(completed(5, 'e', { endedAt: 7_000 }));
    const asked = (query: object): number[] => numbers(reader.past({ since: 0, limit: 100, before: null, ...query }));
    assert.equal(asked({}), [1, 5, 4, 3]);
    assert.equal(asked({ since: 7_000 }), [1, 5, 4]);
    const after = (endedAt: number, id: TrackedFile): number[] => asked({ limit: 2, before: { endedAt, id: id.id } });
    assert.equal([asked({ limit: 2 }), after(7_000, completed(5, 'e')), after(5_000, failed(3, 'c'))], [[1, 5], [4, 3], []]);
    assert.equal(reader.past({ since: 9_000, limit: 1, before: null }), [completed(1, 'a', { endedAt: 9_000 })]);
  }),
);

test(
  'files: newest first, by state, route and age, in pages',
  withReader((reader, write) => {
    write.file(ready(1, 'a'));
    write.file(completed(2, 'b', { endedAt: 1_000 }));
    write.file(failed(3, 'c', { endedAt: 5_000 }));
    write.file(completed(4, 'd', { endedAt: 5_001 }));
    write.file(ready(5, 'a', { route: other }));
    write.file(completed(6, 'b', { route: other, endedAt: 9_000 }));
    write.fact(ready(1, 'a', { hold: 'operator' }));
    const asked = (query: object): number[] => numbers([...reader.files({ ...any, ...query }).files]);
    const pages = (query: object): number[][] => {
      const found: number[][] = [];
      for (let before: number | null = null; ; ) {
        const page = reader.files({ ...any, ...query, before });
        found.push(numbers([...page.files]));
        if (page.next === null) return found;
        before = page.next;
      }
    };
    assert.equal(asked({}), [6, 5, 4, 3, 2, 1]);
    assert.equal(asked({ limit: 2 }), [6, 5]);
    assert.equal(pages({ limit: 4 }), [
      [6, 5, 4, 3],
      [2, 1],
    ]);
    assert.equal(pages({ limit: 2, statuses: ['COMPLETED'] }), [[6, 4], [2]]);
    assert.equal(asked({ route }), [4, 3, 2, 1]);
    assert.equal(asked({ statuses: ['COMPLETED'] }), [6, 4, 2]);
    assert.equal(asked({ statuses: ['FAILED', 'READY'] }), [5, 3, 1]);
    assert.equal(asked({ statuses: ['FAILED', 'READY'], route }), [3, 1]);
    assert.equal(asked({ statuses: [] }), []);
    assert.equal(asked({ endedSince: 5_001 }), [6, 5, 4, 1]);
    assert.equal(asked({ endedSince: 5_001, route }), [4, 1]);
    assert.equal(asked({ endedSince: 5_001, statuses: ['COMPLETED'], route }), [4]);
    assert.equal(asked({ endedSince: 0, statuses: ['READY'] }), [5, 1]);
    assert.equal(pages({ endedSince: 5_000, limit: 3 }), [
      [6, 5, 4],
      [3, 1],
    ]);
    assert.equal(asked({ route: "x' OR 1 = 1 --" }), []);
    assert.equal(reader.files({ ...any, route, statuses: ['READY'] }).files, [ready(1, 'a', { hold: 'operator' })]);
  }),
);

test(
  'findEnded: the ended files that find finds, by when they ended, in pages of one interpretation',
  withReader((reader, write) => {
    write.file(completed(1, 'day1/a.mxf', { endedAt: 9_000 }));
    write.file(ready(2, 'day1/b.mxf'));
    write.file(completed(3, 'day2/a.mxf', { endedAt: 7_000 }));
    write.file(completed(4, 'day3/a.mxf', { endedAt: 8_000 }));
    const found = (text: string, query: object = {}): number[] =>
      numbers(reader.findEnded(text, { since: 0, limit: 10, before: null, ...query }));
    assert.equal(found('*.mxf'), [1, 4, 3]);
    assert.equal(found('a.mxf', { since: 8_000 }), [1, 4]);
    assert.equal(found('day2/a.mxf'), [3]);
    assert.equal(found('b.mxf'), []);
    assert.equal(found('*.mxf', { limit: 2 }), [1, 4]);
    assert.equal(found('*.mxf', { limit: 2, before: { endedAt: 8_000, id: completed(4, 'x').id } }), [3]);
    assert.equal(numbers(reader.findExact('day2/a.mxf', 10)), [3]);
    assert.equal(numbers(reader.findExact('a.mxf', 10)), []);
  }),
);

test(
  'findNamed: the files that find finds for each of many names in folders, by one pass',
  withReader((reader, write) => {
    write.file(completed(1, 'day1/a.mxf'));
    write.file(completed(2, 'day2/cards/a.mxf'));
    write.file(completed(3, 'day2/b.mxf', { destination: 'day2/b_1.mxf' }));
    write.file(completed(4, 'a.mxf'));
    write.file(completed(5, 'day1/\ud800\0.mxf'));
    const names = ['a.mxf', 'b.mxf', 'b_1.mxf', 'cards/a.mxf', '\ud800\0.mxf', '', '/', 'day1/a.mxf', 'xa.mxf', 'A.mxf'];
    const found = (...asked: readonly string[]): readonly string[] => reader.findNamed(asked, 10);
    const idsOf = (...seqs: readonly number[]): readonly string[] => seqs.map((seq) => completed(seq, 'x').id);
    assert.equal(
      names.map((name) => found(name)),
      [idsOf(2, 1), idsOf(3), idsOf(3), idsOf(2), idsOf(5), [], [], [], [], []],
    );
    assert.equal(found(...names), idsOf(5, 3, 2, 1));
    assert.is(reader.findNamed(names, 2).length, 2);
    assert.equal(found('x'.repeat(10_000)), []);
  }),
);

test(
  'filtered: the files that match a filter of the screen, in pages, and sums of all that do',
  withReader((reader, write) => {
    write.file(completed(1, 'day1/A001.mxf', { endedAt: 9_000 }));
    write.file(ready(2, 'day1/A002.mxf'));
    write.file(completed(3, 'day2/A003.mov', { endedAt: 7_000, copied: false }));
    write.file(completed(4, 'day3/B004.mxf', { endedAt: 8_000 }));
    const size = completed(1, 'x').fingerprint.sizeBytes;
    const asked = (filter: string, query: object = {}) =>
      reader.filtered({ filter, since: 0, limit: 10, before: null, bounds: [], ...query });
    const found = (filter: string, query: object = {}): number[] => asked(filter, query).ids.map((id) => Number.parseInt(id, 16));
    assert.equal([found(''), found('a00'), found('*.mxf'), found('state:ready')], [[1, 4, 3], [1, 3], [1, 4], []]);
    assert.equal(found('', { limit: 2 }), [1, 4]);
    assert.equal(found('', { limit: 2, before: { endedAt: 8_000, id: completed(4, 'x').id } }), [3]);
    assert.equal(found('', { since: 8_000 }), [1, 4]);
    const { ids, sums } = asked('', { limit: 1, bounds: [0, 8_000, 9_000, 10_000] });
    assert.is(ids.length, 1);
    const none = { files: 0, bytes: 0 };
    assert.equal(sums, [{ files: 1, bytes: 0 }, { files: 1, bytes: size }, { files: 1, bytes: size }, none]);
    assert.equal(asked('mxf', { bounds: [0] }).sums, [{ files: 2, bytes: 2 * size }]);
    assert.equal(asked('', { bounds: [8_500] }).sums, [{ files: 1, bytes: size }], 'what ended before the first bound is in no sum');
  }),
);

test(
  'find: the most exact interpretation that finds anything',
  withReader((reader, write) => {
    write.file(completed(0xabcd1, 'video.mxf'));
    write.file(completed(0xabcd2, 'day1/video.mxf'));
    write.file(completed(0xabcd3, 'day1/Video.mxf'));
    write.file(completed(0xabcd4, 'day2/other.mov', { destination: 'day2/other_1.mov' }));
    write.file(completed(0x1, 'day2/clip[1].mov'));
    write.file(completed(0x2, 'day2/clip1.mov'));
    write.file(completed(0x3, 'day2/100%_a.mov'));
    write.file(completed(0x4, '000abcd1'));
    const found = (text: string, limit = 10): number[] => numbers(reader.find(text, limit));
    const [top, first, second, third] = [0xabcd1, 0xabcd2, 0xabcd3, 0xabcd4];
    assert.equal(found(idOf(top)), [top], 'an id');
    assert.equal(found('000abcd2'), [first], 'the first eight digits');
    assert.equal(found('000abcd'), [third, second, first, top], 'a prefix of several');
    assert.equal(found('000abcd', 2), [third, second], 'no more than asked for');
    assert.equal(found('000abcd1'), [0x4], 'a name before a prefix');
    assert.equal(found('abc'), [], 'too short for a prefix, and no name');
    assert.equal(found('000abcdg'), [], 'no prefix of any id');
    assert.equal(found('video.mxf'), [top], 'a path before a name in a folder');
    assert.equal(found('day1/video.mxf'), [first]);
    assert.equal(found('Video.mxf'), [second], 'a name is not another one in capitals');
    assert.equal(found('VIDEO.MXF'), []);
    assert.equal(found('other.mov'), [third], 'a name in a folder');
    assert.equal(found('other_1.mov'), [third], 'the name at the destination');
    assert.equal(found('clip[1].mov'), [0x1], 'a name that looks like a glob');
    assert.equal(found('day2/clip[1].mov'), [0x1]);
    assert.equal(found('clip[12].mov'), [0x2], 'a class, if no file has that name');
    assert.equal(found('100%_a.mov'), [0x3]);
    assert.equal(found('%'), [], 'no pattern of SQL');
    assert.equal(found('day?/*.mxf'), [second, first]);
    assert.equal(found('*.mxf'), [second, first, top]);
    assert.equal(found('o*.mov'), [third], 'a glob of the name alone');
    assert.equal(found(''), []);
    assert.equal(found("' OR 1 = 1 --"), []);
    assert.equal(found('*'.repeat(9_000)), [], 'longer than any name');
    assert.equal(found(`${'*a'.repeat(4_000)}`), []);
  }),
);

test(
  'find: names that SQLite would cut or change',
  withReader((reader, write) => {
    const names = ['line\nbreak', 'nul\0one', 'nul\0two', '\ud800', '\ud801', '\ufffd', "it's", 'd/*', 'd/?x'];
    for (const [index, name] of names.entries()) write.file(completed(index + 1, name));
    for (const [index, name] of names.entries()) {
      assert.equal(numbers(reader.find(name, 10)), [index + 1], JSON.stringify(name));
      assert.equal(numbers(reader.lineage(route, name)), [index + 1], JSON.stringify(name));
    }
    assert.equal(numbers(reader.find('?x', 10)), [9]);
  }),
);

test(
  'timeline: transitions and facts of one file, oldest first',
  withReader((reader, write) => {
    write.file(ready(1, 'a'), 500);
    write.file(ready(2, 'b'));
    write.gate('open', 900);
    write.fact(ready(1, 'a', { destination: 'a_1' }));
    assert.equal(
      reader.timeline(idOf(1)).map((entry) => ({ ...entry })),
      [
        { seq: 1, at: 500, from: null, to: 'DISCOVERED', event: { kind: 'found' } },
        { seq: 2, at: 501, from: 'DISCOVERED', to: 'READY', event: became },
        { seq: 6, at: 3_000, from: null, to: null, event: noted },
      ],
    );
  }),
);

test(
  'lineage: all attempts for one source of one route, oldest first, in their present state',
  withReader((reader, write) => {
    write.file(failed(1, 'a'));
    write.file(completed(9, 'a', { route: other }));
    write.file(failed(2, 'a', { recoveryOf: idOf(1) }));
    write.file(ready(3, 'a', { recoveryOf: idOf(2) }));
    write.file(ready(4, 'ab'));
    write.fact(failed(1, 'a', { recoveredBy: idOf(2) }));
    assert.equal(numbers(reader.lineage(route, 'a')), [1, 2, 3]);
    assert.is(reader.lineage(route, 'a')[0]?.recoveredBy, idOf(2));
    assert.equal(numbers(reader.lineage(other, 'a')), [9]);
  }),
);

test(
  'counts and recovered: of one route, by the present states',
  withReader((reader, write) => {
    write.file(failed(1, 'a'));
    write.file(failed(2, 'b'));
    write.file(ready(3, 'a'));
    write.file(completed(4, 'c', { recoveredBy: idOf(9) }));
    write.file(failed(5, 'a', { route: other, recoveredBy: idOf(3) }));
    assert.is(reader.recovered(route), 0);
    write.fact(failed(1, 'a', { recoveredBy: idOf(3) }));
    assert.is(reader.recovered(route), 1);
    assert.is(reader.recovered(other), 1);
    const { FAILED, READY, COMPLETED, ...rest } = reader.counts(route);
    assert.equal([FAILED, READY, COMPLETED], [2, 1, 1]);
    assert.equal(Object.keys(rest).length, statuses.length - 3);
    assert.ok(Object.values(rest).every((count) => count === 0));
  }),
);

test(
  'outages: from the closing to the opening, whatever the causes in between, newest first',
  withReader((reader, write) => {
    const finding = { kind: 'call_failed', operation: 'statfs' } as const;
    write.gate('closed', 100, { cause: 'unknown', finding: { kind: 'not_probed' } });
    write.gate('open', 200);
    write.gate('open', 210);
    write.gate('closed', 1_000, { cause: 'timeout' });
    write.gate('closed', 1_100, { cause: 'unreachable', code: 'EHOSTDOWN', finding });
    write.gate('closed', 1_500, { route: other, cause: 'hung' });
    write.gate('open', 2_000);
    write.gate('closed', 3_000, { cause: 'read_only' });
    const shown = (since: number): unknown[] =>
      reader.outages(since).map((outage) => [outage.route, outage.since, outage.until, outage.closed.cause]);
    const all = [
      [route, 3_000, null, 'read_only'],
      [other, 1_500, null, 'hung'],
      [route, 1_000, 2_000, 'unreachable'],
      [route, 100, 200, 'unknown'],
    ];
    assert.equal(shown(0), all);
    assert.equal(shown(200), all);
    assert.equal(shown(201), all.slice(0, 3));
    assert.equal(shown(2_001), all.slice(0, 2));
    assert.equal(shown(9_999), all.slice(0, 2), 'one that lasts is reported however old');
    assert.equal(reader.outages(1_500)[2]?.closed, { ...closed, cause: 'unreachable', code: 'EHOSTDOWN', finding });
  }),
);

test(
  'lastGate: the newest change of one route',
  withReader((reader, write) => {
    write.gate('closed', 100, { code: 'EIO' });
    write.gate('open', 200, { route: other });
    assert.equal({ ...reader.lastGate(route) }, { state: 'closed', at: 100 });
    write.gate('open', 50);
    assert.is(reader.lastGate(route)?.state, 'open', 'by number: the clock may be set back');
    assert.equal({ ...reader.lastGate(other) }, { state: 'open', at: 200 });
  }),
);

test.run();
