import type { JournalImage, RouteEvent } from '@sluice/core';
import { routeSettings } from '@sluice/core/fixtures';
import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isBelow, isIn } from '../src/process/folder.ts';
import { knownRoutes } from '../src/routes.ts';

type Fact = JournalImage['routeFacts'][number];
const fact = (route: string, event: RouteEvent): Fact => ({
  kind: 'route_fact',
  seq: 1,
  at: 0,
  key: 'note',
  route: routeName(route),
  event,
});
const configured = (name: string, destination = '/mnt/nas'): Fact =>
  fact(name, { kind: 'configured', settings: routeSettings({ name: routeName(name), destination }), changed: [] });

test('knownRoutes: the routes of the newest agent, with what is known of their present destinations', () => {
  const facts = [
    configured('b'),
    configured('a', '/mnt/new'),
    fact('old', { kind: 'unconfigured' }),
    fact('b', { kind: 'destination_known', marker: 'm1', destination: '/mnt/nas' }),
    fact('a', { kind: 'destination_known', marker: 'm2', destination: '/mnt/nas' }),
    fact('a', { kind: 'destination_adopted', by: 'ann', reason: null, before: null, destination: '/mnt/new' }),
  ];
  assert.equal(
    knownRoutes(facts).map(({ settings, marker, plainFolderMeant }) => [settings.name, marker, plainFolderMeant]),
    [
      ['a', null, true],
      ['b', 'm1', false],
    ],
  );
});

test('isBelow, isIn: a folder has the paths below it, not those that only begin with its name', () => {
  assert.equal(
    ['day1', 'day1/x', 'day10/x', 'x'].map((path) => isBelow(path, 'day1')),
    [true, true, false, false],
  );
  assert.ok(isBelow('x', null));
  assert.equal([isIn('/in/a', '/in'), isIn('/in2', '/in'), isIn('/x', '/')], [true, false, true]);
});

test.run();
