import { type FileEvent, type GateEvent, type JournalRecord, type RouteEvent, routeFactKeys } from '@sluice/core';
import { routeName, statuses, type TrackedFile } from '@sluice/core/model';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';
import { readerOf } from '../../src/queries/queries.ts';
import { fileChecksum } from '../../src/rows/checksum.ts';
import {
  decodeEvent,
  decodeName,
  decodeFile as decodeRow,
  encodeEvent,
  encodeName,
  encodeFile as encodeRow,
  type FileRow,
} from '../../src/rows/codec.ts';
import { statusCodes } from '../../src/rows/status-codes.ts';
import type { Words } from '../../src/rows/words.ts';
import { detail, fileOf, text, wall, words } from '../support/arbitraries.ts';
import { fileEvent, gateEvent, routeEvent } from '../support/events.ts';
import { refusal, withPath } from '../support/folder.ts';
import { completed, ready, writerOf } from '../support/records.ts';

/** A row for itself, whose route is word 1. */
const encodeFile = (file: TrackedFile): FileRow => encodeRow(file, 7, 1);
const decodeFile = (row: FileRow, route = 'ingest'): TrackedFile => decodeRow(row, { text: () => route } as unknown as Words);
const sealed = (row: FileRow): FileRow => ({ ...row, crc: fileChecksum(row, 'ingest') });

for (const status of statuses) {
  test(`decodeFile gives back what encodeFile was given: ${status}`, () => {
    const property = fc.property(fileOf(status), (file) => assert.equal(decodeFile(encodeFile(file), file.route), file));
    fc.assert(property, { numRuns: 60 });
  });
}

test('decodeEvent gives back what encodeEvent was given', () => {
  const property = fc.property(fc.oneof(fileEvent, routeEvent, gateEvent), (event) => {
    assert.equal(decodeEvent(...encodeEvent(event)), event);
  });
  fc.assert(property, { numRuns: 1_000 });
});

test('decodeEvent gives back whatever JSON an event holds, and encodeEvent keeps the kind out of it', () => {
  const property = fc.property(text, detail, (kind, detailed) => {
    const [column, rest] = encodeEvent({ ...detailed, kind });
    assert.is(column, kind);
    assert.equal(JSON.parse(rest), JSON.parse(JSON.stringify(detailed)));
    assert.equal(decodeEvent(column, rest), { ...(JSON.parse(JSON.stringify(detailed)) as object), kind });
  });
  fc.assert(property);
});

test('decodeName gives back what encodeName was given, and SQLite can hold it', () => {
  const property = fc.property(text, (name) => {
    assert.is(decodeName(encodeName(name)), name);
    assert.is(encodeName(name).isWellFormed(), true);
  });
  fc.assert(property, { numRuns: 1_000 });
});

test('encodeName leaves every name of a real file as it is, and tells all others apart', () => {
  assert.is(encodeName('day 1/\u{1f3a5}\ufffd\n.mxf'), 'day 1/\u{1f3a5}\ufffd\n.mxf');
  const twins = fc.property(text, text, (one, two) => assert.is(encodeName(one) === encodeName(two), one === two));
  fc.assert(twins, { numRuns: 1_000 });
});

test(
  'a journal on the disk gives back files of every state as they were',
  withPath((path) => {
    const journal = openJournal({ path, now: () => 0 });
    const write = writerOf(journal);
    const reader = readerOf(journal.database);
    const used = new Set<string>();
    const property = fc.property(fc.constantFrom(...statuses).chain(fileOf), (file: TrackedFile) => {
      fc.pre(file.status !== 'DISCOVERED' && !used.has(file.id) && !used.has(`${file.route}\0${file.source}`));
      used.add(file.id).add(`${file.route}\0${file.source}`);
      write.file(file);
      assert.equal(reader.find(file.id, 2), [file]);
      assert.equal(reader.lineage(file.route, file.source), [file]);
    });
    // Commits on tmpfs or not: what is asked here is not how durable they are.
    journal.database.pragma('synchronous = OFF');
    fc.assert(property, { numRuns: 300 });
    journal.close();
  }),
);

test(
  'a journal on the disk gives back facts, gates and events of files as they were',
  withPath((path) => {
    const journal = openJournal({ path, now: () => 0 });
    journal.database.pragma('synchronous = OFF');
    const reader = readerOf(journal.database);
    let seq = 1;
    const append = (record: object): JournalRecord => {
      const numbered = { ...record, seq } as JournalRecord;
      journal.append([numbered]);
      seq += 1;
      return numbered;
    };
    const newest = (): JournalRecord | undefined => reader.records({ before: null, limit: 1 })[0];
    const facts = fc.property(words.map(routeName), wall, routeEvent, (route, at, event: RouteEvent) => {
      const written = append({ kind: 'route_fact', at, route, key: routeFactKeys[event.kind], event });
      assert.equal(journal.load().routeFacts.at(-1), written);
      assert.equal(newest(), written);
    });
    const gates = fc.property(words.map(routeName), wall, gateEvent, (route, at, event: GateEvent) => {
      const written = append({ kind: 'gate', at, route, event });
      assert.equal({ ...reader.lastGate(route) }, { state: event.kind === 'gate_opened' ? 'open' : 'closed', at });
      assert.equal(newest(), written);
      const lasting = reader.outages(0).find((outage) => outage.route === route && outage.until === null);
      assert.equal(lasting?.closed, event.kind === 'gate_closed' ? event : undefined);
    });
    const ofFiles = fc.property(fileEvent, (event: FileEvent) => {
      const file = ready(seq, `file ${seq}`);
      const written = append({ kind: 'transition', at: 1, event, from: null, to: 'READY', file });
      assert.equal(reader.timeline(file.id)[0]?.event, event);
      assert.equal(newest(), written);
    });
    fc.assert(facts, { numRuns: 100 });
    fc.assert(gates, { numRuns: 100 });
    fc.assert(ofFiles, { numRuns: 100 });
    journal.close();
  }),
);

