import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Filling, fullInMs, observeFree } from '../../src/policy/space.ts';

type Sample = readonly [at: number, freeBytes: number | null, grownBytes?: number];

/** By default the sources have grown by more than any disk has. */
function observe(samples: readonly Sample[]): Filling | null {
  return samples.reduce<Filling | null>((filling, [at, free, grown]) => observeFree(filling, free, grown ?? at * 1e9, at), null);
}

for (const [what, samples, ms] of [
  ['nothing is known', [], null],
  ['one sample does not give a rate', [[0, 1_000]], null],
  [
    'a minute, 100 bytes a second',
    [
      [0, 100_000],
      [60_000, 94_000],
    ],
    940_000,
  ],
  [
    'a burst of some seconds does not give a rate',
    [
      [0, 100_000],
      [10_000, 1_000],
    ],
    null,
  ],
  [
    'a copy job next to the sources, which do not grow',
    [
      [0, 75_000_000_000, 500],
      [60_000, 73_700_000_000, 500],
    ],
    null,
  ],
  [
    'a copy job next to a recorder of 100 bytes a second: only the recorder counts',
    [
      [0, 100_000, 0],
      [60_000, 34_000, 6_000],
    ],
    340_000,
  ],
  [
    'a file that was moved within the disk takes no space',
    [
      [0, 100_000, 0],
      [60_000, 100_000, 50_000],
    ],
    null,
  ],
  [
    'samples less than 5 s apart do not count',
    [
      [0, 100_000],
      [58_000, 94_200],
      [60_000, 1],
    ],
    null,
  ],
  [
    'it does not fill',
    [
      [0, 10_000],
      [60_000, 10_000],
    ],
    null,
  ],
  [
    'less than a byte a second',
    [
      [0, 10_000],
      [61_000, 9_950],
    ],
    null,
  ],
  [
    'space was freed',
    [
      [0, 100_000],
      [60_000, 94_000],
      [70_000, 100_001],
      [80_000, 90_000],
    ],
    null,
  ],
  [
    'the source does not report it',
    [
      [0, 100_000],
      [60_000, 94_000],
      [120_000, null],
    ],
    null,
  ],
  [
    'a burst within the window counts on average, and not after it',
    [
      [0, 1_000_000],
      [60_000, 900_000],
      [300_000, 876_000],
      [420_000, 864_000],
    ],
    8_640_000,
  ],
  [
    'the disk is full',
    [
      [0, 6_000],
      [60_000, 0],
    ],
    0,
  ],
] as const) {
  test(`fullInMs: ${what}: ${ms}`, () => {
    assert.is(fullInMs(observe(samples)), ms);
  });
}

test('fullInMs: a whole number of milliseconds, or null', () => {
  const samples = fc.array(fc.tuple(fc.nat({ max: 60_000 }), fc.option(fc.nat())), { maxLength: 10 });
  fc.assert(
    fc.property(samples, (story) => {
      let at = 0;
      const ms = fullInMs(observe(story.map(([after, free]) => [(at += after), free])));
      assert.ok(ms === null || (Number.isInteger(ms) && ms >= 0));
    }),
  );
});

test.run();
