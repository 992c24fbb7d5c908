import type { LeftoverJson } from '@sluice/control';
import type { KeptBecause } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { keptText } from '../src/failures/kept-leftover.ts';
import { leftoverLines, leftoverStateText } from '../src/leftover-lines.ts';

const leftover: LeftoverJson = {
  v: 1,
  route: 'ingest',
  source: 'a.mxf',
  destination: 'a.mxf',
  attempt: '0f3c51d2-0000-4000-8000-000000000000',
  failedAt: '2026-11-23T14:02:31.000Z',
  ageMs: 7_200_000,
  copiedBytes: 48_200_000,
  sizeBytes: 48_300_000,
  replacedBy: { id: '1', destination: 'a_1.mxf' },
  state: 'removable',
  kept: null,
  reason: null,
};

test('leftoverLines: sizes, ages, and the complete copy; the route where there are several', () => {
  const [head, line] = leftoverLines([leftover]);
  assert.match(head ?? '', /^LEFTOVER +SIZE +FAILED +AGE +REPLACED BY/);
  assert.match(line ?? '', /^a\.mxf +48\.3 MB +2026-11-23 \d\d:\d\d +2 h.* +a_1\.mxf +can be removed$/);
  assert.match(leftoverLines([leftover, { ...leftover, route: 'b' }])[0] ?? '', /^ROUTE/);
});

test('leftoverLines: an unknown size is replaced by the number of synced bytes', () => {
  assert.match(leftoverLines([{ ...leftover, sizeBytes: null }])[1] ?? '', /48\.2 MB/);
});

test('leftoverLines: control characters in a name have no effect on the terminal', () => {
  assert.not(
    leftoverLines([{ ...leftover, destination: 'a\u001b[2J.mxf' }])
      .join('\n')
      .includes('\u001b'),
  );
});

const states: Readonly<Record<LeftoverJson['state'], string>> = {
  removable: 'can be removed',
  kept: 'stays: why',
  being_removed: 'is being removed: why',
  gone: 'is not there any more',
  unknown: 'is not known: why',
};

for (const [state, text] of Object.entries(states) as [LeftoverJson['state'], string][]) {
  test(`leftoverStateText: ${state}: ${text}`, () => {
    assert.is(leftoverStateText({ state, reason: 'why' }), text);
  });
}

test('keptText: an unknown reason is shown by its name', () => {
  assert.is(keptText('sealed_by_law' as KeptBecause), 'sealed by law');
});

test.run();
