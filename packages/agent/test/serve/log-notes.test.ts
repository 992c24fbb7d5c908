import { notesPerReply, recordsPerReply } from '@sluice/control';
import type { JournalRecord } from '@sluice/core';
import { routeName } from '@sluice/core/model';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHandlers } from '../../src/serve/handlers.ts';
import { pageOfNotes } from '../../src/serve/log-notes.ts';
import { asker, type Desk, makeDesk } from './desk.ts';

const test = suite<Desk>('what was logged before');

test.before.each(async (context) => {
  Object.assign(context, makeDesk());
});
test.after.each((desk) => desk.close());

/** Returns a journal with this number of records. Every n-th of them is a sentence for an operator. */
function journalOf(count: number, every: number): { readonly asked: number[]; records(query: RecordQuery): JournalRecord[] } {
  const asked: number[] = [];
  return {
    asked,
    records: ({ before, after, limit }) => {
      asked.push(limit);
      if (after !== undefined) return listed(Math.min(limit, count - after), (index) => recordOf(after + 1 + index, every));
      const newest = before === null ? count : before - 1;
      return listed(Math.min(limit, newest), (index) => recordOf(newest - index, every));
    },
  };
}

type RecordQuery = { readonly before: number | null; readonly after?: number; readonly limit: number };
const listed = <Of>(length: number, of: (index: number) => Of): Of[] =>
  Array.from({ length: Math.max(0, length) }, (_, index) => of(index));

function recordOf(seq: number, every: number): JournalRecord {
  const common = { kind: 'route_fact', seq, at: seq, route: routeName('a') } as const;
  if (seq % every === 0) return { ...common, key: 'hold', event: { kind: 'released', by: `ann ${seq}`, reason: null } };
  return { ...common, key: 'note', event: { kind: 'parts_to_remove', parts: [] } };
}

const newest = (limit: number) => ({ limit, before: null, after: null });
const textsOf = ({ notes }: { readonly notes: readonly { readonly text: string }[] }): readonly string[] => notes.map(({ text }) => text);

test('pageOfNotes: the newest, oldest first, and no more than are requested', async () => {
  const page = await pageOfNotes(journalOf(1_000, 1), newest(3), asker.pause);
  assert.equal(textsOf(page), ['released by ann 998', 'released by ann 999', 'released by ann 1000']);
  const said = { text: 'released by ann 998', by: 'ann 998' };
  assert.equal(page.notes[0], { v: 1, at: '1970-01-01T00:00:00.998Z', seq: 998, level: 'info', route: 'a', ...said });
  assert.is(page.next, 998);
});

test('pageOfNotes: page by page in both directions, every sentence appears once', async () => {
  for (const [count, every, limit] of [
    [1_000, 1, 200],
    [5_001, 7, 50],
    [199, 200, 10],
    [200, 200, 1],
    [10, 1, 10],
  ] as const) {
    const all = listed(Math.floor(count / every), (index) => `released by ann ${(index + 1) * every}`);
    const journal = journalOf(count, every);
    const back: string[] = [];
    for (let before: number | null = null, pages = 0; pages < 1_000; pages += 1) {
      const page = await pageOfNotes(journal, { limit, before, after: null }, asker.pause);
      back.unshift(...textsOf(page));
      if (page.next === null) break;
      before = page.next as number | null;
    }
    assert.equal(back, all, `backwards through ${count}`);
    const onwards: string[] = [];
    for (let after = 0, pages = 0; pages < 1_000; pages += 1) {
      const page = await pageOfNotes(journal, { limit, before: null, after }, asker.pause);
      onwards.push(...textsOf(page));
      if (page.next === null || page.next === undefined) break;
      after = page.next;
    }
    assert.equal(onwards, all, `onwards through ${count}`);
  }
});

test('pageOfNotes: records without a sentence for the operator are skipped, up to a limit, and the next page begins after them', async () => {
  assert.equal(textsOf(await pageOfNotes(journalOf(1_000, 300), newest(50), asker.pause)), [
    'released by ann 300',
    'released by ann 600',
    'released by ann 900',
  ]);
  const silent = journalOf(1_000_000, 1_000_000_000);
  assert.equal(await pageOfNotes(silent, newest(50), asker.pause), { v: 1, notes: [], next: 1_000_001 - recordsPerReply });
  assert.is(
    silent.asked.reduce((sum, limit) => sum + limit, 0),
    recordsPerReply,
  );
});

test('pageOfNotes: an empty journal has no page', async () =>
  assert.equal(await pageOfNotes(journalOf(0, 1), newest(50), asker.pause), { v: 1, notes: [], next: null }));

test('log: what a real journal reports', async (desk) => {
  const handlers = createHandlers(desk.serving);
  await handlers.steer({ do: 'hold', routes: ['a'], until: null, who: { user: 'ann', origin: null, reason: 'a test' } }, asker);
  desk.settle();
  const { notes } = await handlers.log({ limit: notesPerReply, before: null, after: null }, asker);
  assert.match(JSON.stringify(notes.at(-1)), /ann/);
  assert.equal((await handlers.log({ limit: 1, before: null, after: null }, asker)).notes, notes.slice(-1));
});

test.run();
