import { notesPerReply, recordsPerReply } from '@sluice/control';
import type { JournalRecord } from '@sluice/core';
import { routeName } from '@sluice/core/model';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHandlers } from '../../src/serve/handlers.ts';
import { newestNotes } from '../../src/serve/log-notes.ts';
import { asker, type Desk, makeDesk } from './desk.ts';

const test = suite<Desk>('what was logged before');

test.before.each(async (context) => {
  Object.assign(context, makeDesk());
});
test.after.each((desk) => desk.close());

/** A journal with a number of records, newest first. Every n-th of them is a sentence for an operator. */
function journalOf(count: number, every: number): { readonly asked: number[]; records(query: unknown): JournalRecord[] } {
  const asked: number[] = [];
  return {
    asked,
    records: (query) => {
      const { before, limit } = query as { readonly before: number | null; readonly limit: number };
      asked.push(limit);
      const newest = before === null ? count : before - 1;
      return Array.from({ length: Math.max(0, Math.min(limit, newest)) }, (_, index) => recordOf(newest - index, every));
    },
  };
}

function recordOf(seq: number, every: number): JournalRecord {
  const common = { kind: 'route_fact', seq, at: seq, route: routeName('a') } as const;
  if (seq % every === 0) return { ...common, key: 'hold', event: { kind: 'released', by: `ann ${seq}`, reason: null } };
  return { ...common, key: 'note', event: { kind: 'parts_to_remove', parts: [] } };
}

test('newestNotes: returns the newest, oldest first, and at most as many as requested', async () => {
  const notes = await newestNotes(journalOf(1_000, 1), 3, asker.pause);
  assert.equal(
    notes.map(({ text }) => text),
    ['released by ann 998', 'released by ann 999', 'released by ann 1000'],
  );
  assert.equal(notes[0], { v: 1, at: '1970-01-01T00:00:00.998Z', level: 'info', route: 'a', text: 'released by ann 998' });
});

test('newestNotes: records without a sentence for the operator are skipped, up to a limit', async () => {
  assert.equal(
    (await newestNotes(journalOf(1_000, 300), 50, asker.pause)).map(({ text }) => text),
    ['released by ann 300', 'released by ann 600', 'released by ann 900'],
  );
  const silent = journalOf(1_000_000, 1_000_000_000);
  assert.equal(await newestNotes(silent, 50, asker.pause), []);
  assert.is(
    silent.asked.reduce((sum, limit) => sum + limit, 0),
    recordsPerReply,
  );
});

test('newestNotes: none for an empty journal', async () => assert.equal(await newestNotes(journalOf(0, 1), 50, asker.pause), []));

test('log: what a real journal reports', async (desk) => {
  const handlers = createHandlers(desk.serving);
  await handlers.steer({ do: 'hold', routes: ['a'], until: null, who: { user: 'ann', origin: null, reason: 'a test' } }, asker);
  desk.settle();
  const { notes } = await handlers.log({ limit: notesPerReply }, asker);
  assert.match(JSON.stringify(notes.at(-1)), /ann/);
  assert.equal((await handlers.log({ limit: 1 }, asker)).notes, notes.slice(-1));
});

test.run();
