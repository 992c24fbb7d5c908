import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FilteredRow, parseFilter } from '../../src/rows/filter.ts';
import { archive, idOf, ingest, listed, makeCatalogue, rowsShown } from '../test-catalogue.ts';

const files = [
  listed(1, 'READY', { source: 'Day1/Clip A.mxf', destination: 'Day1/Clip A.mxf' }),
  listed(2, 'COPYING', { source: 'day1/clip b.mxf', destination: 'day1/clip b_1.mxf' }),
  listed(3, 'GROWING_COPY', { route: archive, source: 'day2/caf\u00e9.wav' }),
  listed(4, 'GROWING', { route: archive, source: 'day2/x' }),
  listed(5, 'COMPLETED', { source: 'state:ready' }),
  listed(6, 'READY', { hold: 'backoff' }),
];

const cases: readonly [string, string][] = [
  ['', '3 2 1 6 4 5'],
  ['   ', '3 2 1 6 4 5'],
  ['clip', '2 1 6'],
  ['CLIP _1', '2'],
  ['_1.mxf', '2'],
  ['cafe\u0301', '3'],
  ['day day2', '3 4'],
  ['state:ready', '1 6'],
  ['state:READY', '1 6'],
  ['STATE:rea', '1 6'],
  ['state:grow', '3 4'],
  ['state:growing-copy', '3'],
  ['state:recording', '3'],
  ['state:done', '5'],
  ['state:', '3 2 1 6 4 5'],
  ['state:no', ''],
  ['route:arch', '3 4'],
  ['route:ARCHIVE state:growing_', '3'],
  ['route:ives', ''],
  ['hold:back', '6'],
  ['hold:network', '1'],
  ['hold:', '3 2 1 6 4 5'],
  ['(', ''],
];
for (const [filter, expected] of cases) {
  test(`parseFilter: ${JSON.stringify(filter)}`, () => {
    const fixture = makeCatalogue(files);
    fixture.conditions.set(ingest, { isOpen: false, isHeld: false });
    const list = fixture.list({ filter });
    assert.is(rowsShown(fixture, list), expected);
    const matched = expected === '' ? 0 : expected.split(' ').length;
    assert.is(fixture.catalogue.window(list, { offset: 0, limit: 1, anchor: null }).matched, matched);
  });
}

test("conditionsChanged: rows are matched again when a gate or an operator's hold changes", () => {
  const fixture = makeCatalogue([listed(1, 'READY'), listed(2, 'READY', { route: archive }), listed(3, 'VERIFYING', { hold: 'publish' })]);
  const network = fixture.list({ filter: 'hold:network' });
  const operator = fixture.list({ filter: 'hold:operator' });
  const shown = (): string[] => [network, operator].map((list) => rowsShown(fixture, list));
  const change = (isOpen: boolean, isHeld: boolean): string[] => {
    fixture.conditions.set(ingest, { isOpen, isHeld });
    fixture.catalogue.conditionsChanged();
    while (fixture.catalogue.work(1) > 0);
    return shown();
  };
  assert.equal(shown(), ['', '']);
  assert.equal(change(false, false), ['3 1', '']);
  assert.equal(change(false, true), ['3', '1']);
  assert.equal(change(true, true), ['', '1']);
  assert.equal(change(true, false), ['', '']);
});

test('parseFilter: an original and its recovery are matched separately', () => {
  const fixture = makeCatalogue([
    listed(1, 'FAILED', { source: 'a.mxf', recoveredBy: idOf(2), isHeld: false }),
    listed(2, 'READY', { source: 'a.mxf', destination: 'a_1.mxf', recoveryOf: idOf(1) }),
  ]);
  const shown = (filter: string): string => rowsShown(fixture, fixture.list({ filter }));
  assert.is(shown('a.mxf'), '1 +2');
  assert.is(shown('state:failed'), '1');
  assert.is(shown('state:ready'), '2');
  assert.is(shown('a_1'), '2');
  assert.is(shown('zzz'), '');
});

test('parseFilter: states have the names of the screen, and an unknown state is reported', () => {
  const row = (change: Partial<FilteredRow>): FilteredRow => ({ ...listed(1, 'READY'), hold: null, ...change });
  const has = (filter: string, change: Partial<FilteredRow>): boolean => parseFilter(filter).matches(row(change));
  assert.ok(has('state:copying', { status: 'GROWING_COPY' }));
  assert.ok(has('state:copying', { status: 'COPYING' }));
  assert.ok(has('state:skipped', { hold: 'operator', isSkipped: true }));
  assert.not(has('state:skipped', { hold: 'operator', isSkipped: false }));
  assert.ok(has('state:held', { hold: 'operator' }));
  assert.ok(has('state:verify', { status: 'VERIFYING' }));
  assert.match(parseFilter('state:foo').trouble ?? '', /unknown state "foo"; the states are found, /);
  assert.is(parseFilter('state:fai clip').trouble, null);
  assert.ok(parseFilter('state:held').asksHold);
});

test('parseFilter: quotes, globs, sizes, and ignored words', () => {
  const row: FilteredRow = { ...listed(1, 'READY', { source: 'Day 02/Clip A.mov', sizeBytes: 5_000_000 }), hold: null };
  const matches = (filter: string): boolean => parseFilter(filter).matches(row);
  for (const filter of ['"day 02"', '*.mov', 'day*/*.mov', 'clip?a.mov', 'size:>1M', 'size:<6MB', '!wav', '!*.wav', '!"day 03"'])
    assert.ok(matches(filter), filter);
  for (const filter of ['"day 2"', '*.mxf', '?.mov', 'size:>5M', '!mov', '!*.mov', 'size:foo']) assert.not(matches(filter), filter);
  assert.match(parseFilter('size:foo').trouble ?? '', /size:>1GB/);
  assert.not(parseFilter(`${'*a'.repeat(60)}*b`).matches({ ...row, source: 'a'.repeat(4_000) }));
});

test.run();
