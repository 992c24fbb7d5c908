import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlError } from '../src/protocol/errors.ts';
import { Turns } from '../src/server/fair-turns.ts';
import { rejection } from './support.ts';

/** Turns in simulated time, which passes only during work and while waiting for the next turn. */
function setUp(memberShare: number, memberBurstMs: number) {
  const soon: (() => void)[] = [];
  let now = 0;
  const turns = new Turns(
    { memberShare, memberBurstMs },
    {
      now: () => now,
      after: (delayMs, work) =>
        soon.push(() => {
          now += delayMs;
          work();
        }),
      defer: (work) => soon.push(work),
    },
  );
  /** Runs until nothing is left to do. Promise reactions come between two pieces of work, as in Node. */
  const run = async (): Promise<void> => {
    for (let work = soon.shift(); work !== undefined; work = soon.shift()) {
      work();
      for (let round = 0; round < 5; round += 1) await Promise.resolve();
    }
  };
  return { turns, run, now: () => now, work: (ms: number) => void (now += ms) };
}

test('Turns: clients take turns one after the other, however much one of them requests', async () => {
  const { turns, run } = setUp(0.25, 100);
  const seats = ['greedy', 'two', 'three'].map((name) => ({ name, seat: turns.seat() }));
  const served: string[] = [];
  for (const { name, seat } of seats) {
    for (let count = 0; count < (name === 'greedy' ? 4 : 2); count += 1) void seat.next().then(() => served.push(name));
  }
  await run();
  assert.equal(served, ['greedy', 'two', 'three', 'greedy', 'two', 'three', 'greedy', 'greedy']);
});

test('Turns: after their burst, all clients together get their share of the time', async () => {
  const { turns, run, now, work } = setUp(0.25, 100);
  const ends: number[] = [];
  for (let client = 0; client < 10; client += 1) {
    const seat = turns.seat();
    void seat.next().then(() => {
      work(50);
      ends.push(now());
    });
  }
  await run();
  assert.equal(ends.slice(0, 2), [50, 100], 'at full speed');
  // 100 ms at once, and then 50 ms of each 200 ms.
  const last = ends.at(-1) ?? 0;
  assert.ok(last >= 1_400 && last <= 1_800, `${last}`);
});

test('Turns: a client that leaves waits no longer and takes no turn', async () => {
  const { turns, run } = setUp(0.25, 100);
  const [leaving, staying] = [turns.seat(), turns.seat()];
  const given = rejection(leaving.next());
  let served = 0;
  void staying.next().then(() => (served += 1));
  leaving.leave();
  await run();
  assert.instance(await given, ControlError);
  assert.instance(await rejection(leaving.next()), ControlError);
  assert.is(served, 1);
});

test.run();
