import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Scenario, scenario } from './support/scenario.ts';

/** A stable copy and a growing one are running. */
function running(): Scenario {
  const s = scenario({ bytesPerMs: 5 });
  s.source.put('stable.mov', 100_000);
  s.source.record('live.mxf', 4, 60_000);
  const isUnderWay = (name: string): boolean => (s.newest(name)?.copiedBytes ?? 0) > 10_000;
  s.passUntil('both are under way', () => isUnderWay('stable.mov') && isUnderWay('live.mxf'), 60);
  return s;
}

test('stop: stable copies are withdrawn cleanly and keep their name, and growing ones fail as agent_stopped', () => {
  const s = running();
  s.sim.stopAndStart('graceful');
  s.pass(5);
  assert.equal(s.views('stable.mov').length, 1);
  assert.equal(s.views('live.mxf')[0]?.error?.kind, 'agent_stopped');
  s.passUntilCopied(120);
  assert.equal(s.names(), ['live.mxf', 'live_1.mxf', 'stable.mov']);
  s.passInPeace();
});

test('stop --drain: running copies are completed, nothing new begins, and the agent ends', () => {
  const s = running();
  s.source.put('new.mov', 10_000);
  s.sim.loop().offer({ kind: 'stop_requested', by: 'somebody', mode: 'drain' });
  s.passUntil('it has stopped', () => s.sim.environment().hasStopped(), 120);
  assert.equal([s.story('stable.mov'), s.story('live.mxf')], [['COMPLETED stable.mov'], ['COMPLETED live.mxf']]);
  assert.equal(s.names(), ['live.mxf', 'stable.mov']);
  s.sim.crash();
  s.passUntilCopied(60);
  assert.equal(s.names(), ['live.mxf', 'new.mov', 'stable.mov']);
  s.passInPeace();
});

test('stop --drain: an outage meanwhile fails the running copies, and the agent ends', () => {
  const s = running();
  s.sim.loop().offer({ kind: 'stop_requested', by: 'somebody', mode: 'drain' });
  s.pass(2);
  s.destination.setWeather('down');
  s.passUntil('it has stopped', () => s.sim.environment().hasStopped(), 30);
  s.sim.crash();
  s.destination.setWeather('good');
  s.passUntilCopied(120);
  s.passInPeace();
});

test('stop: a silent destination does not delay it beyond its time', () => {
  const s = running();
  s.destination.setWeather('silent');
  s.sim.stopAndStart('graceful');
  s.destination.setWeather('good');
  s.passUntilCopied(120);
  s.passInPeace();
});

test('first, hold, release, skip, retry: each is carried out, and breaks no promise', () => {
  const s = scenario({ lanes: 1, bytesPerMs: 5 });
  const [fakeRoute] = s.sim.fakeRoutes;
  assert.ok(fakeRoute);
  const { route } = fakeRoute;
  s.sim.ask({ do: 'hold', route, until: null });
  for (const name of ['a.mxf', 'b.mxf', 'c.mxf']) s.source.put(name, 20_000);
  s.pass(60);
  assert.equal(s.names(), [], 'a held route begins nothing');
  s.sim.ask({ do: 'skip', route, source: 'b.mxf' });
  s.sim.ask({ do: 'first', route, source: 'c.mxf' });
  s.sim.ask({ do: 'release', route });
  s.pass(60);
  assert.equal(s.names(), ['a.mxf', 'c.mxf']);
  assert.ok(String(s.last('c.mxf').endedAt) < String(s.last('a.mxf').endedAt));
  assert.is(s.last('b.mxf').hold, 'operator');
  s.sim.crash();
  s.pass(60);
  assert.is(s.last('b.mxf').hold, 'operator', 'kept over restarts');
  s.sim.ask({ do: 'retry', route, source: 'b.mxf' });
  s.passUntilCopied(60);
  assert.equal(s.names(), ['a.mxf', 'b.mxf', 'c.mxf']);
});

test.run();
