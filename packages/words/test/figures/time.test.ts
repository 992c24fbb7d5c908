import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTime } from '../../src/figures/time.ts';

const local = (...parts: [number, number, number, number?, number?]): number => new Date(...parts).getTime();
const now = local(2026, 10, 23, 14, 30);

const cases: readonly [string, number | null][] = [
  ['today', local(2026, 10, 23)],
  ['6h', now - 6 * 3_600_000],
  ['90s', now - 90_000],
  ['2d', now - 2 * 86_400_000],
  ['1w', now - 7 * 86_400_000],
  ['14:00', local(2026, 10, 23, 14, 0)],
  ['18:00', local(2026, 10, 22, 18, 0)],
  ['9:05', local(2026, 10, 23, 9, 5)],
  ['2026-11-20', local(2026, 10, 20)],
  ['2026-11-20T10:00', local(2026, 10, 20, 10, 0)],
  ['2026-11-20T10:00:00Z', Date.UTC(2026, 10, 20, 10)],
  ['2026-11-20T10:00:00+02:00', Date.UTC(2026, 10, 20, 8)],
  ['24:00', null],
  ['yesterday', null],
  ['6 h', null],
  ['', null],
  ['2026-13-40', null],
  ['2024-02-29', local(2024, 1, 29)],
  ['2026-02-29', null],
  ['2026-11-31T10:00:00Z', null],
];
for (const [text, expected] of cases) test(`parseTime(${JSON.stringify(text)})`, () => assert.is(parseTime(text, now), expected));

test.run();
