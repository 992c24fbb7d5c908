import { createWakingClock } from '@sluice/platform';
import { createSimProcess } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCalls, realClock } from '../../src/calls.ts';
import { createStallWatch } from '../../src/carrier/lane.ts';
import { copyLimits } from '../../src/limits.ts';
import { routeFor } from '../support/carrier-fixture.ts';

/** A lane with a write that does not come back, in a carrier that checks its calls as often as a real one. */
function hangingCarrier() {
  const { system, run, stop } = createSimProcess();
  const waking = createWakingClock(system);
  const clock = { ...realClock, now: () => waking.now() };
  const calls = createCalls(clock);
  const stalls: number[] = [];
  const report = async (report: { kind: string; sinceMs?: number }): Promise<void> => void stalls.push(report.sinceMs ?? -1);
  const route = { ...routeFor('', ''), stallAfterMs: 2_000 };
  const lanes = [{ calls, dependencies: { report } }];
  const watch = createStallWatch({ clock, limits: copyLimits, route }, () => lanes);
  system.every(copyLimits.watchEveryMs, watch.check);
  const begin = (): void => void calls.run('destination', 'write', () => new Promise(() => undefined));
  return { run, stop, stalls, watch, begin };
}

test('createStallWatch: reports a call that hangs while the carrier is awake, after stall_after and then every second', () => {
  const { run, stalls, begin } = hangingCarrier();
  run(10_100);
  begin();
  run(2_000);
  assert.equal(stalls, []);
  run(3_000);
  assert.is(stalls.length, 3);
  assert.ok((stalls[0] ?? 0) <= 2_000 + copyLimits.watchEveryMs, String(stalls));
});

test('createStallWatch: a pause of the carrier is not reported as a stall; a call that hangs after it, too, is', () => {
  const { run, stop, stalls, watch, begin } = hangingCarrier();
  run(10_100);
  begin();
  run(1_000);
  stop(25_000);
  run(1_000);
  assert.equal(stalls, []);
  assert.ok((watch.oldest()?.sinceMs ?? 0) <= 2_000);
  run(3_000);
  assert.ok(stalls.length > 0);
});

test.run();
