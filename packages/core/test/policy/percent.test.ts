import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { percentOf } from '../../src/policy/percent.ts';

for (const [copied, size, percent] of [
  [0, 1_000, 0],
  [452, 1_000, 45.2],
  [4_529, 10_000, 45.2],
  [1, 3, 33.3],
  [2, 3, 66.6],
  [999_999, 1_000_000, 99.9],
  [1_000, 1_000, 100],
  [1_001, 1_000, 100],
  [0, 0, 0],
  [5, 0, 0],
  [57, 100, 57],
  [7e15, 9e15, 77.7],
] as const) {
  test(`percentOf: ${copied} of ${size} is ${percent}`, () => {
    assert.is(percentOf(copied, size), percent);
  });
}

test('percentOf: one decimal, 0 to 100, 100 only where all is there', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1 }), (copied, size) => {
      const percent = percentOf(copied, size);
      assert.match(String(percent), /^\d{1,3}(\.\d)?$/);
      assert.is(percent === 100, copied >= size);
      assert.ok(percentOf(copied + 1, size) >= percent);
    }),
  );
});

test.run();
