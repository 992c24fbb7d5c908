import type { RemovalsView } from '@sluice/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { removalLines, removalTriesText, removalTrouble } from '../../src/states/removals.ts';

const wall = Date.parse('2026-11-29T00:00:00.000Z');
const nothing: RemovalsView = { pending: 0, failed: null, waiting: null, unproven: 0, isWeak: false, unknown: null };
const failed: RemovalsView['failed'] = {
  count: 1,
  source: 'day1/a.mxf',
  to: 'delete',
  code: 'EACCES',
  hiddenAs: null,
  retryAt: '2026-11-29T00:10:00.000Z',
};

const troubles: readonly [Partial<RemovalsView>, string | null][] = [
  [{}, null],
  [{ failed }, 'delete fails at the source: permission denied, retry in 10 min: day1/a.mxf'],
  [
    { failed: { ...failed, count: 3 } },
    'delete fails at the source: permission denied, retry in 10 min: day1/a.mxf (and 2 more: sluice files --status completed_delete_failed)',
  ],
  [
    { failed: { ...failed, to: 'archive', code: 'EXDEV', retryAt: '2026-11-28T00:00:00.000Z' } },
    'archiving fails at the source: archive_dir is on another filesystem, retrying now: day1/a.mxf',
  ],
  [{ failed: { ...failed, code: 'NO_LINKS' } }, 'delete fails at the source: hard links are refused there, retry in 10 min: day1/a.mxf'],
  [
    { failed: { ...failed, code: 'IMMUTABLE' } },
    'delete fails at the source: the file or its folder is immutable, retry in 10 min: day1/a.mxf',
  ],
  [{ failed: { ...failed, code: 'EROFS' } }, 'delete fails at the source: the filesystem is read-only, retry in 10 min: day1/a.mxf'],
  [{ failed: { ...failed, code: 'EBUSY' } }, 'delete fails at the source: another program uses it, retry in 10 min: day1/a.mxf'],
  [
    { failed: { ...failed, code: 'NAME_TAKEN', hiddenAs: 'day1/.a.mxf.0f3c51d2.sluice-done' } },
    'day1/a.mxf changed after it was copied, and another file has its name: it is now day1/.a.mxf.0f3c51d2.sluice-done; give it another name',
  ],
  [
    { unknown: { count: 2, path: '.b.mxf.0badcafe.sluice-done' } },
    '.b.mxf.0badcafe.sluice-done at the source was renamed by an earlier removal, and nothing gives it its name back (and 1 more whose names end in .sluice-done); rename it',
  ],
];
for (const [over, text] of troubles) {
  test(`removalTrouble: ${text}`, () => assert.is(removalTrouble({ ...nothing, ...over }, wall), text));
}

const waiting = (wait: NonNullable<RemovalsView['waiting']>['wait'], route: string | null = null): RemovalsView['waiting'] => ({
  count: 1,
  source: 'a.mxf',
  wait,
  route,
});
const notYet = '1 copied file not removed at the source yet, such as a.mxf:';
const lines: readonly [Partial<RemovalsView>, readonly string[]][] = [
  [{}, []],
  [{ pending: 2 }, ['2 copied files to be removed at the source later']],
  [{ pending: 1, waiting: waiting('changed') }, [`${notYet} it is not as it was copied`]],
  [{ pending: 3, waiting: waiting('changed') }, [`${notYet} it is not as it was copied`, '2 more to be removed at the source later']],
  [{ pending: 1, failed }, ['delete fails at the source: permission denied, retry in 10 min: day1/a.mxf']],
  [{ unproven: 1 }, ['1 copied file stays at the source: not verified past the cache (after_copy_proof = "direct")']],
  [{ unproven: 2 }, ['2 copied files stay at the source: not verified past the cache (after_copy_proof = "direct")']],
  [{ isWeak: true }, ['source files are removed without proof that the storage has their bytes (after_copy_proof = "weak")']],
  [{ waiting: waiting('open_for_writing') }, [`${notYet} a program has it open for writing`]],
  [{ waiting: waiting('changed') }, [`${notYet} it is not as it was copied`]],
  [{ waiting: waiting('compared_again') }, [`${notYet} its bytes are being compared again`]],
  [{ waiting: waiting('other_route', 'audio') }, [`${notYet} route audio has not copied or archived it yet`]],
  [
    { waiting: waiting('other_source', 'audio') },
    [`${notYet} another disk is at the source now; connect the earlier one, or run sluice adopt audio to keep its files`],
  ],
  [{ waiting: waiting('other_destination', 'audio') }, [`${notYet} route audio has another destination now`]],
];
for (const [over, expected] of lines) {
  test(`removalLines: ${expected.join('; ')}`, () => assert.equal(removalLines({ ...nothing, ...over }, 'calm', wall), expected));
}

test('removalTriesText: how often it failed, and when it is tried again, unless that is over', () => {
  const error = { to: 'delete', code: 'EACCES', failures: 4, retryAt: '2026-11-29T00:10:00.000Z' } as const;
  assert.match(removalTriesText(error, wall), /^failed 4 times in a row, next try 2026-11-\d\d \d\d:10:00$/);
  assert.is(removalTriesText({ ...error, failures: 1 }, wall + 600_000), 'failed once');
});

test('removalLines: what the verdict names is not said again', () => {
  const removals = { ...nothing, pending: 2, failed };
  const verdict = 'ingest: delete fails at the source: permission denied, retry in 9 min: day1/a.mxf';
  assert.equal(removalLines(removals, verdict, wall), ['1 more to be removed at the source later']);
});

test.run();
