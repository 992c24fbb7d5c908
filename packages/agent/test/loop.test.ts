import { type JournalRecord, restoreState } from '@sluice/core';
import { routeSettings } from '@sluice/core/fixtures';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLoop } from '../src/loop.ts';
import { a, entryOf } from './serve/desk.ts';

test('createLoop: a journal that refuses for a while is reported once when it begins, and once when it is over', () => {
  const settings = {
    agentId: '0a0b0c0d',
    lanes: 1,
    growingLanes: 1,
    smallSizeBytes: 0,
    attentionAfterMs: 60_000,
    routes: [routeSettings({ name: a })],
  };
  const image = { nextSeq: 1, files: [], routeFacts: [], usedNames: [] };
  const state = restoreState({ settings, image, untilIdle: false, at: 0, wall: 0 });
  const said: string[] = [];
  const retries: (() => void)[] = [];
  let refusals = 5;
  const append = (): void => {
    refusals -= 1;
    if (refusals >= 0) throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
  };
  const loop = createLoop({ append, load: () => image, close: () => {} }, state, 1, {
    clock: { monotonic: () => 0, wall: () => 0 },
    ids: { fresh: () => '00000001-0000-4000-8000-000000000000' },
    performer: { perform: () => {} },
    audience: {
      committed: (_, records) => void said.push(`committed ${records.length}`),
      stalled: (code, records) => void said.push(`stalled ${code} ${records}`),
      resumed: (records) => void said.push(`resumed ${records}`),
    },
    unusable: assert.unreachable,
    defer: (work) => work(),
    makeTimer: (fire) => ({ set: () => void retries.push(fire), clear: () => {} }),
  });
  loop.offer({ kind: 'entries_seen', route: a, entries: [entryOf('a.mxf')] });
  for (let round = 0; round < 5 && loop.isStalled(); round += 1) for (const fire of retries.splice(0)) fire();
  assert.is(loop.isStalled(), false);
  assert.equal(said, ['stalled SQLITE_BUSY 1', 'resumed 1', 'committed 1']);
});

test('Loop.record: how a hook ended is committed also after the end, and nothing is offered any more', () => {
  const settings = {
    agentId: '0a0b0c0d',
    lanes: 1,
    growingLanes: 1,
    smallSizeBytes: 0,
    attentionAfterMs: 60_000,
    routes: [routeSettings({ name: a })],
  };
  const image = { nextSeq: 1, files: [], routeFacts: [], usedNames: [] };
  const state = restoreState({ settings, image, untilIdle: false, at: 0, wall: 0 });
  const written: string[] = [];
  let isRefused = false;
  const append = (records: readonly JournalRecord[]): void => {
    if (isRefused) throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
    written.push(...records.map(({ seq, event }) => `${seq} ${event.kind}`));
  };
  const loop = createLoop({ append, load: () => image, close: () => {} }, state, 1, {
    clock: { monotonic: () => 0, wall: () => 0 },
    ids: { fresh: () => '00000001-0000-4000-8000-000000000000' },
    performer: { perform: () => assert.unreachable() },
    audience: { committed: () => {}, stalled: () => {}, resumed: () => {} },
    unusable: assert.unreachable,
    defer: () => {},
    makeTimer: () => ({ set: () => {}, clear: () => {} }),
  });
  loop.end();
  const end = { kind: 'ended', code: 0, diagnosis: '' } as const;
  const event = { kind: 'hook_ended', hook: 'on_done', program: '/bin/index', tookMs: 1, end, routes: [{ route: a, calls: 1 }] } as const;
  loop.record(event);
  loop.record(event);
  loop.offer({ kind: 'entries_seen', route: a, entries: [entryOf('a.mxf')] });
  assert.equal(written, ['1 hook_ended', '2 hook_ended']);
  isRefused = true;
  loop.record(event);
  isRefused = false;
  loop.record(event);
  assert.is(written.length, 2, 'nothing follows what was refused');
});

test.run();
