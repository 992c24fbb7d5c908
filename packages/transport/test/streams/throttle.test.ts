import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { copyLimits } from '../../src/limits.ts';
import { createRateLimit, createUnsyncedBudget } from '../../src/streams/sink.ts';

test('budget: it follows the rate between its bounds', () => {
  const budget = createUnsyncedBudget(copyLimits);
  for (let sync = 0; sync < 10; sync += 1) budget.synced(budget.shareBytes(), 50);
  assert.is(budget.shareBytes(), copyLimits.maxUnsyncedBytes);
  budget.synced(budget.shareBytes(), 2_000);
  assert.is(budget.shareBytes(), copyLimits.maxUnsyncedBytes / 2);
  for (let sync = 0; sync < 10; sync += 1) budget.synced(budget.shareBytes(), 60_000);
  assert.is(budget.shareBytes(), copyLimits.minUnsyncedBytes);
});

test('budget: lanes share it, none gets less than a piece, who leaves gives its share back', () => {
  const budget = createUnsyncedBudget(copyLimits);
  const leave = Array.from({ length: 40 }, () => budget.enter());
  assert.is(budget.shareBytes(), copyLimits.pieceBytes);
  for (const each of leave.slice(2)) {
    each();
    each();
  }
  assert.is(budget.shareBytes(), copyLimits.firstUnsyncedBytes / 2);
});

test('rate: what was taken too early is waited for, by all lanes together', async () => {
  const waits: number[] = [];
  const clock = { now: () => 1_000, wait: async (forMs: number) => void waits.push(forMs) };
  const rate = createRateLimit(1_000_000, clock);
  const { signal } = new AbortController();
  for (let piece = 0; piece < 3; piece += 1) await rate.spend(250_000, signal);
  assert.equal(waits, [250, 500]);
});

test.run();
