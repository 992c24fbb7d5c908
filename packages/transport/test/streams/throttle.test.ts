import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { copyLimits } from '../../src/limits.ts';
import { FolderTurns } from '../../src/streams/pace.ts';
import { createRateLimit } from '../../src/streams/sink.ts';
import { createUnsyncedBudget, type UnsyncedBudget } from '../../src/streams/unsynced-budget.ts';

/** A budget that begins with four pieces. */
const limits = { ...copyLimits, firstUnsyncedBytes: 4 * copyLimits.pieceBytes };

/** A budget, with a function that reports syncs of given durations, one after the other. */
function slowBudget(): { readonly budget: UnsyncedBudget; readonly sync: (tookMs: number) => void } {
  const budget = createUnsyncedBudget(limits);
  let now = 0;
  const sync = (tookMs: number): void => {
    const beganAt = now;
    now += tookMs;
    budget.synced(budget.shareBytes(), beganAt, now);
  };
  return { budget, sync };
}

test('budget: follows the rate of the destination, within its bounds', () => {
  const { budget, sync } = slowBudget();
  for (let times = 0; times < 10; times += 1) sync(50);
  assert.is(budget.shareBytes(), copyLimits.maxUnsyncedBytes);
  sync(2_000);
  assert.is(budget.shareBytes(), copyLimits.maxUnsyncedBytes / 2);
  for (const tookMs of [60_000, 20_000, 5_000, 2_000]) sync(tookMs);
  assert.is(budget.shareBytes(), copyLimits.minUnsyncedBytes);
});

test('budget: if a smaller amount takes as long as a larger one, it goes back to the larger one', () => {
  const { budget, sync } = slowBudget();
  for (let times = 0; times < 3; times += 1) sync(500);
  const before = budget.shareBytes();
  for (let times = 0; times < 20; times += 1) sync(2_000);
  assert.is(budget.shareBytes(), before);
  for (const tookMs of [60_000, 5_000]) sync(tookMs);
  assert.ok(budget.shareBytes() < before / 16, 'until it takes much longer');
});

test('budget: a sync that waits behind a larger amount from before a reduction does not count as one that no amount makes faster', () => {
  const { budget, sync } = slowBudget();
  for (let times = 0; times < 3; times += 1) sync(500);
  const before = budget.shareBytes();
  for (const tookMs of [2_000, 1_900, 1_000, 1_000]) sync(tookMs);
  assert.is(budget.shareBytes(), before / 2);
});

test('budget: begins with what 4 Mbit/s carry in a second or so: a call that needs several round trips waits behind it each time', () => {
  assert.ok(copyLimits.firstUnsyncedBytes <= 0.5 * 1024 * 1024);
  assert.ok(copyLimits.firstReadBytes <= 0.5 * 1024 * 1024);
});

test('budget: ignores a sync that began before the last change', () => {
  const budget = createUnsyncedBudget(limits);
  for (let lane = 0; lane < 5; lane += 1) budget.synced(limits.firstUnsyncedBytes, 0, 2_000);
  assert.is(budget.shareBytes(), limits.firstUnsyncedBytes / 2);
});

test('budget: lanes share it; if there is less than a piece for each, they take turns, first come first served', async () => {
  const budget = createUnsyncedBudget(limits);
  const pieces = limits.firstUnsyncedBytes / copyLimits.pieceBytes;
  const leave = Array.from({ length: pieces }, () => budget.tryEnter());
  assert.is(budget.shareBytes(), copyLimits.pieceBytes);
  assert.equal([budget.tryEnter(), budget.isCrowded()], [null, false]);
  const turns: number[] = [];
  const stopped = new AbortController();
  const entering = [0, 1, 2].map((lane) =>
    budget.enter(lane === 1 ? stopped.signal : new AbortController().signal).then(
      () => turns.push(lane),
      () => turns.push(-lane),
    ),
  );
  assert.ok(budget.isCrowded());
  stopped.abort();
  leave[0]?.();
  leave[0]?.();
  await Promise.all(entering.slice(0, 2));
  assert.equal(
    turns.toSorted((a, b) => a - b),
    [-1, 0],
  );
  leave[1]?.();
  await entering[2];
  assert.equal([turns.at(-1), budget.isCrowded()], [2, false]);
});

test('budget: a lane counts only for the size of its small file, so that many are synced at once', () => {
  const budget = createUnsyncedBudget(limits);
  const bytes = 16_384;
  const small = Array.from({ length: limits.firstUnsyncedBytes / bytes }, () => budget.tryEnter(bytes));
  assert.ok(small.every((leave) => leave !== null));
  assert.equal([budget.tryEnter(bytes), budget.tryEnter()], [null, null]);
  small[0]?.();
  assert.type(budget.tryEnter(bytes), 'function');
});

test('budget: slow syncs of small files alone leave room for fewer of them', () => {
  const bytes = 16_384;
  const budget = createUnsyncedBudget(limits);
  const leaveSmall = budget.tryEnter(bytes);
  const first = budget.shareBytes();
  const leaveWhole = budget.tryEnter();
  budget.synced(bytes, 0, 2_000);
  leaveWhole?.();
  assert.is(budget.shareBytes(), first, 'what a large file writes says more about the rate');
  budget.synced(bytes, 0, 2_000);
  assert.is(budget.shareBytes(), first / 2);
  leaveSmall?.();
});

