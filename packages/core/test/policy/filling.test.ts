import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Filling, fullInMs, observeFree } from '../../src/policy/filling.ts';

function observe(samples: readonly (readonly [at: number, freeBytes: number | null])[]): Filling | null {
  return samples.reduce<Filling | null>((filling, [at, free]) => observeFree(filling, free, at), null);
}

for (const [what, samples, ms] of [
  ['nothing is known', [], null],
  ['one sample is no rate', [[0, 1_000]], null],
  [
    '100 bytes a second',
    [
      [0, 10_000],
      [10_000, 9_000],
    ],
    90_000,
  ],
  [
    'samples less than 5 s apart do not count',
    [
      [0, 10_000],
      [4_999, 1],
    ],
    null,
  ],
  [
    'it stands still',
    [
      [0, 10_000],
      [10_000, 10_000],
    ],
    null,
  ],
  [
    'less than a byte a second',
    [
      [0, 10_000],
      [11_000, 9_990],
    ],
    null,
  ],
  [
    'room was made',
    [
      [0, 10_000],
      [10_000, 9_000],
      [20_000, 9_500],
    ],
    null,
  ],
  [
    'the source does not say',
    [
      [0, 10_000],
      [10_000, 9_000],
      [20_000, null],
    ],
    null,
  ],
  [
    'the newest rate counts for three tenths',
    [
      [0, 10_000],
      [10_000, 9_000],
      [20_000, 7_000],
    ],
    Math.round(7_000_000 / 130),
  ],
  [
    'it is full',
    [
      [0, 1_000],
      [10_000, 0],
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
