import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { amountBytes, fits, spaceLevel } from '../../src/policy/space.ts';

const settings = { keepFree: { bytes: 200 }, warnBelow: { share: 0.5 }, retryEveryMs: 30_000 } as const;
const disk = (freeBytes: number | null, totalBytes: number | null = 1_000) => ({ totalBytes, freeBytes });

for (const [what, amount, totalBytes, bytes] of [
  ['bytes are bytes', { bytes: 5 }, 1_000, 5],
  ['bytes need no size of the disk', { bytes: 5 }, null, 5],
  ['a share of the disk', { share: 0.02 }, 1_000, 20],
  ['a share is rounded up', { share: 0.02 }, 1_001, 21],
  ['a share of an unknown size', { share: 0.02 }, null, null],
] as const) {
  test(`amountBytes: ${what}`, () => {
    assert.is(amountBytes(amount, totalBytes), bytes);
  });
}

for (const [what, needed, reserved, space, isFitting] of [
  ['exactly', 800, 0, disk(1_000), true],
  ['one byte too much', 801, 0, disk(1_000), false],
  ['running copies have yet to write', 700, 100, disk(1_000), true],
  ['one byte more than they leave', 701, 100, disk(1_000), false],
  ['an empty file where just what is to stay free is there', 0, 0, disk(200), true],
  ['an empty file where less is there', 0, 0, disk(199), false],
  ['unknown space does not refuse a file', 1e15, 1e15, disk(null), true],
  ['free is known, the whole is not', 800, 0, disk(1_000, null), true],
  ['nothing is free', 1, 0, disk(0), false],
] as const) {
  test(`fits: ${what}`, () => {
    assert.is(fits(needed, reserved, space, settings), isFitting);
  });
}

test('fits: a share of a disk of unknown size keeps nothing free', () => {
  const share = { ...settings, keepFree: { share: 0.5 } };
  assert.ok(fits(1_000, 0, disk(1_000, null), share));
  assert.not(fits(501, 0, disk(1_000), share));
});

for (const [what, space, isFull, level] of [
  ['plenty', disk(900), false, 'ok'],
  ['just enough for no warning', disk(500), false, 'ok'],
  ['a byte below the warning', disk(499), false, 'warn'],
  ['a byte above what is to stay free', disk(201), false, 'warn'],
  ['only what is to stay free', disk(200), false, 'full'],
  ['nothing', disk(0), false, 'full'],
  ['a create was refused, whatever statfs says', disk(900), true, 'full'],
  ['a create was refused, and statfs says nothing', disk(null, null), true, 'full'],
  ['statfs says nothing', disk(null, null), false, 'unknown'],
  ['the whole is not known: no warning can be reported', disk(201, null), false, 'ok'],
] as const) {
  test(`spaceLevel: ${what} is ${level}`, () => {
    assert.is(spaceLevel(space, isFull, settings), level);
  });
}

test('fits, spaceLevel: less room never fits more, and a destination with room for a file is not full', () => {
  const amounts = fc.oneof(fc.record({ bytes: fc.nat() }), fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }) }));
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(), amounts, (needed, reserved, free, more, keepFree) => {
      const own = { ...settings, keepFree };
      const totalBytes = free + more;
      const before = fits(needed, reserved, { totalBytes, freeBytes: free }, own);
      const after = fits(needed, reserved, { totalBytes, freeBytes: totalBytes }, own);
      assert.ok(!before || after);
      assert.ok(!before || fits(needed, Math.max(0, reserved - 1), { totalBytes, freeBytes: free }, own));
      if (before && needed > 0) assert.is.not(spaceLevel({ totalBytes, freeBytes: free }, false, own), 'full');
    }),
  );
});

test.run();
