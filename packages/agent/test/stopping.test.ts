import type { Event } from '@sluice/core';
import { createSimClock } from '@sluice/testkit';
import { conditionText, duration } from '@sluice/words';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StallReport } from '../src/own-conditions/stall.ts';
import type { Timer } from '../src/ports.ts';
import { Stopping } from '../src/stopping.ts';

const stopAfterMs = 10_000;
const hourMs = 3_600_000;

/** Simulated time, and its timers. */
function timed() {
  const clock = createSimClock();
  const makeTimer = (fire: () => void): Timer => {
    let callOff: () => void = () => undefined;
    return {
      set(at) {
        callOff();
        callOff = clock.after(at - clock.monotonic(), fire);
      },
      clear: () => callOff(),
    };
  };
  return { clock, makeTimer };
}

/** Stops an agent whose journal is stalled or not, as the test requires. */
function setUp() {
  const { clock, makeTimer } = timed();
  const offered: Event['kind'][] = [];
  const givenUpAt: number[] = [];
  const journal = { isStalled: false };
  const stopping = new Stopping({
    offer: ({ kind }) => void offered.push(kind),
    clock,
    makeTimer,
    log: () => undefined,
    stopAfterMs,
    isStalled: () => journal.isStalled,
    giveUp: () => {
      givenUpAt.push(clock.monotonic());
      stopping.end();
    },
  });
  return { clock, offered, givenUpAt, journal, stopping };
}

test('Stopping: a stop gives running copies most of stop_after, and the agent does not give up while the journal works', () => {
  const { clock, offered, givenUpAt, stopping } = setUp();
  stopping.request('graceful', 'ann');
  clock.runUntil(7_999);
  assert.equal(offered, ['stop_requested']);
  clock.runUntil(hourMs);
  assert.equal(offered, ['stop_requested', 'stop_deadline']);
  assert.equal(givenUpAt, []);
});

for (const [mode, withinMs] of [
  ['graceful', stopAfterMs],
  ['now', 1_000],
  ['drain', stopAfterMs],
] as const) {
  test(`Stopping: ${mode}: the agent stops waiting for a stalled journal within ${withinMs} ms`, () => {
    const { clock, givenUpAt, journal, stopping } = setUp();
    journal.isStalled = true;
    stopping.request(mode, 'ann');
    clock.runUntil(withinMs);
    assert.is(givenUpAt.length, 1);
  });
}

test('Stopping: a second request makes a stalled agent end sooner', () => {
  const { clock, givenUpAt, journal, stopping } = setUp();
  journal.isStalled = true;
  stopping.request('graceful', 'SIGTERM');
  clock.runUntil(500);
  stopping.request('now', 'SIGTERM');
  clock.runUntil(1_500);
  assert.equal(givenUpAt, [1_500]);
});

test('Stopping: the agent also stops waiting for a journal that stalls after the deadline of a stop', () => {
  const { clock, givenUpAt, journal, stopping } = setUp();
  stopping.request('graceful', 'ann');
  clock.runUntil(8_500);
  journal.isStalled = true;
  clock.runUntil(10_000);
  assert.is(givenUpAt.length, 1);
});

test('Stopping: a drain continues while the journal stalls for less than stop_after', () => {
  const { clock, givenUpAt, journal, stopping } = setUp();
  stopping.request('drain', 'ann');
  for (let time = 0; time < 10; time += 1) {
    journal.isStalled = !journal.isStalled;
    clock.runUntil(clock.monotonic() + 6_000);
  }
  assert.equal(givenUpAt, []);
});

/** The reports of a stall, and the calls of a person. */
function reporting() {
  const { clock, makeTimer } = timed();
  const said: string[] = [];
  const report = new StallReport({
    clock,
    makeTimer,
    log: (level, text) => void said.push(`${level}: ${text}`),
    call: (condition) => void said.push(`call: ${conditionText(condition)}`),
    over: (forMs) => void said.push(`over: ${duration(forMs)}`),
    callAfterMs: 60_000,
  });
  return { clock, report, said };
}

test('StallReport: a stall of an hour is logged when it begins, every ten minutes, and when it is over, and calls a person once', () => {
  const { clock, report, said } = reporting();
  report.begin('SQLITE_FULL', 40);
  clock.runUntil(hourMs - 1);
  report.over(40);
  clock.runUntil(5 * hourMs);
  assert.equal(
    said.map((line) => line.replace(/\d+ min/, 'N min')),
    [
      'error: the journal cannot be written (SQLITE_FULL); 40 records wait, and no copy starts or finishes until it can',
      'call: the journal cannot be written (SQLITE_FULL): no copy starts or finishes until it can; this has lasted N min',
      ...Array(5).fill('error: the journal still cannot be written (SQLITE_FULL); this has lasted N min; 40 records wait'),
      'warn: the journal can be written again, after N min; 40 records that waited are in it',
      'over: N min',
    ],
  );
});

test('StallReport: a stall that is over before callAfterMs calls no person, and the next one is reported again', () => {
  const { clock, report, said } = reporting();
  report.begin('SQLITE_BUSY', 1);
  clock.runUntil(59_999);
  report.over(1);
  report.begin('SQLITE_BUSY', 1);
  assert.equal(said, [
    'error: the journal cannot be written (SQLITE_BUSY); 1 record waits, and no copy starts or finishes until it can',
    'warn: the journal can be written again, after 59 s; 1 record that waited is in it',
    'error: the journal cannot be written (SQLITE_BUSY); 1 record waits, and no copy starts or finishes until it can',
  ]);
});

test.run();
