import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { firstSight, isRecording, observeMove } from '../../src/policy/growth.ts';
import { settingsOf } from '../support/test-core.ts';

const mega = 1_000_000;
const settings = settingsOf().growing;

/** What was seen when, in milliseconds and bytes. If the same size comes twice, only the modification time changed. */
type Schedule = readonly (readonly [at: number, sizeBytes: number])[];

/** @returns when a file with this schedule counts as a recording, or null */
function copiedAt(schedule: Schedule, over: Partial<typeof settings> = {}): number | null {
  const rules = { ...settings, ...over };
  const [first, ...later] = schedule;
  let growth = firstSight(first?.[0] ?? 0);
  let before = first?.[1] ?? 0;
  for (const [at, sizeBytes] of later) {
    growth = observeMove(growth, before, sizeBytes, at, rules.pollMs);
    before = sizeBytes;
    if (isRecording(growth, sizeBytes, rules)) return at;
  }
  return null;
}

const tables: readonly (readonly [what: string, schedule: Schedule, taken: number | null])[] = [
  [
    'two increases, a poll apart, over two seconds',
    [
      [0, 10 * mega],
      [1_000, 25 * mega],
      [2_000, 40 * mega],
    ],
    2_000,
  ],
  [
    'one increase only, however late',
    [
      [0, 0],
      [60_000, 40 * mega],
    ],
    null,
  ],
  [
    'two increases within a second and a half',
    [
      [0, 0],
      [500, 30 * mega],
      [1_500, 40 * mega],
    ],
    null,
  ],
  [
    'two increases less than a poll apart, over two seconds',
    [
      [0, 0],
      [1_500, 30 * mega],
      [2_400, 40 * mega],
    ],
    null,
  ],
  [
    'the third of three quick increases is a poll after the first',
    [
      [0, 0],
      [1_500, 30 * mega],
      [2_000, 35 * mega],
      [2_500, 40 * mega],
    ],
    2_500,
  ],
  [
    'smaller than min_size until its fourth increase',
    [
      [0, 0],
      [1_000, 1],
      [2_000, 2],
      [3_000, 19.9 * mega],
      [4_000, 20 * mega],
    ],
    4_000,
  ],
  [
    'a decrease resets the count',
    [
      [0, 30 * mega],
      [1_000, 40 * mega],
      [2_000, 20 * mega],
      [3_000, 30 * mega],
    ],
    null,
  ],
  [
    'a decrease, and two increases after it',
    [
      [0, 30 * mega],
      [1_000, 20 * mega],
      [2_000, 30 * mega],
      [3_000, 40 * mega],
    ],
    3_000,
  ],
  [
    'a changed mtime does not count as an increase',
    [
      [0, 30 * mega],
      [1_000, 30 * mega],
      [2_000, 30 * mega],
      [9_000, 30 * mega],
    ],
    null,
  ],
  [
    'a preallocated file whose mtime changes',
    [
      [0, 0],
      [1_000, 900 * mega],
      [2_000, 900 * mega],
      [600_000, 900 * mega],
    ],
    null,
  ],
  [
    'empty at first, as recorders leave it',
    [
      [0, 0],
      [1_000, 0],
      [2_000, 15 * mega],
      [3_000, 40 * mega],
    ],
    3_000,
  ],
];

for (const [what, schedule, taken] of tables) {
  test(`isRecording: ${what}`, () => {
    assert.is(copiedAt(schedule), taken);
    assert.is(copiedAt(schedule, { enabled: false }), null, 'growing copies are off');
  });
}

test('observeMove: an increase begins at the size last seen, and a decrease resets it', () => {
  const rose = observeMove(firstSight(100), 5, 9, 1_100, 1_000);
  assert.equal(rose, { since: 100, movedAt: 1_100, roseFrom: { at: 100, sizeBytes: 5 }, roseTimes: 1, roseAt: 1_100 });
  assert.equal(observeMove(rose, 9, 9, 1_200, 1_000), { ...rose, movedAt: 1_200 });
  assert.equal(observeMove(rose, 9, 10, 2_099, 1_000), { ...rose, movedAt: 2_099 });
  assert.equal(observeMove(rose, 9, 10, 2_100, 1_000), { ...rose, movedAt: 2_100, roseTimes: 2, roseAt: 2_100 });
  assert.equal(observeMove(rose, 9, 8, 3_000, 1_000), { ...firstSight(3_000), since: 100 });
});

/** The schedule of a file that grows steadily and is checked once a second. It was first seen somewhere within a second. */
function steady(bytesPerSecond: number, seconds: number, offsetMs = 0): Schedule {
  return Array.from({ length: Math.floor(seconds) }, (_, index) => {
    const at = offsetMs + index * 1_000;
    return [at, Math.round((bytesPerSecond * at) / 1_000)] as const;
  });
}

