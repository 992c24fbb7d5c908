import { anyCharacter } from '@sluice/core/fixtures/any-character';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDiskAmount, parseDuration, parseShare, parseSize, suggestUnit } from '../src/schema/units.ts';

const durations: readonly [string, number | null][] = [
  ['500ms', 500],
  ['10s', 10_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  ['1.5s', 1500],
  ['0', 0],
  ['0s', 0],
  ['', null],
  ['10', null],
  ['10 s', null],
  ['s', null],
  ['-1s', null],
  ['+1s', null],
  ['1e3s', null],
  ['1h30m', null],
  ['10S', null],
  ['.5s', null],
  ['10s ', null],
  ['٣s', null],
  ['1constructor', null],
];
for (const [text, ms] of durations) test(`parseDuration reads ${JSON.stringify(text)} as ${ms}`, () => assert.is(parseDuration(text), ms));

const sizes: readonly [string, number | null][] = [
  ['512KB', 512_000],
  ['10MB', 10_000_000],
  ['2GB', 2_000_000_000],
  ['1TB', 1e12],
  ['1KiB', 1024],
  ['1MiB', 1_048_576],
  ['1GiB', 1_073_741_824],
  ['7B', 7],
  ['1.5MB', 1_500_000],
  ['0', 0],
  ['10mb', null],
  ['10M', null],
  ['10 MB', null],
  ['10', null],
  ['5%', null],
  ['MB', null],
  ['999999999999999TB', null],
  ['1Kib', null],
];
for (const [text, bytes] of sizes) test(`parseSize reads ${JSON.stringify(text)} as ${bytes}`, () => assert.is(parseSize(text), bytes));

const shares: readonly [string, number | null][] = [
  ['5%', 0.05],
  ['0%', 0],
  ['100%', 1],
  ['2.5%', 0.025],
  ['101%', null],
  ['5 %', null],
  ['5', null],
  ['%', null],
  ['-5%', null],
];
for (const [text, share] of shares) test(`parseShare reads ${JSON.stringify(text)} as ${share}`, () => assert.is(parseShare(text), share));

test('parseDiskAmount reads a size and a share', () => {
  assert.equal(parseDiskAmount('2GB'), { bytes: 2_000_000_000 });
  assert.equal(parseDiskAmount('5%'), { share: 0.05 });
  assert.is(parseDiskAmount('half'), null);
});

test('suggestUnit corrects a unit', () => {
  assert.is(suggestUnit('10 secs', 'duration'), '10s');
  assert.is(suggestUnit('5min', 'duration'), '5m');
  assert.is(suggestUnit('10mb', 'size'), '10MB');
  assert.is(suggestUnit('2 gib', 'size'), '2GiB');
  assert.is(suggestUnit('2G', 'size'), '2GB');
  assert.is(suggestUnit('3 parsecs', 'duration'), null);
});

test('parseDuration and parseSize read every whole amount of every unit exactly', () => {
  const factors = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const bytes = { B: 1, KB: 1000, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
  const amount = fc.integer({ min: 0, max: 8_000_000 });
  fc.assert(
    fc.property(amount, fc.constantFrom(...Object.entries(factors)), (n, [unit, factor]) => parseDuration(`${n}${unit}`) === n * factor),
  );
  fc.assert(fc.property(amount, fc.constantFrom(...Object.entries(bytes)), (n, [unit, factor]) => parseSize(`${n}${unit}`) === n * factor));
});

test('parseDuration, parseSize and parseShare give a safe number or null for any text', () => {
  const anything = fc.oneof(fc.string({ unit: anyCharacter }), fc.stringMatching(/^[0-9.]{0,20}[a-zA-Z%]{0,4}$/));
  const isFine = (value: number | null) => value === null || (Number.isFinite(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER);
  fc.assert(fc.property(anything, (text) => [parseDuration, parseSize, parseShare].every((parse) => isFine(parse(text)))));
});

test.run();
