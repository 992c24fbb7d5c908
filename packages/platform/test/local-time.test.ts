// process: it changes the time zone
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { localTimeOf } from '../src/local-time.ts';

process.env['TZ'] = 'Europe/Berlin';

/** A moment in UTC, and what a clock in Berlin shows. */
const tables: readonly (readonly [utc: string, day: string, clock: string])[] = [
  ['2026-01-04T22:59:59Z', 'sun', '23:59'],
  ['2026-01-04T23:00:00Z', 'mon', '00:00'],
  ['2026-07-06T06:00:00Z', 'mon', '08:00'],
  ['2026-03-29T00:59:59Z', 'sun', '01:59'],
  ['2026-03-29T01:00:00Z', 'sun', '03:00'],
  ['2026-10-25T00:30:00Z', 'sun', '02:30'],
  ['2026-10-25T01:30:00Z', 'sun', '02:30'],
  ['2026-10-24T12:00:00Z', 'sat', '14:00'],
];

for (const [utc, day, clock] of tables) {
  test(`localTimeOf: ${utc}`, () => {
    const [hours, minutes] = clock.split(':').map(Number) as [number, number];
    assert.equal(localTimeOf(Date.parse(utc)), { day, minute: hours * 60 + minutes });
  });
}

test.run();
