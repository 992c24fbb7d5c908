import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Listed } from '../../src/rows/listed.ts';
import type { ScreenTab } from '../../src/rows/rows.ts';
import { dayMs, idOf, listed, makeCatalogue, rowsShown, since } from '../test-catalogue.ts';

const failed = (number: number, by: number, over: Partial<Listed> = {}): Listed =>
  listed(number, 'FAILED', { recoveredBy: idOf(by), isHeld: false, ...over });
const recovery = (number: number, of: number, status: Listed['status'] = 'READY', over: Partial<Listed> = {}): Listed =>
  listed(number, status, { recoveryOf: idOf(of), ...over });

/** What is listed, and the rows of each tab, and of `all` with recovered files hidden. */
const cases: readonly {
  readonly what: string;
  readonly files: readonly Listed[];
  readonly rows: Readonly<Record<ScreenTab | 'hidden', string>>;
}[] = [
  {
    what: 'a FAILED file stands above its waiting recovery; among what is done it stands alone',
    files: [listed(1, 'COPYING'), failed(2, 3), recovery(3, 2), listed(4, 'COMPLETED')],
    rows: { all: '1 2 +3 4', active: '1', waiting: '2 +3', needs_you: '', done: '4 2', hidden: '1 3 4' },
  },
  {
    what: 'an original that only the journal knows stands there too, by its id',
    files: [recovery(3, 2, 'COPYING'), listed(4, 'COMPLETED')],
    rows: { all: '2 +3 4', active: '2 +3', waiting: '', needs_you: '', done: '4', hidden: '3 4' },
  },
  {
    what: 'a recovery that has ended lately keeps its original above it',
    files: [failed(2, 3), recovery(3, 2, 'COMPLETED'), listed(4, 'COMPLETED')],
    rows: { all: '4 2 +3', active: '', waiting: '', needs_you: '', done: '4 2 +3', hidden: '4 3' },
  },
  {
    what: 'a recovery that ended long ago stands alone',
    files: [recovery(3, 2, 'COMPLETED', { endedAt: since - 1, discoveredAt: since - dayMs })],
    rows: { all: '3', active: '', waiting: '', needs_you: '', done: '3', hidden: '3' },
  },
  {
    what: 'of many attempts the newest and the one before it stand together, earlier ones among what is done',
    files: [failed(1, 2), failed(2, 3, { recoveryOf: idOf(1) }), recovery(3, 2, 'READY', { hold: 'needs_you' })],
    rows: { all: '2 +3 1', active: '', waiting: '', needs_you: '2 +3', done: '2 1', hidden: '3' },
  },
  {
    what: 'a FAILED file whose recovery does not name it back has its own row',
    files: [failed(2, 3), listed(3, 'READY')],
    rows: { all: '3 2', active: '', waiting: '3', needs_you: '', done: '2', hidden: '3' },
  },
  {
    what: 'a FAILED file that does not name its recovery is not shown above it as well',
    files: [listed(2, 'FAILED', { isHeld: false }), recovery(3, 2)],
    rows: { all: '3 2', active: '', waiting: '3', needs_you: '', done: '2', hidden: '3 2' },
  },
];
for (const { what, files, rows } of cases) {
  for (const order of ['as reported', 'backwards'] as const) {
    test(`rowsOf: ${what} (${order})`, () => {
      const fixture = makeCatalogue(order === 'as reported' ? files : files.toReversed());
      for (const [tab, expected] of Object.entries(rows)) {
        const rules = tab === 'hidden' ? { hideRecovered: true } : { tab: tab as ScreenTab };
        assert.is(rowsShown(fixture, fixture.list(rules)), expected, tab);
        assert.is(
          fixture.catalogue.tally.rowsOf(rules.tab ?? 'all', 'hideRecovered' in rules),
          expected.split(' ').filter(Boolean).length,
          tab,
        );
      }
    });
  }
}