test('encodeFile leaves out what columns say and what most files have', () => {
  assert.is(encodeFile(ready(1, 'day1/a.mov', { mayGrow: false })).record, '{"movedAt":2}');
  assert.is(encodeFile(completed(1, 'a', { mayGrow: false, startedAt: 5 })).record, '{"startedAt":5,"hash":"0123456789abcdef"}');
  // The text of a list that only looks usual, and of a name that differs, are kept.
  const odd = { ...ready(1, 'day1/a.mov'), burned: ['x.mov'], destination: 'day1/a_1.mov', attempt: 2 };
  assert.equal(decodeFile(encodeFile(odd)), odd);
});

const whole = encodeFile(completed(1, 'a'));
/** As if it had been written so: only a record of another version is. */
const damages: readonly (readonly [string, Partial<FileRow>])[] = [
  ['no JSON', { record: whole.record.slice(0, -1) }],
  ['an empty text', { record: '' }],
  ['null', { record: 'null' }],
  ['a list', { record: '[]' }],
  ['a number', { record: '5' }],
  ['the record of another state', { record: encodeFile(ready(1, 'a')).record }],
  ['a number for a list', { record: whole.record.replace('{', '{"burned":5,') }],
  ['a number for a hash', { record: whole.record.replace('"0123456789abcdef"', '5') }],
  ['a field of its state missing', { status: statusCodes.VERIFYING, record: '{"copyId":"x","part":null,"aliveAt":1}' }],
];

for (const [what, damage] of damages) {
  test(`decodeFile reports ${what} as damage, naming the file`, () => {
    const error = refusal(() => decodeFile(sealed({ ...whole, ...damage })));
    assert.is(error.reason, 'damaged');
    assert.match(error.technical, whole.id);
    assert.match(error.technical, 'cannot be read');
    assert.match(error.operator, 'keep it for inspection');
  });
}

test('decodeFile reports a state that is none as damage', () => {
  assert.is(refusal(() => decodeFile(sealed({ ...whole, status: 99 }))).technical, 'no state is stored as 99');
});

const others: { readonly [Column in keyof Omit<FileRow, 'crc'>]: unknown } = {
  n: 8,
  id: 'x',
  route: 1,
  status: 11,
  size_bytes: 1,
  discovered_at: 1,
  ended_at: 1,
  mtime_ns: '1',
  recovery_of: 'x',
  recovered_by: 'x',
  source: 'b',
  destination: 'b',
  record: '{}',
};

for (const [column, value] of Object.entries(others).filter(([column]) => column !== 'route')) {
  test(`decodeFile reports another ${column} than was written as damage, naming the file`, () => {
    assert.match(
      refusal(() => decodeFile({ ...whole, [column]: value })).technical,
      /^the record of tracked file .* does not match its checksum$/,
    );
  });
}

test('decodeFile reports the name of another route as damage', () => {
  assert.match(refusal(() => decodeFile(whole, 'other')).technical, /does not match its checksum$/);
});

for (const damage of ['', 'x', 'null', '[]', '1', '"a"', '{"a":']) {
  test(`decodeEvent reports ${JSON.stringify(damage)} as damage, naming the kind`, () => {
    const error = refusal(() => decodeEvent('found_again', damage));
    assert.is(error.reason, 'damaged');
    assert.match(error.technical, 'found_again');
  });
}

test(
  'every question that meets a damaged row says damaged, and the others still answer',
  withPath((path) => {
    const journal = openJournal({ path, now: () => 0 });
    const write = writerOf(journal);
    write.file(completed(1, 'bad'));
    write.file(completed(2, 'good'));
    const reader = readerOf(journal.database);
    journal.database.prepare("UPDATE files SET record = '{}' WHERE source = 'bad'").run();
    const all = { endedSince: null, limit: 10 };
    for (const ask of [
      () => reader.files(all),
      () => reader.find('bad', 1),
      () => reader.lineage('ingest', 'bad'),
      () => journal.ended.newest(routeName('ingest'), 'bad'),
    ]) {
      assert.is(refusal(ask).reason, 'damaged');
    }
    assert.equal(reader.find('good', 1), [completed(2, 'good')]);
    assert.is(reader.counts('ingest').COMPLETED, 2);
    journal.close();
  }),
);

test.run();
