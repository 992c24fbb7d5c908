import { createWakingClock } from '@sluice/platform';
import { createSimProcess } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isMute } from '../../src/children/crew.ts';
import { limits } from '../../src/limits.ts';

/** An agent with a child that sends a message every second until it stops sending. */
function setUp() {
  const { system, run, stop, suspend } = createSimProcess();
  const clock = createWakingClock(system);
  let heardAt = clock.now();
  const hear = (): void => {
    heardAt = clock.now();
  };
  const isSilent = (): boolean => isMute({ lastHeardAt: () => heardAt }, clock.now(), limits.silentChildMs);
  return { run, stop, suspend, hear, isSilent };
}

test('isMute: a child that sends nothing while the agent is awake, from the limit on', () => {
  const { run, hear, isSilent } = setUp();
  run(60_300);
  hear();
  run(limits.silentChildMs - 1);
  assert.not(isSilent());
  run(1);
  assert.ok(isSilent());
});

for (const [what, pauseFor] of [
  ['stopped', 'stop'],
  ['suspended', 'suspend'],
] as const) {
  test(`isMute: not before the messages of the child were read, however long the agent was ${what}`, () => {
    const agent = setUp();
    for (const before of [0, limits.silentChildMs - 100]) {
      agent.hear();
      agent.run(before);
      agent[pauseFor](3_600_000);
      assert.not(agent.isSilent());
      agent.run(500);
      assert.not(agent.isSilent());
    }
  });
}

test('isMute: a child that sends nothing after a pause either, at most two heartbeats later than without the pause', () => {
  const { run, stop, hear, isSilent } = setUp();
  run(10_500);
  hear();
  stop(25_000);
  run(limits.silentChildMs - 1);
  assert.not(isSilent());
  run(2_001);
  assert.ok(isSilent());
});

test.run();
