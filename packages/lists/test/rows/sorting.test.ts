import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ScreenTab } from '../../src/rows/rows.ts';
import type { ScreenSort } from '../../src/rows/sorting.ts';
import { idOf, listed, makeCatalogue, rowsShown } from '../test-catalogue.ts';

const files = [
  listed(1, 'COMPLETED', { source: 'Zebra.mxf', sizeBytes: 5 }),
  listed(2, 'DISCOVERED', { source: 'b.mxf', sizeBytes: 7 }),
  listed(3, 'GROWING', { source: 'B2.mxf' }),
  listed(4, 'READY', { source: 'c.mxf', sizeBytes: 9_000 }),
  listed(5, 'WAITING_FOR_NETWORK', { source: 'd.mxf', hold: 'network' }),
  listed(6, 'IN_QUEUE', { source: 'e.mxf' }),
  listed(7, 'VERIFYING', { source: 'f.mxf' }),
  listed(8, 'COPYING', { source: 'g.mxf' }),
  listed(9, 'GROWING_COPY', { source: 'h.mxf' }),
  listed(10, 'FAILED', { source: 'i.mxf' }),
  listed(11, 'READY', { source: 'a.mxf', hold: 'needs_you' }),
  listed(12, 'WAITING_FOR_SPACE', { source: 'k.mxf', hold: 'space' }),
  listed(13, 'GROWING', { source: 'l.mxf', hold: 'needs_you' }),
  listed(14, 'REMOVED', { source: 'm.mxf' }),
  listed(15, 'FAILED', { source: 'n.mxf', isHeld: false }),
  listed(16, 'COMPLETED_DELETE_FAILED', { source: 'o.mxf' }),
];

const orders: readonly [ScreenSort, string][] = [
  ['attention', '11 13 10 9 7 8 6 4 5 12 2 3 16 15 14 1'],
  ['name', '11 2 3 4 5 6 7 8 9 10 12 13 14 15 16 1'],
  ['size', '4 11 3 5 6 7 8 9 10 12 13 14 15 16 2 1'],
  ['state', '2 13 3 11 4 5 12 6 8 9 7 1 16 15 10 14'],
  ['age', '16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1'],
];
for (const [sort, expected] of orders) {
  test(`keyOf: ${sort}`, () => {
    const fixture = makeCatalogue(files);
    assert.is(rowsShown(fixture, fixture.list({ sort })), expected);
    assert.is(rowsShown(fixture, fixture.list({ sort, isReversed: true })), expected.split(' ').reverse().join(' '));
  });
}

const tabs: readonly [ScreenTab, string][] = [
  ['all', '11 13 10 9 7 8 6 4 5 12 2 3 16 15 14 1'],
  ['active', '9 7 8 3'],
  ['waiting', '6 4 5 12 2'],
  ['needs_you', '11 13'],
  ['done', '10 16 15 14 1'],
];
for (const [tab, expected] of tabs) {
  test(`tabHas: ${tab}, and the tally counts its rows`, () => {
    const fixture = makeCatalogue(files);
    assert.is(rowsShown(fixture, fixture.list({ tab })), expected);
    assert.is(fixture.catalogue.tally.rowsOf(tab, false), expected.split(' ').length);
  });
}

test('attentionOf: a FAILED file with a recovery counts as done, one without a recovery does not', () => {
  const fixture = makeCatalogue([
    listed(1, 'READY'),
    listed(2, 'FAILED'),
    listed(3, 'FAILED', { isHeld: false }),
    listed(4, 'FAILED', { recoveredBy: idOf(9) }),
  ]);
  assert.is(rowsShown(fixture, fixture.list()), '2 1 4 3');
});

test('attention: what waits stands in the order in which it is copied: moved to the front, queued, oldest first, then by name', () => {
  const fixture = makeCatalogue([
    listed(1, 'READY', { discoveredAt: 5, source: 'z' }),
    listed(2, 'READY', { discoveredAt: 5, source: 'B' }),
    listed(3, 'READY', { discoveredAt: 4, source: 'x' }),
    listed(4, 'IN_QUEUE', { discoveredAt: 9 }),
    listed(5, 'READY', { turn: 8 }),
    listed(6, 'WAITING_FOR_NETWORK', { turn: 7, hold: 'network' }),
    listed(7, 'READY', { hold: 'operator', discoveredAt: 1 }),
    listed(8, 'READY', { isWritten: true, discoveredAt: 99 }),
    listed(9, 'COPYING', { turn: 1 }),
  ]);
  assert.is(rowsShown(fixture, fixture.list()), '8 9 6 5 4 3 2 1 7');
  fixture.catalogue.put(listed(1, 'READY', { discoveredAt: 5, source: 'z', turn: 9 }));
  assert.is(rowsShown(fixture, fixture.list()), '8 9 6 5 1 4 3 2 7');
});

test.run();
