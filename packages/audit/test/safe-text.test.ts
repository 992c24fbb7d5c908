import { routeName, statuses } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SafeAnswer } from '../src/model.ts';
import { notSafeText, safeVerdict } from '../src/texts/safe.ts';

const answer: SafeAnswer = {
  isSafe: false,
  isWhole: true,
  files: 1,
  bytes: 100_000,
  notSafe: [],
  proven: [],
  routes: [],
  proof: { direct: 0, cached: 0, size: 0 },
};
const unsafe = (path: string, why: SafeAnswer['notSafe'][number]['why']) => ({
  route: routeName('a'),
  path,
  absolute: `/in/${path}`,
  sizeBytes: 10,
  why,
});

test('safeVerdict: files that no route copies count among all files', () => {
  const notSafe = [unsafe('a.mxf', { kind: 'not_known' }), unsafe('note.txt', { kind: 'left_alone', rule: 'excluded', pattern: '*.txt' })];
  assert.is(safeVerdict({ ...answer, notSafe }, [], null), 'NOT SAFE: 2 files of 2 files (100 KB) must not be cleared');
  assert.is(
    safeVerdict({ ...answer, notSafe: notSafe.slice(0, 1) }, [], 'day1'),
    'NOT SAFE: 1 file of 1 file (100 KB) in day1 must not be cleared',
  );
});

test('safeVerdict: nothing at the source is not safe', () => {
  assert.is(
    safeVerdict({ ...answer, files: 0 }, [], null),
    'NOT SAFE: there is no file at the source: the card or disk may not be mounted there',
  );
});

test('notSafeText: a file that is not copied is described in words, whatever its state', () => {
  for (const status of statuses) assert.not.match(notSafeText({ kind: 'not_copied', status }), new RegExp(`\\b${status}\\b`), status);
  assert.is(notSafeText({ kind: 'not_copied', status: 'GROWING_COPY' }), 'not copied yet: it is being recorded; wait until it is copied');
});

test.run();