for (const [megabytesPerSecond, seconds] of [
  [12, 2],
  [50, 2],
  [60, 3],
  [100, 8],
  [200, 32],
  [500, 200],
  [1_000, 800],
] as const) {
  test(`isRecording: a file that grows at ${megabytesPerSecond} MB/s is one after ${seconds} s`, () => {
    assert.is(copiedAt(steady(megabytesPerSecond * mega, 1_000)), seconds * 1_000);
  });
}

for (const [gigabytes, megabytesPerSecond] of [
  [0.7, 100],
  [5, 200],
  [20, 300],
  [50, 500],
  [100, 1_000],
] as const) {
  test(`isRecording: a copy of ${gigabytes} GB at ${megabytesPerSecond} MB/s is not one`, () => {
    for (const offsetMs of [0, 1, 500, 999]) {
      const copy = steady(megabytesPerSecond * mega, (gigabytes * 1_000) / megabytesPerSecond + 1, offsetMs);
      assert.is(copiedAt(copy), null);
    }
  });
}

test('isRecording: a copy at 100 MB/s to 1 GB/s that ends in time is not one, whatever its rate', () => {
  const rates = fc.array(fc.integer({ min: 100, max: 1_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(rates, fc.nat({ max: 999 }), (perSecond, offsetMs) => {
      let sizeBytes = 0;
      const schedule = [
        [offsetMs, 0] as const,
        ...perSecond.map((rate, index) => [offsetMs + (index + 1) * 1_000, (sizeBytes += rate * mega)] as const),
      ];
      const slowest = schedule.slice(1).map(([, size], index) => size / (index + 1) / mega);
      const isOrdinary = slowest.every((rate, index) => index + 1 < 2 * (rate / 50) ** 2);
      fc.pre(isOrdinary);
      assert.is(copiedAt(schedule), null);
    }),
  );
});

test('isRecording: any schedule, compared with the written rule', () => {
  const moves = fc.array(
    fc.record({ afterMs: fc.constantFrom(1, 200, 500, 999, 1_000, 1_500, 4_000), bytes: fc.integer({ min: -3 * mega, max: 120 * mega }) }),
    { maxLength: 12 },
  );
  const polls = fc.constantFrom(500, 1_000, 3_000);
  let recordings = 0;
  fc.assert(
    fc.property(moves, polls, fc.constantFrom(0, 20 * mega), (story, pollMs, minSizeBytes) => {
      const rules = { ...settings, pollMs, minSizeBytes };
      let at = 0;
      let sizeBytes = 0;
      let growth = firstSight(0);
      const seen: [number, number][] = [[0, 0]];
      for (const { afterMs, bytes } of story) {
        at += afterMs;
        const now = Math.max(0, sizeBytes + (Math.abs(bytes) < mega ? 0 : bytes));
        growth = observeMove(growth, sizeBytes, now, at, pollMs);
        sizeBytes = now;
        seen.push([at, now]);
        const expected = isByTheRule(seen, rules);
        if (expected) recordings += 1;
        assert.is(isRecording(growth, sizeBytes, rules), expected, JSON.stringify(seen));
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(recordings > 20, 'some schedules are recordings');
});

/**
 * The written rule: since the last decrease, a first and a last increase a poll apart, over 2 s, large enough, and for longer the
 * faster it grows.
 */
function isByTheRule(seen: readonly (readonly [number, number])[], rules: typeof settings): boolean {
  const shrink = seen.findLastIndex(([, size], index) => index > 0 && size < (seen[index - 1]?.[1] ?? 0));
  const since = seen.slice(Math.max(shrink, 0));
  const rises = since.map((_, index) => index).filter((index) => index > 0 && (since[index]?.[1] ?? 0) > (since[index - 1]?.[1] ?? 0));
  const first = rises[0];
  const last = rises.at(-1);
  if (first === undefined || last === undefined) return false;
  const [fromAt, fromBytes] = since[first - 1] ?? [0, 0];
  const [nowAt, nowBytes] = since.at(-1) ?? [0, 0];
  const spanMs = nowAt - fromAt;
  const isLongEnough = spanMs >= 2_000 && (since[last]?.[0] ?? 0) - (since[first]?.[0] ?? 0) >= rules.pollMs;
  const bytesPerSecond = ((nowBytes - fromBytes) / spanMs) * 1_000;
  return isLongEnough && nowBytes >= rules.minSizeBytes && spanMs >= 2_000 * Math.max(1, bytesPerSecond / (50 * mega)) ** 2;
}

test.run();
