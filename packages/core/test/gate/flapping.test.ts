import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mayOpen, noteClosing } from '../../src/gate/flapping.ts';
import { answerProbe, badProbe, createWorld, live, type World } from './world.ts';

function closedAt(...moments: readonly number[]): World {
  const world = createWorld();
  for (const at of moments) noteClosing(world.route, at);
  return world;
}

for (const [what, moments, at, goodSince, isOpening] of [
  ['never closed', [], 0, null, true],
  ['two closings a minute', [0, 30_000], 30_001, 30_001, true],
  ['three within a minute, and it answers only now', [0, 30_000, 59_999], 60_000 - 1, 59_999, false],
  ['three within a minute, and it has answered for almost settle', [0, 30_000, 50_000], 59_999, 50_000, false],
  ['three within a minute, and it has answered for settle', [10_000, 30_000, 50_000], 60_000, 50_000, true],
  ['three, and the first of them is a minute old', [0, 30_000, 50_000], 60_000, 60_000, true],
  ['three within a minute, and it does not answer', [0, 1, 2], 3, null, false],
  ['many long ago', [0, 1, 2, 3, 4, 5], 60_005, 60_005, true],
] as const) {
  test(`mayOpen: ${what}`, () => {
    const world = closedAt(...moments);
    world.route.gate.goodSince = goodSince;
    assert.is(mayOpen(world.route, at), isOpening);
  });
}

test('noteClosing: keeps as many closings as count, whatever the destination does', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 90_000 }), { maxLength: 40 }), (gaps) => {
      const world = createWorld();
      let at = 0;
      for (const gap of gaps) noteClosing(world.route, (at += gap));
      assert.ok(world.route.gate.closings.length <= 3);
      assert.ok(world.route.gate.closings.every((moment) => at - moment < 60_000));
    }),
  );
});

test('a gate that closed three times in a minute opens only after it has answered for probe.settle, then at once again', () => {
  const world = createWorld();
  answerProbe(world);
  for (let closing = 1; closing <= 3; closing += 1) {
    assert.is(world.route.gate.state, 'open', `before closing ${closing}`);
    answerProbe(world, badProbe);
    assert.is(world.route.gate.state, 'closed');
    answerProbe(world);
  }
  assert.is(world.route.gate.state, 'closed', 'the third time it is not believed at once');
  assert.is(world.route.gate.cause, 'unreachable');
  const goodSince = world.at();
  while (world.at() < goodSince + 9_000) {
    live(world, 500);
    assert.is(world.route.gate.state, 'closed');
  }
  live(world, 2_500);
  assert.is(world.route.gate.state, 'open');
  const opened = world.at();
  live(world, 90_000);
  answerProbe(world, badProbe);
  answerProbe(world);
  assert.is(world.route.gate.state, 'open', 'it has been quiet for longer than a minute');
  assert.ok(opened - goodSince >= 10_000);
});

test('a flapping gate that fails while it is watched has to begin anew', () => {
  const world = createWorld();
  answerProbe(world);
  for (let closing = 1; closing <= 3; closing += 1) {
    answerProbe(world, badProbe);
    answerProbe(world);
  }
  live(world, 7_000);
  answerProbe(world, badProbe);
  assert.is(world.route.gate.goodSince, null);
  live(world, 7_000);
  assert.is(world.route.gate.state, 'closed');
  live(world, 5_000);
  assert.is(world.route.gate.state, 'open');
});

test.run();
