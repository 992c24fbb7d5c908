import { restoreState } from '@sluice/core';
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

test.run();
