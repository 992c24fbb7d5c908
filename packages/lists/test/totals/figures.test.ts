import { countGroups } from '@sluice/core';
import { fileOf } from '@sluice/core/fixtures';
import { statuses, type TrackedFile } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { etaOf } from '../../src/totals/eta.ts';
import { totalsOf } from '../../src/totals/figures.ts';
import { type RouteTally } from '../../src/totals/tally.ts';
import { ingest, listed, makeCatalogue } from '../test-catalogue.ts';

const copying = { copiedBytes: 400, bytesPerSecond: 200 };
const growing = { ...copying, growing: true };
const etas: readonly [string, TrackedFile, number | null][] = [
  ['what is copied: what is left at its rate', fileOf('COPYING', copying), 3_000],
  ['a copy that does not move', fileOf('COPYING', { ...copying, bytesPerSecond: 0 }), null],
  ['what is recorded has no end', fileOf('GROWING_COPY', growing), null],
  ['what catches up', fileOf('GROWING_COPY', { ...growing, phase: 'draining' }), 3_000],
  ['a source that is read again', fileOf('GROWING_COPY', { ...growing, phase: 'settling', phaseDone: 0.8 }), 1_000],
  ['a source that is to be read again', fileOf('GROWING_COPY', { ...growing, phase: 'settling', phaseDone: null }), null],
  ['what is read back', fileOf('VERIFYING', { bytesPerSecond: 100, phaseDone: 0.5 }), 5_000],
  ['what waits', fileOf('READY'), null],
  ['what is done', fileOf('COMPLETED'), null],
];
for (const [what, file, expected] of etas) test(`etaOf: ${what}`, () => assert.is(etaOf(file), expected));

/** Returns the totals of one route with these files, as core counts them. */
function totals(
  files: ReturnType<typeof listed>[],
  bytesPerSecond: number,
  state: 'open' | 'closed',
  { filesPerSecond = 0, isHeld = false, isCounting = false }: { filesPerSecond?: number; isHeld?: boolean; isCounting?: boolean } = {},
) {
  const hold = isHeld ? { by: 'ann', since: '', until: null, reason: '' } : null;
  const tally: RouteTally = makeCatalogue(files).catalogue.tally.route(ingest);
  const gate = { state, since: '', cause: null, code: null, destination: '/mnt/nas', finding: { kind: 'answers' } } as const;
  const pace = { bytesPerSecond, endingBytesPerSecond: bytesPerSecond, filesPerSecond };
  return totalsOf([{ tally, view: { gate, hold, ...countGroups(tally.counts, tally) } }], pace, isCounting);
}

test('totalsOf: every live file is counted once, and a FAILED file with a recovery as recovered', () => {
  const files = statuses.map((status, index) => listed(index + 1, status));
  files.push(listed(20, 'READY', { hold: 'needs_you' }), listed(21, 'GROWING', { hold: 'needs_you' }));
  files.push(listed(22, 'FAILED', { recoveredBy: listed(3, 'READY').id, isHeld: false }), listed(23, 'FAILED', { isHeld: false }));
  const { etaMs, leftBytes, bytesPerSecond, ...counted } = totals(files, 1_000, 'open');
  assert.equal(counted, { needsYou: 2, recording: 2, waiting: 5, done: 2, failed: 1, recovered: 1 });
  assert.is(leftBytes, 11_000);
  assert.is(bytesPerSecond, 1_000);
  // Five files that wait and two that are copied.
  assert.is(etaMs, 7_000);
});

test('totalsOf: no time is estimated while nothing can move or when nothing is left', () => {
  const left = [listed(1, 'READY')];
  assert.is(totals(left, 0, 'open').etaMs, null);
  assert.is(totals(left, 1_000, 'closed').etaMs, null);
  assert.is(totals([listed(1, 'COMPLETED')], 1_000, 'open').etaMs, null);
  assert.is(totals(left, 1_000, 'open', { isHeld: true }).etaMs, null);
  assert.is(totals(left, 1_000, 'open').etaMs, 1_000);
});

test('totalsOf: while files are still being read, that is said and no time is estimated', () => {
  const { leftBytes, etaMs, isCounting } = totals([listed(1, 'READY')], 1_000, 'open', { isCounting: true });
  assert.equal([leftBytes, etaMs, isCounting], [1_000, null, true]);
  assert.not.ok('isCounting' in totals([listed(1, 'READY')], 1_000, 'open'));
});

test('totalsOf: a recording and a file that needs a person have no end that could be estimated', () => {
  const without = [listed(1, 'GROWING_COPY'), listed(2, 'GROWING'), listed(3, 'READY', { hold: 'needs_you' })];
  assert.is(totals(without, 1_000, 'open').etaMs, null);
  assert.is(totals([...without, listed(4, 'COPYING')], 1_000, 'open').etaMs, 1_000);
});

test('totalsOf: with many small files, their number decides the estimate', () => {
  const small = Array.from({ length: 100 }, (_, index) => listed(index + 1, 'READY', { leftBytes: 1 }));
  assert.is(totals(small, 1_000, 'open', { filesPerSecond: 10 }).etaMs, 10_000);
  assert.is(totals(small.slice(0, 49), 1_000, 'open', { filesPerSecond: 10 }).etaMs, 49);
});

test('totalsOf: a file that is still being written counts as recording even while it waits for the destination', () => {
  const { recording, waiting } = totals([listed(1, 'READY', { isWritten: true }), listed(2, 'READY')], 0, 'closed');
  assert.equal([recording, waiting], [1, 1]);
});

test.run();
