import { createWakingClock } from '@sluice/platform';
import { createSimProcess } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OutstandingCall } from '../src/outstanding-call.ts';

function setUp() {
  const { system, run, stop } = createSimProcess();
  const clock = createWakingClock(system);
  return { call: new OutstandingCall(clock.now.bind(clock)), run, stop };
}

test('OutstandingCall: counts from the last call of the command', () => {
  const { call, run } = setUp();
  assert.is(call.current(), null);
  call.begin('list_source');
  run(9_000);
  assert.equal(call.current(), { operation: 'list_source', sinceMs: 9_000 });
  call.restart();
  run(10_000);
  assert.equal(call.current(), { operation: 'list_source', sinceMs: 10_000 });
  call.end();
  assert.is(call.current(), null);
});

test('OutstandingCall: a pause of this process does not count as silence of the source', () => {
  const { call, run, stop } = setUp();
  call.begin('list_source');
  run(4_500);
  assert.is(call.current()?.sinceMs, 4_500);
  stop(25_000);
  assert.is(call.current()?.sinceMs, 4_500);
  run(11_000);
  assert.is(call.current()?.sinceMs, 14_500);
});

test.run();
