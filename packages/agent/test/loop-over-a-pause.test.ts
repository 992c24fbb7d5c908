import type { Effect } from '@sluice/core';
import { routeSettings } from '@sluice/core/fixtures';
import type { ProbeResult } from '@sluice/core/model';
import { createWakingClock } from '@sluice/platform';
import { createSimProcess } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLoop } from '../src/loop.ts';
import { firstStart } from './first-start.ts';
import { a } from './serve/desk.ts';

const deadlineMs = 10_000;
const good: ProbeResult = {
  kind: 'good',
  mount: { path: '/destination', mountId: null },
  space: { totalBytes: 1e12, freeBytes: 1e12 },
  isFull: false,
  description: '(a folder)',
  marker: '11111111-1111-4111-8111-111111111111',
};

/** An agent with an online destination to which a probe was just sent. */
function probing() {
  const { system, run, stop } = createSimProcess();
  const clock = createWakingClock(system);
  const wall = system.wall;
  const { image, state } = firstStart([routeSettings({ name: a, probe: { deadlineMs } })], { at: clock.now(), wall: wall() });
  const probes: Extract<Effect, { kind: 'probe' }>[] = [];
  let ids = 0;
  const loop = createLoop({ append: () => {}, load: () => image, close: () => {} }, state, 1, {
    clock: { monotonic: () => clock.now(), wall },
    ids: { fresh: () => `0000000${(ids += 1)}-0000-4000-8000-000000000000` },
    performer: { perform: (effect) => void (effect.kind === 'probe' && probes.push(effect)) },
    audience: { committed: () => {}, stalled: () => {}, resumed: () => {} },
    unusable: () => undefined,
    defer: (work) => void system.after(0, work),
    makeTimer: (fire) => {
      let callOff = (): void => {};
      const set = (at: number): void => {
        callOff();
        callOff = clock.at(at, fire);
      };
      return { set, clear: () => callOff() };
    },
  });
  const answer = (): void => {
    const probeId = probes.at(-1)?.probeId;
    if (probeId !== undefined) loop.offer({ kind: 'probe_answered', route: a, probeId, result: good });
    run(0);
  };
  const gate = (): string | undefined => state.routes.get(a)?.gate.state;
  loop.offer({ kind: 'agent_started' });
  run(100);
  answer();
  assert.is(gate(), 'open');
  for (const before = probes.length; probes.length === before; ) run(10);
  return { run, stop, answer, gate, sent: () => probes.length };
}

test('createLoop: a probe that was nearly overdue before a pause may still be answered after it', () => {
  const { run, stop, answer, gate, sent } = probing();
  run(deadlineMs - 50);
  stop(25_000);
  run(500);
  assert.is(gate(), 'open');
  answer();
  const before = sent();
  run(deadlineMs - 100);
  assert.is(gate(), 'open');
  assert.is(sent(), before + 1);
});

test('createLoop: a probe that is not answered while the agent is awake closes the gate at its deadline', () => {
  const { run, gate } = probing();
  run(deadlineMs - 50);
  assert.is(gate(), 'open');
  run(60);
  assert.is(gate(), 'closed');
});

test('createLoop: a probe that is not answered after a pause either closes the gate soon', () => {
  const { run, stop, gate } = probing();
  run(deadlineMs - 50);
  stop(25_000);
  run(3_200);
  assert.is(gate(), 'closed');
});

test.run();
