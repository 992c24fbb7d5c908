import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mayOpen, noteClosing } from '../../src/gate/flapping.ts';
import { answerProbe, badProbe, createTestCore, live, type TestCore } from '../support/test-core.ts';

function closedAt(...moments: readonly number[]): TestCore {
  const core = createTestCore();
  for (const at of moments) noteClosing(core.route, at);
  return core;
}

for (const [what, moments, at, goodSince, isOpening] of [
  ['never closed', [], 0, null, true],
  ['two closings within a minute', [0, 30_000], 30_001, 30_001, true],
  ['three within a minute, and the first good answer is now', [0, 30_000, 59_999], 60_000 - 1, 59_999, false],
  ['three within a minute, good answers for almost settle', [0, 30_000, 50_000], 59_999, 50_000, false],
  ['three within a minute, good answers for settle', [10_000, 30_000, 50_000], 60_000, 50_000, true],
  ['three closings, the first a minute ago', [0, 30_000, 50_000], 60_000, 60_000, true],
  ['three within a minute, and no answer', [0, 1, 2], 3, null, false],
  ['many closings, all more than a minute ago', [0, 1, 2, 3, 4, 5], 60_005, 60_005, true],
] as const) {
  test(`mayOpen: ${what}`, () => {
    const core = closedAt(...moments);
    core.route.gate.goodSince = goodSince;
    assert.is(mayOpen(core.route, at), isOpening);
  });
}

test('noteClosing: keeps only the closings that count', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 90_000 }), { maxLength: 40 }), (gaps) => {
      const core = createTestCore();
      let at = 0;
      for (const gap of gaps) noteClosing(core.route, (at += gap));
      assert.ok(core.route.gate.closings.length <= 3);
      assert.ok(core.route.gate.closings.every((moment) => at - moment < 60_000));
    }),
  );
});

test('a gate that closed three times in a minute opens only after it has answered for probe.settle, then at once again', () => {
  const core = createTestCore();
  answerProbe(core);
  for (let closing = 1; closing <= 3; closing += 1) {
    assert.is(core.route.gate.state, 'open', `before closing ${closing}`);
    answerProbe(core, badProbe);
    assert.is(core.route.gate.state, 'closed');
    answerProbe(core);
  }
  assert.is(core.route.gate.state, 'closed', 'after the third closing it does not open at once');
  assert.is(core.route.gate.cause, 'unreachable');
  const goodSince = core.at();
  while (core.at() < goodSince + 9_000) {
    live(core, 500);
    assert.is(core.route.gate.state, 'closed');
  }
  live(core, 2_500);
  assert.is(core.route.gate.state, 'open');
  const opened = core.at();
  live(core, 90_000);
  answerProbe(core, badProbe);
  answerProbe(core);
  assert.is(core.route.gate.state, 'open', 'the last closing was more than a minute ago');
  assert.ok(opened - goodSince >= 10_000);
});

test('a flapping gate that fails during probe.settle waits for the whole time again', () => {
  const core = createTestCore();
  answerProbe(core);
  for (let closing = 1; closing <= 3; closing += 1) {
    answerProbe(core, badProbe);
    answerProbe(core);
  }
  live(core, 7_000);
  answerProbe(core, badProbe);
  assert.is(core.route.gate.goodSince, null);
  live(core, 7_000);
  assert.is(core.route.gate.state, 'closed');
  live(core, 5_000);
  assert.is(core.route.gate.state, 'open');
});

test.run();
