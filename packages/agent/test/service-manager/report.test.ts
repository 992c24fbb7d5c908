import type { Event } from '@sluice/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ServiceReport } from '../../src/service-manager/report.ts';

/** A service that is informed by hand. */
function fixture(watchdogMs: number | null = 3_000) {
  const said: string[] = [];
  const timers: { everyMs: number; work: () => void; hasEnded: boolean }[] = [];
  const loop = { taken: 0, stalled: false, offered: [] as Event[] };
  const state = { verdict: 'everything is copied' };
  const report = new ServiceReport({
    notifier: {
      ready: () => void said.push('ready'),
      reloading: () => void said.push('reloading'),
      stopping: () => void said.push('stopping'),
      status: (text) => void said.push(text),
      alive: () => void said.push('alive'),
    },
    watchdogMs,
    loop: { offer: (event) => void loop.offered.push(event), isStalled: () => loop.stalled, eventsTaken: () => loop.taken },
    verdict: () => state.verdict,
    every(everyMs, work) {
      const timer = { everyMs, work, hasEnded: false };
      timers.push(timer);
      return () => void (timer.hasEnded = true);
    },
  });
  const ring = (everyMs: number): void => {
    for (const timer of timers) if (timer.everyMs === everyMs && !timer.hasEnded) timer.work();
  };
  const heard = (): string[] => said.splice(0);
  return { report, heard, ring, loop, state, timers };
}

test('ServiceReport: sends READY, and then each new verdict', () => {
  const { report, heard, ring, state } = fixture();
  report.ready();
  assert.equal(heard(), ['ready', 'everything is copied']);
  ring(10_000);
  state.verdict = '2 copying';
  ring(10_000);
  ring(10_000);
  assert.equal(heard(), ['2 copying']);
});

test('ServiceReport: sends signs of life only while the loop takes events', () => {
  const { report, heard, ring, loop } = fixture();
  report.ready();
  heard();
  ring(1_000);
  assert.equal([heard(), loop.offered], [['alive'], [{ kind: 'tick' }]]);
  loop.taken += 1;
  ring(1_000);
  assert.equal(heard(), ['alive']);
  ring(1_000);
  assert.equal(heard(), [], 'the tick was not taken');
  loop.stalled = true;
  ring(1_000);
  assert.equal(heard(), ['alive'], 'a restart does not help a journal');
});

test('ServiceReport: sends no signs of life without a watchdog, and nothing after its end', () => {
  const { report, timers, heard, ring } = fixture(null);
  report.ready();
  heard();
  assert.equal(
    timers.map(({ everyMs }) => everyMs),
    [10_000],
  );
  report.end();
  ring(10_000);
  assert.equal(heard(), []);
});

test('ServiceReport: a reload begins and ends, and a stop is announced', () => {
  const { report, heard } = fixture();
  report.reload('begins');
  report.reload('over');
  report.stopping();
  assert.equal(heard(), ['reloading', 'ready', 'stopping']);
});

test.run();