test('rowsOf: a recovery stays directly below its original in every order, reversed too', () => {
  const fixture = makeCatalogue([listed(1, 'COPYING'), failed(2, 3), recovery(3, 2), listed(4, 'COMPLETED')]);
  assert.is(rowsShown(fixture, fixture.list({ isReversed: true })), '4 2 +3 1');
  assert.is(rowsShown(fixture, fixture.list({ sort: 'age' })), '4 2 +3 1');
  assert.is(rowsShown(fixture, fixture.list({ sort: 'age', isReversed: true })), '1 2 +3 4');
});

test('drop: when a recovery is removed, its original gets its own row back', () => {
  const fixture = makeCatalogue([failed(2, 3), recovery(3, 2)]);
  const list = fixture.list();
  fixture.catalogue.drop(idOf(3));
  assert.is(rowsShown(fixture, list), '2');
  assert.is(fixture.catalogue.tally.rowsOf('all', false), 1);
});

for (const [half, before] of [
  ['a recovery', recovery(3, 2)],
  ['a FAILED file', failed(2, 3)],
] as const) {
  test(`put: ${half} that no longer names the other is listed separately`, () => {
    const fixture = makeCatalogue([failed(2, 3), recovery(3, 2)]);
    const list = fixture.list();
    assert.is(rowsShown(fixture, list), '2 +3');
    fixture.catalogue.put({ ...before, recoveryOf: null, recoveredBy: null });
    assert.is(rowsShown(fixture, list), '3 2');
    assert.is(fixture.catalogue.tally.rowsOf('all', false), 2);
    fixture.catalogue.put(before);
    assert.is(rowsShown(fixture, list), '2 +3');
  });
}

test('forgetOriginal: an original that the journal no longer has gets no row', () => {
  const fixture = makeCatalogue([recovery(3, 2)]);
  const list = fixture.list();
  fixture.catalogue.forgetOriginal(idOf(3));
  assert.is(rowsShown(fixture, list), '3');
  assert.is(fixture.catalogue.tally.rowsOf('all', false), 1);
});

const anchors: readonly [what: string, anchor: number, offset: number, expected: readonly [number, string]][] = [
  ['lies outside: the window begins there', 7, 0, [6, '7 8']],
  ['lies inside: offset counts', 7, 5, [5, '6 7']],
  ['is the last row of the window: offset counts', 7, 6, [6, '7 8']],
  ['is above the window: the window begins there', 10, 8, [0, '10 2']],
  ['is a recovery', 3, 8, [2, '+3 4']],
  ['is an original that only its recovery reports', 2, 8, [1, '2 +3']],
  ['is not listed: offset counts', 99, 4, [4, '5 6']],
];
for (const [what, anchor, offset, [begin, expected]] of anchors) {
  test(`window: the anchor ${what}`, () => {
    const numbers = [4, 5, 6, 7, 8, 9];
    const fixture = makeCatalogue([
      listed(10, 'COPYING'),
      recovery(3, 2, 'IN_QUEUE', { discoveredAt: since + 50 }),
      ...numbers.map((number) => listed(number, 'READY')),
    ]);
    const list = fixture.list();
    const view = { offset, limit: 2, anchor: idOf(anchor) };
    assert.is(fixture.catalogue.window(list, view).offset, begin);
    assert.is(rowsShown(fixture, list, offset, 2, idOf(anchor)), expected);
  });
}

test('window: an offset beyond the end shows the last page', () => {
  const fixture = makeCatalogue([1, 2, 3].map((number) => listed(number, 'READY')));
  const list = fixture.list();
  assert.equal(fixture.catalogue.window(list, { offset: 3, limit: 2, anchor: null }).offset, 1);
  assert.is(rowsShown(fixture, list, 50, 2), '2 3');
  assert.is(rowsShown(fixture, list, 2, 2), '3');
  assert.is(rowsShown(fixture, list, 0, 0), '');
});

test.run();