test('budget: while small files are copied too, a sync of a large one should take a quarter of a second', () => {
  const { budget, sync } = slowBudget();
  for (let times = 0; times < 3; times += 1) sync(500);
  const leaveSmall = budget.tryEnter(16_384);
  const leaveWhole = budget.tryEnter();
  const alone = budget.shareBytes();
  sync(500);
  assert.is(budget.shareBytes(), Math.floor(alone / 2));
  leaveSmall?.();
  sync(500);
  assert.ok(budget.shareBytes() >= alone);
  leaveWhole?.();
});

test('budget: quick syncs of small files make room for more only while others wait', async () => {
  const bytes = 16_384;
  const budget = createUnsyncedBudget(limits);
  const leave = Array.from({ length: limits.firstUnsyncedBytes / bytes }, () => budget.tryEnter(bytes));
  budget.synced(bytes, 0, 10);
  assert.is(budget.tryEnter(bytes), null);
  const waiting = budget.enter(new AbortController().signal, bytes);
  budget.synced(bytes, 0, 10);
  leave.push(await waiting, budget.tryEnter(bytes));
  assert.ok(leave.every((each) => each !== null));
  for (const each of leave) each?.();
});

/** Lets everything that has settled continue. */
async function turn(): Promise<void> {
  for (let jobs = 0; jobs < 10; jobs += 1) await Promise.resolve();
}

test('folders: one lane at a time changes the names in a folder, and other folders do not wait', async () => {
  const folders = new FolderTurns(copyLimits);
  const log: string[] = [];
  const end: Record<string, () => void> = {};
  const calls = { signal: new AbortController().signal };
  const change = (path: string): Promise<void> =>
    folders.run(
      path,
      () => {
        log.push(path);
        return new Promise<void>((resolve) => {
          end[path] = resolve;
        });
      },
      { calls, onTurn: () => log.push('turn') },
    );
  const [first, second, other] = [change('a/1'), change('a/2'), change('b/1')];
  await turn();
  assert.equal(log, ['a/1', 'b/1']);
  end['a/1']?.();
  await first;
  await turn();
  assert.equal(log, ['a/1', 'b/1', 'turn', 'a/2']);
  end['a/2']?.();
  end['b/1']?.();
  await Promise.all([second, other]);
});

test('folders: a call that fails, or a lane that is stopped, leaves the turn to the next', async () => {
  const folders = new FolderTurns(copyLimits);
  const stop = new AbortController();
  const running = Promise.withResolvers<void>();
  const dependencies = { calls: { signal: new AbortController().signal }, onTurn: () => undefined };
  const first = folders.run('a/1', () => running.promise, dependencies);
  const stopped = folders.run('a/2', () => undefined, { ...dependencies, calls: stop });
  const third = folders.run('a/3', () => 3, dependencies);
  stop.abort();
  running.reject(new Error('refused'));
  const outcomes = await Promise.allSettled([first, stopped, third]);
  assert.equal(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'fulfilled'],
  );
});

/** A rate limit by a clock that moves only while something waits for it. */
function throttled(rate: () => number | null) {
  let now = 1_000;
  const clock = {
    now: () => now,
    wait: async (forMs: number) => {
      now += forMs;
    },
  };
  const limit = createRateLimit(rate, clock);
  const { signal } = new AbortController();
  const spend = async (bytes: number): Promise<number> => {
    await limit.spend(bytes, signal);
    return Math.round(now - 1_000);
  };
  return { limit, spend, at: () => now - 1_000, pass: (ms: number) => (now += ms) };
}

test('rate: the first piece goes at once, and each one after it when the bytes before it are allowed', async () => {
  const { spend } = throttled(() => 1_000_000);
  assert.equal([await spend(250_000), await spend(250_000), await spend(500_000), await spend(1)], [0, 250, 500, 1_000]);
});

test('rate: lanes wait for what all of them together have asked for', async () => {
  const { limit, at } = throttled(() => 1_000_000);
  const { signal } = new AbortController();
  const ends: number[] = [];
  await Promise.all([1, 2, 3].map(() => limit.spend(250_000, signal).then(() => ends.push(at()))));
  assert.equal(ends.length, 3);
  assert.ok((ends.at(-1) ?? 0) >= 500, String(ends));
});

test('rate: what was not used is not saved up', async () => {
  const { spend, pass } = throttled(() => 1_000_000);
  await spend(250_000);
  pass(10_000);
  assert.equal([await spend(250_000), await spend(250_000)], [10_000, 10_250]);
});

test('rate: a higher rate counts for what waits', async () => {
  let rate: number | null = 1_000;
  const { limit, at } = throttled(() => (at() >= 500 ? rate : 1_000));
  const { signal } = new AbortController();
  await limit.spend(1_000_000, signal);
  rate = 10_000_000;
  await limit.spend(1, signal);
  assert.ok(at() < 1_000, `${at()} ms instead of 1000 s`);
});

test('rate: no limit counts for what waits, and takes nothing with it', async () => {
  let rate: number | null = 1_000;
  const { spend, limit } = throttled(() => rate);
  await spend(1_000_000);
  assert.is(limit.pieceBytes, 65_536);
  rate = null;
  assert.is(await spend(1_000_000), 0);
  assert.is(limit.pieceBytes, null);
  rate = 1_000_000;
  assert.is(await spend(500_000), 0, 'the debt of before is forgotten');
  assert.is(await spend(1), 500);
});

test('rate: a lower rate counts from now on', async () => {
  let rate = 1_000_000;
  const { spend } = throttled(() => rate);
  await spend(500_000);
  rate = 100_000;
  assert.is(await spend(1), 5_000);
});

test.run();
