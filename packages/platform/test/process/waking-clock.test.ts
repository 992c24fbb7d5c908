import { createSimProcess, type SimProcess } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createWakingClock, type WakingClock } from '../../src/mod.ts';

/** A process and its clock, which has been read once. */
function start(): SimProcess & { readonly clock: WakingClock } {
  const sim = createSimProcess();
  const clock = createWakingClock(sim.system);
  clock.now();
  return { ...sim, clock };
}

/** Returns how far the clock advances during `work`. */
function counted(clock: WakingClock, work: () => void): number {
  const before = clock.now();
  work();
  return clock.now() - before;
}

test('now: advances with the monotonic clock while the process is awake', () => {
  const { clock, run } = start();
  for (const ms of [1, 999, 1_000, 12_345])
    assert.is(
      counted(clock, () => run(ms)),
      ms,
    );
});

for (const pausedMs of [3_100, 25_000, 86_400_000]) {
  test(`now: a stop of ${pausedMs} ms does not count, whether or not the clock was read before the late beat`, () => {
    for (const isRead of [true, false]) {
      const { clock, run, stop } = start();
      run(10_400);
      const passed = counted(clock, () => {
        stop(pausedMs);
        if (isRead) clock.now();
        run(0);
      });
      assert.is(passed, 0);
    }
  });
}

test('now: stands still after a pause until a beat is on time, then continues', () => {
  const { clock, run, stop } = start();
  run(10_000);
  stop(25_000);
  assert.is(
    counted(clock, () => run(990)),
    0,
  );
  assert.is(
    counted(clock, () => run(5_010)),
    5_000,
  );
});

test('now: repeated pauses do not count', () => {
  const { clock, run, stop } = start();
  const passed = counted(clock, () => {
    for (let pauses = 0; pauses < 5; pauses += 1) {
      stop(25_000);
      run(2_100);
    }
  });
  assert.ok(passed <= 5 * 2_100, `${passed} ms`);
});

test('now: a process that rarely gets to run still reaches its deadlines', () => {
  const { clock, run, stop } = start();
  let fired = 0;
  clock.after(10_000, () => (fired += 1));
  for (let turns = 0; turns < 9; turns += 1) {
    stop(4_000);
    run(10);
  }
  assert.is(fired, 0);
  for (let turns = 0; turns < 4; turns += 1) {
    stop(4_000);
    run(10);
  }
  assert.is(fired, 1);
});

test('now: suspension of the machine does not count, and afterwards there is one beat to read what waits', () => {
  const { clock, run, suspend } = start();
  run(10_000);
  const passed = counted(clock, () => {
    suspend(3_600_000);
    run(990);
  });
  assert.is(passed, 0);
  assert.is(
    counted(clock, () => run(2_010)),
    1_000,
  );
});

test('now: setting the wall clock back changes nothing', () => {
  const { clock, run, suspend } = start();
  suspend(-3_600_000);
  assert.is(
    counted(clock, () => run(15_000)),
    15_000,
  );
});

test('now: a loop that is repeatedly a little late does not count as paused', () => {
  const { clock, run, stop } = start();
  const passed = counted(clock, () => {
    for (let times = 0; times < 10; times += 1) {
      stop(1_900);
      run(100);
    }
  });
  assert.is(passed, 20_000);
});

test('after: fires on time while the process is awake', () => {
  const { clock, run } = start();
  let fired = 0;
  clock.after(15_000, () => (fired += 1));
  run(14_999);
  assert.is(fired, 0);
  run(1);
  assert.is(fired, 1);
});

test('after: a deadline that is nearly reached does not expire because of a pause, and expires soon after it', () => {
  const { clock, run, stop } = start();
  let fired = 0;
  clock.after(10_000, () => (fired += 1));
  run(9_990);
  clock.now();
  stop(25_000);
  run(900);
  assert.is(fired, 0);
  run(300);
  assert.is(fired, 1);
});

test('after: a cancelled timer does not fire, and leaves no system timer', () => {
  const { clock, run, stop, timers } = start();
  let fired = 0;
  const callOff = clock.after(10_000, () => (fired += 1));
  run(9_000);
  stop(25_000);
  run(500);
  callOff();
  assert.is(timers(), 0);
  run(60_000);
  assert.is(fired, 0);
});

test('at: a moment that has passed fires at once, even during a pause', () => {
  const { clock, run, stop } = start();
  stop(25_000);
  let fired = 0;
  clock.at(clock.now(), () => (fired += 1));
  run(0);
  assert.is(fired, 1);
});

test('after: a delay longer than a system timer allows is waited for', () => {
  const { clock, run } = start();
  let fired = 0;
  clock.after(3_000_000_000, () => (fired += 1));
  run(2_999_999_000);
  assert.is(fired, 0);
  run(1_000);
  assert.is(fired, 1);
});

test.run();
