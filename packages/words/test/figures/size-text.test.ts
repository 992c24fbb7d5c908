import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sizeText } from '../../src/figures/figures.ts';

const cases: readonly [number, string][] = [
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [1049, '1.0 KB'],
  [1050, '1.1 KB'],
  [99_949, '99.9 KB'],
  [99_950, '100 KB'],
  [999_499, '999 KB'],
  [999_500, '1.0 MB'],
  [48_200_000_000, '48.2 GB'],
  [2e15, '2.0 PB'],
  [5e18, '5000 PB'],
];
for (const [bytes, expected] of cases) test(`sizeText(${bytes}) is ${expected}`, () => assert.is(sizeText(bytes), expected));

test.run();
