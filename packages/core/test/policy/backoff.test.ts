import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { backoffMs } from '../../src/policy/backoff.ts';

for (const [failures, seconds] of [
  [1, 5],
  [2, 10],
  [3, 20],
  [4, 40],
  [5, 80],
  [6, 160],
  [7, 320],
  [8, 600],
  [9, 600],
  [1_000_000, 600],
  [0, 5],
  [-1, 5],
] as const) {
  test(`backoffMs: after ${failures} failures ${seconds} s`, () => {
    assert.is(backoffMs(failures), seconds * 1000);
  });
}

test('backoffMs: between 5 s and 10 min, never shorter than before, at most doubled', () => {
  fc.assert(
    fc.property(fc.nat(), (failures) => {
      const now = backoffMs(failures);
      const next = backoffMs(failures + 1);
      assert.ok(now >= 5_000 && now <= 600_000);
      assert.ok(next >= now && next <= now * 2);
    }),
  );
});

test.run();
