import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Scenario, scenario } from './support/scenario.ts';

function twoRoutes(): { readonly s: Scenario; readonly other: Scenario['destination'] } {
  const s = scenario({ twoRoutes: true, bytesPerMs: 5 });
  const other = s.sim.fakeRoutes.find(({ route }) => route === routeName('other'))?.destination;
  assert.ok(other);
  return { s, other };
}

test('two routes from one source: each copies every file, with separate ids', () => {
  const { s, other } = twoRoutes();
  s.source.put('clip.mxf', 50_000);
  s.source.record('live.mxf', 4, 30_000);
  s.pass(40);
  s.passUntilCopied(60);
  assert.equal(s.names(), ['clip.mxf', 'live.mxf']);
  assert.equal(other.names(), ['clip.mxf', 'live.mxf']);
  assert.is.not(s.last('clip.mxf').id, s.last('clip.mxf', 'other').id);
  s.passInPeace();
});

for (const weather of ['down', 'silent', 'full', 'wrong_disk'] as const) {
  test(`two routes from one source: a fault of one destination (${weather}) never delays the other`, () => {
    const { s, other } = twoRoutes();
    s.destination.setWeather(weather);
    s.pass(60);
    s.source.put('clip.mxf', 50_000);
    const isThere = (): boolean => s.newest('clip.mxf', 'other')?.status === 'COMPLETED';
    const seconds = s.passUntil('the other carried it', isThere, 60);
    assert.ok(seconds < 15, `${seconds} s`);
    assert.equal(other.names(), ['clip.mxf']);
    assert.equal(s.names(), []);
    s.destination.setWeather('good');
    s.passUntilCopied(60);
    assert.equal(s.names(), ['clip.mxf']);
    s.passInPeace();
  });
}

test('two routes from one source: a failure on one does not change the names on the other', () => {
  const { s, other } = twoRoutes();
  s.source.put('clip.mxf', 100_000);
  s.passUntil('both carry', () => (s.newest('clip.mxf')?.percent ?? 0) > 20, 60);
  s.destination.setWeather('down');
  s.pass(60);
  s.destination.setWeather('good');
  s.passUntilCopied(60);
  assert.equal(s.names(), ['clip_1.mxf']);
  assert.equal(other.names(), ['clip.mxf']);
});

for (const [days, isReported] of [
  [0, true],
  [-30, true],
  [30, false],
] as const) {
  test(`a route that comes back after ${days} days by the wall clock: a file that vanished before is ${isReported ? 'still' : 'no longer'} reported`, () => {
    const { s } = twoRoutes();
    s.destination.setWeather('down');
    s.source.put('clip.mxf', 50_000);
    s.pass(30);
    s.source.remove('clip.mxf');
    s.pass(30);
    const lost = (): number | undefined => s.sim.routeNow(routeName('sim'))?.lost.size;
    assert.is(lost(), 1);
    s.sim.reload([routeName('other')], {});
    s.pass(10);
    assert.is(lost(), undefined, 'the route is gone');
    s.sim.clock.stepWall(days * 86_400_000);
    s.sim.reload([routeName('sim'), routeName('other')], {});
    s.pass(10);
    assert.is(lost(), isReported ? 1 : 0);
  });
}

test.run();
