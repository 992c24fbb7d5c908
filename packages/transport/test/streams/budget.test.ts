import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { copyLimits } from '../../src/limits.ts';
import { createUnsyncedBudget } from '../../src/streams/budget.ts';
import { createChunkHashes } from '../../src/streams/chunk-hashes.ts';
import { createRateLimit } from '../../src/streams/rate.ts';

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
  const leave = Array.from({ length: 24 }, () => budget.enter());
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

test('chunk hashes: a chunk is known by its length and its bytes, and forgotten when cut off', () => {
  const hashes = createChunkHashes(10);
  for (let chunk = 0; chunk < 200; chunk += 1) hashes.set(chunk, 10, BigInt(chunk));
  hashes.set(200, 3, 7n);
  assert.is(hashes.copiedBytes, 2003);
  assert.ok(hashes.has(150, 10, 150n));
  assert.ok(hashes.has(200, 3, 7n));
  assert.not(hashes.has(200, 4, 7n));
  hashes.truncate(1995);
  assert.not(hashes.has(199, 10, 199n));
  assert.not(hashes.has(200, 3, 7n));
});

test.run();
