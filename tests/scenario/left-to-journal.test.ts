import { newestOf, type RouteState } from '@sluice/core';
import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { routeSettings } from '../sim/settings.ts';
import { type Scenario, scenario } from './support/scenario.ts';

const routeOf = (s: Scenario): RouteState => s.sim.loop().state.routes.get(routeName('sim')) as RouteState;
const held = (s: Scenario): string[] => [...s.sim.loop().state.files.values()].map(({ source }) => source);
const known = (s: Scenario, path: string): string | undefined => newestOf(s.sim.loop().state, routeOf(s), path)?.status;

function copied(...paths: readonly string[]): Scenario {
  const s = scenario({ untilIdle: false });
  for (const path of paths) s.source.put(path, 30_000);
  s.passUntilCopied(120);
  s.pass(120);
  return s;
}

test('a copied file is kept only in the journal and is still known', () => {
  const s = copied('a.mxf', 'b.mxf');
  assert.equal([held(s), routeOf(s).newest.size, routeOf(s).names.size], [[], 0, 0]);
  assert.is(known(s, 'a.mxf'), 'COMPLETED');
});

test('a file kept only in the journal is copied again when its source grows, with or without a restart in between', () => {
  for (const restarts of [false, true]) {
    const s = copied('a.mxf', 'b.mxf');
    if (restarts) s.sim.crash();
    s.source.put('a.mxf', 40_000);
    s.passUntilCopied(120);
    assert.equal(s.names(), ['a.mxf', 'a_1.mxf', 'b.mxf']);
    s.passInPeace();
  }
});

test('after a restart, a file that is kept only in the journal and was removed is found again as a new one', () => {
  const s = copied('a.mxf', 'b.mxf');
  s.source.remove('a.mxf');
  s.sim.crash();
  s.pass(120);
  assert.equal([known(s, 'a.mxf'), known(s, 'b.mxf'), routeOf(s).scanning.endedWalk], [undefined, 'COMPLETED', null]);
  s.source.put('a.mxf', 30_000);
  s.passUntilCopied(120);
  assert.is(s.story('a.mxf').length, 2);
  s.passInPeace();
});

test('after a restart, a renamed file that is kept only in the journal is recognised by its identity', () => {
  const s = copied('day/a.mxf');
  s.sim.crash();
  s.source.rename('day/a.mxf', 'day/b.mxf');
  s.passUntilCopied(120);
  s.passInPeace();
  assert.is(s.last('day/b.mxf').renamedFrom, 'day/a.mxf');
});

test('the name of a file that is kept only in the journal counts as taken', () => {
  const s = copied('a.mxf', 'a_1.mxf');
  s.sim.crash();
  s.source.put('a.mxf', 50_000);
  s.passUntilCopied(120);
  s.passInPeace();
  assert.is(s.last('a.mxf').destination, 'a_2.mxf');
});

test('a copied file that comes back in the same transaction as the record of its absence stays known', () => {
  const s = scenario({ untilIdle: false });
  s.destination.setLatency(400);
  for (const path of ['a.mxf', 'b.mxf']) s.source.put(path, 30_000);
  s.passUntil('it is read back', () => s.newest('a.mxf')?.status === 'VERIFYING', 60);
  s.source.setWeather('empty');
  s.passUntil('its copy is complete', () => s.newest('a.mxf')?.status === 'COMPLETED', 60);
  assert.ok(s.last('a.mxf').sourceGone, 'its source is gone');
  s.source.setWeather('silent');
  s.sim.environment().crew(routeName('sim')).intake.crash();
  s.pass(30);
  s.sim.ask({ do: 'retry', route: routeName('sim'), source: 'a.mxf' });
  s.source.setWeather('good');
  s.pass(60);
  assert.is(known(s, 'a.mxf'), 'COMPLETED');
});

for (const restarts of [false, true])
  test(`a file that stays hidden is not taken for the newest of its path when that one is kept only in the journal${restarts ? ', after a restart' : ''}`, () => {
    const s = scenario({ untilIdle: false, route: { afterCopy: 'delete', afterCopyProof: 'weak', afterCopyWaitMs: 0 } });
    s.source.put('a.mxf', 20_000);
    s.passUntil('the file is hidden', () => s.source.asides().length === 1 && s.source.paths().length === 0, 120);
    s.source.rewriteAside(s.source.asides()[0] ?? '', 25_000);
    s.source.put('a.mxf', 30_000);
    s.witness.disks.takeAway(s.destination, 'a.mxf');
    s.sim.reload([routeName('sim')], { afterCopy: 'keep' });
    s.passUntilCopied(120);
    if (restarts) s.sim.crash();
    s.passInPeace();
    assert.equal(s.story('a.mxf'), ['COMPLETED_DELETE_FAILED a.mxf', 'COMPLETED a.mxf']);
    assert.is(newestOf(s.sim.loop().state, routeOf(s), 'a.mxf')?.fingerprint.sizeBytes, 30_000);
  });

test('the removal of a leftover is reported after another file has its path: the record of the earlier file is not changed', () => {
  const s = scenario({ untilIdle: false, route: { growing: { ...routeSettings.growing, visible: true } } });
  s.source.record('a.mxf', 10, 20_000);
  s.passUntil('its copy is visible', () => s.names().includes('a.mxf'), 60);
  s.destination.setWeather('down');
  s.pass(30);
  s.destination.setWeather('good');
  s.passUntilCopied(120);
  s.destination.setLatency(5_000);
  s.sim.ask({ do: 'remove_leftovers', route: routeName('sim') });
  s.source.put('a.mxf', 30_000);
  s.pass(60);
  s.destination.setLatency(0);
  s.passUntilCopied(120);
  s.passInPeace();
  assert.equal(s.names(), ['a_1.mxf', 'a_2.mxf']);
});

test.run();
