import { env } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { clockText, dayText, momentText, shortTime } from '../../src/figures/clock.ts';
import {
  countText,
  elapsedText,
  etaText,
  percentText,
  rateShort,
  sizeLong,
  sizeRough,
  sizeShort,
  untilText,
  uptimeText,
} from '../../src/figures/figures.ts';

env['TZ'] = 'UTC';

const [s, min, h, d] = [1000, 60_000, 3_600_000, 86_400_000];

const tables: readonly [name: string, of: (figure: number) => string, cases: readonly (readonly [number, string])[]][] = [
  [
    'sizeShort',
    sizeShort,
    [
      [0, '0B'],
      [812, '812B'],
      [48.2e9, '48.2G'],
      [7.9e9, '7.9G'],
      [999.6e6, '1.0G'],
      [300e9, '300G'],
      [1e21, '9.0P'],
      [-1, '0B'],
      [Number.NaN, '0B'],
    ],
  ],
  [
    'sizeLong',
    sizeLong,
    [
      [1.42e12, '1.42 TB'],
      [12e9, '12.0 GB'],
      [120e9, '120 GB'],
      [5, '5 B'],
      [9.999e6, '10.0 MB'],
      [Number.POSITIVE_INFINITY, '9.01 PB'],
    ],
  ],
  [
    'sizeRough',
    sizeRough,
    [
      [12e6, '12 MB'],
      [1.25e6, '1.3 MB'],
      [0, '0 B'],
      [999.7e6, '1.0 GB'],
    ],
  ],
  [
    'rateShort',
    rateShort,
    [
      [412e6, '412'],
      [9.44e6, '9.4'],
      [9.96e6, '10'],
      [0, '-'],
      [Number.NaN, '-'],
      [1e15, '99999'],
    ],
  ],
  [
    'countText',
    countText,
    [
      [98_412, '98,412'],
      [1_234_567, '1,234,567'],
      [999, '999'],
      [0, '0'],
      [-5, '0'],
    ],
  ],
  [
    'percentText',
    percentText,
    [
      [45.2, '45%'],
      [99.99, '99%'],
      [100, '100%'],
      [250, '100%'],
      [Number.NaN, '0%'],
    ],
  ],
  [
    'elapsedText',
    elapsedText,
    [
      [761 * s, '00:12:41'],
      [0, '00:00:00'],
      [99 * h + 59 * min, '99:59:00'],
      [4 * d + 4 * h, '4d04h'],
      [-1, '00:00:00'],
      [Number.NaN, '00:00:00'],
    ],
  ],
  [
    'uptimeText',
    uptimeText,
    [
      [3 * d + 4 * h, '3d04h'],
      [4 * h + 5 * min, '4h05m'],
      [12 * min, '12m'],
      [0, '0m'],
    ],
  ],
  [
    'untilText',
    untilText,
    [
      [2 * h + 10 * min, '2h10'],
      [12 * min, '12 min'],
      [900, '1 s'],
      [3 * d, '3d00h'],
    ],
  ],
  [
    'etaText',
    etaText,
    [
      [33 * s, '0:33'],
      [59 * min + 59 * s, '59:59'],
      [2 * h + 10 * min, '2h10'],
      [4 * d, '4d00h'],
      [200 * d, '>99d'],
      [Number.POSITIVE_INFINITY, '-'],
      [-1, '-'],
      [Number.NaN, '-'],
    ],
  ],
];

for (const [name, of, cases] of tables) {
  for (const [figure, text] of cases) test(`${name} of ${figure}`, () => assert.is(of(figure), text));
}

test('etaText: is never 0:00, and "-" if there is none', () => {
  assert.is(etaText(null), '-');
  assert.is(etaText(0), '0:01');
  assert.is(etaText(400), '0:01');
});

const at = '2026-11-23T14:02:31.500Z';
const now = Date.parse(at);

test('times are local, and an invalid time is shown as such', () => {
  assert.is(clockText(at), '14:02:31');
  assert.is(clockText('never'), '--:--:--');
  assert.is(momentText(at), '2026-11-23 14:02:31');
  assert.is(momentText('never'), '-');
  assert.is(shortTime(at, now + 60_000), '14:02');
  assert.is(shortTime(at, now + d), '11-23');
  assert.is(shortTime('never', now), '-');
  assert.is(dayText(at), '2026-11-23');
  assert.is(dayText(Number.NaN), '-');
});

test.run();
