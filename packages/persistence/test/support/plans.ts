import { type FileId, fileId, routeName } from '@sluice/core/model';
import Database from 'better-sqlite3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { migrate } from '../../src/open/migrate.ts';
import { prepareToPrune } from '../../src/prune.ts';
import { LeftFiles } from '../../src/queries/ended-files.ts';
import { readerOf } from '../../src/queries/queries.ts';
import { entryChecksum, factChecksum } from '../../src/rows/checksum.ts';
import { countedRow, encodeFile, fileColumns } from '../../src/rows/codec.ts';
import { loadImage } from '../../src/rows/image.ts';
import { Tally } from '../../src/rows/tally.ts';
import { Words } from '../../src/rows/words.ts';
import { prepareWriter } from '../../src/writer.ts';
import { completed, idOf } from './records.ts';

/** One statement as it was prepared. */
interface Asked {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Notes every statement with its values. */
function listenTo(database: Database.Database, asked: Asked[]): Database.Database {
  const listened = (sql: string): unknown => {
    const statement = database.prepare(sql);
    return new Proxy(statement, {
      get(target, key) {
        const own = Reflect.get(target, key) as unknown;
        if (typeof own !== 'function') return own;
        return (...values: unknown[]) => {
          asked.push({ sql, values });
          return (own as (...values: unknown[]) => unknown).apply(target, values);
        };
      },
    });
  };
  return new Proxy(database, {
    get(target, key) {
      if (key === 'prepare') return listened;
      const own = Reflect.get(target, key) as unknown;
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
}

/** In memory, because query plans do not depend on the disk. */
function journalOf(transitions: number): Database.Database {
  const database = new Database(':memory:');
  migrate(database, ':memory:');
  const words = new Words(database);
  const [event, routes] = [words.take('held'), ['r0', 'r1'].map((route) => words.take(route))];
  const tally = new Tally(database);
  const insert = database.prepare(`INSERT INTO files (${fileColumns}) VALUES (${fileColumns.replaceAll(/\w+/g, '@$&')})`);
  const addEntry = database.prepare('INSERT INTO entries VALUES (?, ?, ?, NULL, ?, NULL, 3, NULL, ?)');
  database.transaction(() => {
    for (let i = 0; i < transitions / 8; i += 1) {
      const route = routeName(`r${i % 2}`);
      const over = { route, destination: `day/${i}`, discoveredAt: i, endedAt: i, recoveredBy: i % 9 === 0 ? idOf(1) : null };
      const file = completed(i, `day/${Math.floor(i / 3)}`, { ...over, status: i % 9 === 0 ? 'COMPLETED_DELETE_FAILED' : 'COMPLETED' });
      const row = encodeFile(file, i * 8 + 1, routes[i % 2] ?? 0);
      insert.run(row);
      tally.add(countedRow(row));
      for (let seq = row.n; seq < row.n + 8; seq += 1) {
        const same = { kind: 'transition', event: 'held', from_status: null, to_status: 'READY', detail: '{}' } as const;
        addEntry.run(seq, seq - 1, row.n, event, entryChecksum({ ...same, seq, at: seq - 1, route, file_id: file.id }));
      }
    }
    tally.write();
  })();
  database.function('gate_crc', (seq, at, route, state) => factChecksum(Number(seq), Number(at), String(route), String(state), '{}'));
  database
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
        INSERT INTO gates SELECT i + 1, i, 'r' || (i % 2), iif(i % 3, 'open', 'closed'), '{}',
        gate_crc(i + 1, i, 'r' || (i % 2), iif(i % 3, 'open', 'closed')) FROM n`,
    )
    .run(10_000);
  database.pragma('foreign_keys = ON');
  return database;
}

/**
 * A scan of a whole table. A scan of a covering index does not count, nor one of an index of few files. There are only a few facts
 * for each route, the oldest few gates are read in order, and `known` and `first` are one row of a query for each route.
 */
const tableWalk =
  /^SCAN (?!.*(COVERING INDEX|INDEX files_live|INDEX files_owing|CONSTANT ROW|SUBQUERY))(?!g$|gates$|known$|first$|route_facts$|words$|counts$)/;

function plansOf(
  database: Database.Database,
  work: (listened: Database.Database) => unknown,
): { readonly sql: string; readonly plan: readonly string[] }[] {
  const asked: Asked[] = [];
  work(listenTo(database, asked));
  assert.ok(asked.length > 0);
  return asked.map(({ sql, values }) => {
    const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
    return { sql, plan: rows.map((row) => row.detail) };
  });
}

const r1 = routeName('r1');
const left = (on: Database.Database): LeftFiles => new LeftFiles(on, 'journal.db');
const someId = '00000010-0000-4000-8000-000000000000';
const onFromOne = /files_by_end \(ended_at>\? AND ended_at<\?\)/;
const reader = (listened: Database.Database): ReturnType<typeof readerOf> => readerOf(listened);

/** The queries of a journal with this many transitions, and the indexes that have to answer them. */
const questionsOf = (transitions: number): readonly (readonly [string, (listened: Database.Database) => unknown, readonly RegExp[]])[] => [
  ['files, all', (on) => reader(on).files({ endedSince: null, limit: 1 }), [/PRIMARY KEY \(rowid>\? AND rowid<\?\)/]],
  ['files of a route', (on) => reader(on).files({ endedSince: null, limit: 1, route: 'r1' }), [/PRIMARY KEY \(rowid>\? AND rowid<\?\)/]],
  [
    'files of an unusual end',
    (on) => reader(on).files({ endedSince: null, limit: 1, statuses: ['COMPLETED_DELETE_FAILED'] }),
    [/files_ended_unusually \(status=\? AND rowid>\? AND rowid<\?\)/],
  ],
  [
    'files of unusual ends',
    (on) => reader(on).files({ endedSince: null, limit: 1, statuses: ['FAILED', 'REMOVED'] }),
    [/files_ended_unusually \(status=\? AND rowid>\? AND rowid<\?\)/],
  ],
  [
    'files since a moment',
    (on) => reader(on).files({ endedSince: transitions / 8 - 10, limit: 100, route: 'r1', statuses: ['COMPLETED'] }),
    [/PRIMARY KEY \(rowid>\? AND rowid<\?\)/],
  ],
  ['what ended, whole', (on) => reader(on).past({ since: 10, limit: 100, before: { endedAt: 50, id: someId } }), [onFromOne]],
  ['find an id', (on) => reader(on).find(someId, 1), [/files_by_id \(id=\?\)/]],
  ['find a path', (on) => reader(on).find('day/17', 9), [/files_by_source \(source=\?\)/, /files_by_destination \(destination=\?\)/]],
  ['find a prefix', (on) => reader(on).find('00000011', 1), [/files_by_id \(id>\? AND id<\?\)/]],
  [
    'find many names',
    (on) => reader(on).findNamed(['17'], 9),
    [/COVERING INDEX files_by_source/, /COVERING INDEX files_by_destination/, /PRIMARY KEY \(rowid=\?\)/],
  ],
  ['find a name', (on) => reader(on).find('1700', 9), [/COVERING INDEX files_by_source/, /COVERING INDEX files_by_destination/]],
  [
    'what ended, of a glob',
    (on) => reader(on).findEnded('day/17?', { since: 10, limit: 9, before: null }),
    [/COVERING INDEX files_by_source/, onFromOne],
  ],
  [
    'what ended, by a filter',
    (on) => reader(on).filtered({ filter: 'route:r1', since: 10, limit: 9, before: null, bounds: [] }),
    [onFromOne],
  ],
  ['find a glob', (on) => reader(on).find('*/170?', 9), [/COVERING INDEX files_by_source/, /COVERING INDEX files_by_destination/]],
  [
    'what ended, on from one of them',
    (on) => reader(on).ended({ since: 10, before: { endedAt: transitions / 8 - 10, id: someId }, limit: 100 }),
    [onFromOne],
  ],
  ['file', (on) => reader(on).file(someId), [/files_by_id \(id=\?\)/]],
  ['timeline', (on) => reader(on).timeline(someId), [/entries_by_file \(file=\?\)/]],
  ['lineage', (on) => reader(on).lineage('r1', 'day/17'), [/files_by_source \(source=\? AND route=\?\)/]],
  ['counts', (on) => reader(on).counts('r1'), [/counts USING PRIMARY KEY \(route=\? AND what=\?\)/]],
  ['recovered', (on) => reader(on).recovered('r1'), [/counts USING PRIMARY KEY \(route=\? AND what=\?\)/]],
  ['lastGate', (on) => reader(on).lastGate('r1'), [/gates_by_route \(route=\?\)/]],
  ['newest of the left', (on) => left(on).newest(r1, 'day/17'), [/files_by_source \(source=\? AND route=\?\)/]],
  [
    'owner of a name',
    (on) => left(on).ownerOf(r1, 'day/no such'),
    [/files_by_source \(source=\? AND route=\?\)/, /files_by_destination \(destination=\?\)/],
  ],
  ['the left by the begin of an id', (on) => left(on).withId8(r1, '00000011'), [/files_by_id \(id>\? AND id<\?\)/]],
  ['path of an identity', (on) => left(on).pathOf(r1, '1:17'), [/files_by_identity \(<expr>=\?\)/]],
  ['number of an id', (on) => left(on).numberOf(someId as FileId), [/files_by_id \(id=\?\)/]],
  ['last number', (on) => left(on).lastNumber(), [/SEARCH files/]],
  ['a piece of the left', (on) => left(on).after(r1, 17, 100), [/PRIMARY KEY \(rowid>\?\)/]],
  ['the left that were found later', (on) => left(on).foundAfter(r1, someId as FileId), [/PRIMARY KEY \(rowid>\?\)/]],
  ['the left in a folder', (on) => left(on).below(r1, 'day'), [/files_by_source \(source>\? AND source<\?\)/]],
  ['load', (on) => loadImage(on), [/INDEX files_live/, /files_ended_unusually \(status>\?\)/, /INDEX files_owing/]],
  [
    'append',
    (on) =>
      prepareWriter(on)([
        { kind: 'file_fact', seq: transitions + 1, at: 1, event: { kind: 'held' }, file: completed(1, 'day/0', { id: fileId(someId) }) },
      ]),
    [/SEARCH entries/],
  ],
  [
    'prune',
    (on) => prepareToPrune(on)({ before: 20, isAtSource: () => true }),
    [onFromOne, /files_by_source \(source=\? AND route=\? AND rowid>\?\)/, /entries_of_routes/, /gates_opened/],
  ],
];

/** Defines tests that an index answers every query of a journal with this many transitions. */
export function claimPlans(transitions: number): void {
  const database = journalOf(transitions);

  for (const [what, ask, indexes] of questionsOf(transitions)) {
    test(`with ${transitions} transitions, ${what} is answered by index`, () => {
      const plans = plansOf(database, (listened) => {
        try {
          ask(listened);
        } catch (error) {
          // The files of this journal were made by statements, not by a writer, so a writer may refuse to continue them.
          if (what !== 'append') throw error;
        }
      });
      const all = plans.flatMap(({ plan }) => plan).join('\n');
      for (const index of indexes) assert.match(all, index);
      for (const { sql, plan } of plans) for (const line of plan) assert.not.match(line, tableWalk, sql);
    });
  }

  test('tableWalk: recognizes a scan of a table', () => {
    const plan = plansOf(database, (listened) => listened.prepare('SELECT record FROM files WHERE destination LIKE ?').get('x'));
    assert.match(plan[0]?.plan[0] ?? '', tableWalk);
  });

  test('a file is removed without a scan of the entries: its foreign key has an index', () => {
    const opened = (database.prepare('EXPLAIN DELETE FROM files WHERE n = 7').all() as { opcode: string; p2: number }[])
      .filter((row) => row.opcode === 'OpenRead')
      .map((row) => row.p2);
    const { rootpage } = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'entries_by_file'").get() as {
      rootpage: number;
    };
    assert.ok(opened.includes(rootpage), `opens ${opened.join(', ')}, expected ${rootpage}`);
  });
}
