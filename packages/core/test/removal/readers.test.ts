import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type RouteName, routeName } from '../../src/model/ids.ts';
import type { SourcePlace } from '../../src/model/settings.ts';
import { otherReaders } from '../../src/removal/readers.ts';
import { emptyState, routeOf } from '../../src/state/state.ts';
import { routeSettings } from '../fixtures/route-settings.ts';
import { coreSettings } from '../support/settings.ts';

const a = routeName('a');
const b = routeName('b');

/** Returns the path under which route b reads a file of route a. Null: it does not read it. */
function readBy(ours: string, theirs: string, source: string, places?: ReadonlyMap<RouteName, readonly SourcePlace[]>): string | null {
  const routes = [routeSettings({ name: a, source: ours }), routeSettings({ name: b, source: theirs })];
  const state = emptyState({ ...coreSettings({}), routes, ...(places === undefined ? {} : { sourcePlaces: places }) }, false, 0);
  const [reader] = otherReaders(state, routeOf(state, a), source);
  return reader === undefined ? null : `${reader.path}${reader.isSameFolder ? '' : ' (another folder)'}`;
}

const rows: readonly [string, string, string, string, string | null][] = [
  ['the same folder', '/in', '/in', 'day1/x.mxf', 'day1/x.mxf'],
  ['a folder around it', '/in/cards', '/in', 'x.mxf', 'cards/x.mxf (another folder)'],
  ['the root around it', '/in', '/', 'x.mxf', 'in/x.mxf (another folder)'],
  ['a folder below, which has the file', '/in', '/in/day1', 'day1/x.mxf', 'x.mxf (another folder)'],
  ['a folder below, which does not', '/in', '/in/day1', 'day10/x.mxf', null],
  ['another folder', '/in', '/in2', 'x.mxf', null],
];
for (const [what, ours, theirs, source, expected] of rows) {
  test(`otherReaders: ${what}`, () => assert.is(readBy(ours, theirs, source), expected));
}

test('otherReaders: sources are recognized by their identities, and paths have the case of the disk', () => {
  const places = new Map<RouteName, readonly SourcePlace[]>([
    [a, [{ key: 'd:/in/day1', path: 'D:/In/Day1' }]],
    [b, [{ key: 'd:/in', path: 'd:/in' }]],
  ]);
  assert.is(readBy('D:\\In\\Day1', 'd:\\in', 'x.mxf', places), 'Day1/x.mxf (another folder)');
});

test('otherReaders: a bind mount of the same folder', () => {
  const places = new Map<RouteName, readonly SourcePlace[]>([
    [
      a,
      [
        { key: '/in', path: '/in' },
        { key: '8:1 :/data/in', path: '8:1 :/data/in' },
      ],
    ],
    [
      b,
      [
        { key: '/srv/x', path: '/srv/x' },
        { key: '8:1 :/data/in', path: '8:1 :/data/in' },
      ],
    ],
  ]);
  assert.is(readBy('/in', '/srv/x', 'x.mxf', places), 'x.mxf');
});

test.run();
