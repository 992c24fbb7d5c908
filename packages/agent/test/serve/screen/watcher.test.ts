import type { ScreenDelta, ScreenFrame, ScreenWindow } from '@sluice/control';
import { createCatalogue } from '@sluice/lists';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { screenLimits as limits } from '../../../src/serve/screen/limits.ts';
import { Watcher } from '../../../src/serve/screen/watcher.ts';

const rules = { tab: 'all', filter: '', sort: 'name', isReversed: false, hideRecovered: false } as const;
const window: ScreenWindow = { ...rules, offset: 0, limit: 20, anchor: null };
const list = createCatalogue({ shownSince: () => 0, condition: () => ({ isOpen: true, isHeld: false }) }).addList(rules);
const complete = { isComplete: () => true };
const incomplete = { isComplete: () => false };

/** A watcher, and what its client is sent. The client reads while `hasRead` is true. */
function client(hasRead = () => true) {
  const sent: ScreenDelta[] = [];
  const watcher = new Watcher({ send: (delta) => void sent.push(delta), hasRead, close: () => undefined });
  return { watcher, sent };
}

/** Returns a frame. Two frames differ only in their throughput. */
function frameOf({ nextSeq }: Watcher, throughput: readonly number[] = []): ScreenFrame {
  return {
    v: 1,
    at: '2026-01-01T00:00:00.000Z',
    seq: nextSeq,
    verdict: { level: 'ok', text: 'all is well' } as unknown as ScreenFrame['verdict'],
    agent: { running: false } as unknown as ScreenFrame['agent'],
    routes: [],
    totals: {} as ScreenFrame['totals'],
    throughput,
    rows: { total: 0, matched: 0, offset: 0, rows: [] },
  };
}

test('Watcher: nothing is due before a window is requested', () => {
  const { watcher } = client();
  assert.not.ok(watcher.isDue(complete, 1_000));
  assert.is(watcher.nextAt, Number.POSITIVE_INFINITY);
});

test('Watcher: an answer waits for its list, the first one only briefly', async () => {
  const { watcher } = client();
  const first = watcher.ask({ list, window }, 0);
  assert.ok(watcher.isDue(complete, 0));
  assert.not.ok(watcher.isDue(incomplete, limits.firstAnswerMs - 1));
  assert.ok(watcher.isDue(incomplete, limits.firstAnswerMs));
  watcher.deliver(frameOf(watcher));
  assert.is((await first).seq, 1);
  void watcher.ask({ list, window }, 1_000);
  assert.not.ok(watcher.isDue(incomplete, 1_000 + limits.answerMs - 1));
  assert.ok(watcher.isDue(incomplete, 1_000 + limits.answerMs));
});

test('Watcher: one frame answers all open requests, and is not sent as a change', async () => {
  const { watcher, sent } = client();
  const answers = [watcher.ask({ list, window }, 0), watcher.ask({ list, window }, 1)];
  const frame = frameOf(watcher);
  watcher.deliver(frame);
  assert.equal(await Promise.all(answers), [frame, frame]);
  assert.is(sent.length, 0);
});

test('Watcher: a change is sent once its time has come, and only if there is one', () => {
  const { watcher, sent } = client();
  void watcher.ask({ list, window }, 0);
  watcher.deliver(frameOf(watcher));
  watcher.postpone(0);
  assert.not.ok(watcher.isDue(complete, limits.deltaEveryMs - 1));
  assert.ok(watcher.isDue(complete, limits.deltaEveryMs));
  watcher.deliver(frameOf(watcher));
  assert.is(sent.length, 0);
  watcher.deliver(frameOf(watcher, [1]));
  watcher.deliver(frameOf(watcher, [2]));
  assert.equal(
    sent.map(({ seq, parts }) => [seq, parts]),
    [
      [2, { throughput: [1] }],
      [3, { throughput: [2] }],
    ],
  );
});

test('Watcher: a client that does not read gets answers but no changes', () => {
  const { watcher } = client(() => false);
  void watcher.ask({ list, window }, 0);
  assert.ok(watcher.canReceive());
  watcher.deliver(frameOf(watcher));
  assert.not.ok(watcher.canReceive());
});

test('Watcher: end rejects open requests, and nothing is due after it', async () => {
  const { watcher } = client();
  const answer = watcher.ask({ list, window }, 0).catch((error: unknown) => error);
  const error = new Error('over');
  watcher.end(error);
  assert.is(await answer, error);
  assert.is(watcher.viewed, null);
  assert.not.ok(watcher.isDue(complete, 10_000));
});

test.run();
