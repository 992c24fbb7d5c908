// process: it changes the time zone
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type RateRow, weekdays } from '../../src/model/settings.ts';
import { type LocalTime, rateAt, rateChangeAfter } from '../../src/policy/rates.ts';

process.env['TZ'] = 'Europe/Berlin';

/** As `localTimeOf` of the platform. */
function localTimeOf(wall: number): LocalTime {
  const date = new Date(wall);
  return { day: weekdays[(date.getDay() + 6) % 7] ?? 'mon', minute: date.getHours() * 60 + date.getMinutes() };
}

const mega = 1_000_000;
const workdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;

function rowFrom(from: string, to: string, bytesPerSecond: number | null, days: RateRow['days'] = weekdays): RateRow {
  return { fromMinute: minutes(from), toMinute: minutes(to), days, bytesPerSecond };
}

function minutes(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 60 + minute;
}

const office = [rowFrom('08:00', '18:00', 20 * mega, workdays)];
const friday = [rowFrom('22:00', '06:00', null, ['fri'])];
const ordered = [rowFrom('12:00', '13:00', 50 * mega), rowFrom('08:00', '18:00', 20 * mega)];
const wholeDay = [rowFrom('00:00', '24:00', 5 * mega, ['sat', 'sun'])];
const early = [rowFrom('02:15', '02:45', 1 * mega)];
const overChange = [rowFrom('01:30', '03:30', 1 * mega)];

/** A moment in UTC, and the limit in MB; 80 is `max_rate`, null none. In winter Berlin is an hour ahead of UTC, in summer two. */
type Row = readonly [what: string, rows: readonly RateRow[], utc: string, mb: number | null];

const tables: readonly Row[] = [
  ['no rows', [], '2026-01-05T09:00Z', 80],
  ['before it begins', office, '2026-01-05T06:59:59Z', 80],
  ['from its first second', office, '2026-01-05T07:00:00Z', 20],
  ['to its last second', office, '2026-01-05T16:59:59Z', 20],
  ['not from its end', office, '2026-01-05T17:00:00Z', 80],
  ['an hour earlier in UTC in summer', office, '2026-07-06T06:00:00Z', 20],
  ['not on another day', office, '2026-01-04T09:00Z', 80],
  ['before midnight, on its day', friday, '2026-01-09T21:00Z', null],
  ['after midnight, on the next day', friday, '2026-01-10T04:59:59Z', null],
  ['not from its end on the next day', friday, '2026-01-10T05:00Z', 80],
  ['not after midnight of the day on which it begins', friday, '2026-01-09T01:00Z', 80],
  ['not the evening after', friday, '2026-01-10T21:00Z', 80],
  ['the first row that applies', ordered, '2026-01-05T11:30Z', 50],
  ['the next row where the first does not', ordered, '2026-01-05T12:00Z', 20],
  ['a whole day, from midnight', wholeDay, '2026-01-09T23:00Z', 5],
  ['a whole day, to the last minute', wholeDay, '2026-01-11T22:59:59Z', 5],
  ['a whole day, and no longer', wholeDay, '2026-01-11T23:00Z', 80],
  // On 29 March 2026 the clock goes from 02:00 to 03:00, which is 01:00 UTC.
  ['summer time begins: what the clock skips does not happen', early, '2026-03-29T01:20Z', 80],
  ['summer time begins: before the gap', overChange, '2026-03-29T00:45Z', 1],
  ['summer time begins: after the gap', overChange, '2026-03-29T01:29Z', 1],
  ['summer time begins: the end is that of the clock', overChange, '2026-03-29T01:30Z', 80],
  // On 25 October 2026 it goes from 03:00 to 02:00, which is 01:00 UTC.
  ['summer time ends: the first time', early, '2026-10-25T00:30Z', 1],
  ['summer time ends: in between', early, '2026-10-25T00:50Z', 80],
  ['summer time ends: the second time', early, '2026-10-25T01:30Z', 1],
  ['summer time ends: a row goes on for an hour longer', overChange, '2026-10-25T02:29Z', 1],
];

for (const [what, rates, utc, mb] of tables) {
  test(`rateAt: ${what}`, () => {
    const limits = { maxRateBytesPerSecond: 80 * mega, rates };
    assert.is(rateAt(limits, localTimeOf(Date.parse(utc))), mb === null ? null : mb * mega);
  });
}

/** When the limit changes next. */
type Change = readonly [what: string, rows: readonly RateRow[], utc: string, next: string | null];

const changes: readonly Change[] = [
  ['no rows', [], '2026-01-05T09:00Z', null],
  ['when the row begins', office, '2026-01-05T05:00:30Z', '2026-01-05T07:00:00.000Z'],
  ['when the row ends', office, '2026-01-05T07:00:00Z', '2026-01-05T17:00:00.000Z'],
  ['after the weekend', office, '2026-01-09T17:00:00Z', '2026-01-12T07:00:00.000Z'],
  ['over midnight', friday, '2026-01-09T22:00:00Z', '2026-01-10T05:00:00.000Z'],
  ['in a week', friday, '2026-01-10T05:00:00Z', '2026-01-16T21:00:00.000Z'],
  ['when the clock skips the beginning of a row', [rowFrom('02:15', '05:00', mega)], '2026-03-29T00:30:00Z', '2026-03-29T01:00:00.000Z'],
  ['when the clock goes back into a row', early, '2026-10-25T00:50:00Z', '2026-10-25T01:15:00.000Z'],
  ['never, where every row has the same limit', [rowFrom('08:00', '09:00', 80 * mega)], '2026-01-05T05:00:00Z', null],
];

for (const [what, rates, utc, next] of changes) {
  test(`rateChangeAfter: ${what}`, () => {
    const change = rateChangeAfter({ maxRateBytesPerSecond: 80 * mega, rates }, Date.parse(utc), localTimeOf);
    assert.is(change === null ? null : new Date(change).toISOString(), next);
  });
}

test.run();
