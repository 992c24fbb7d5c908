import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Scenario, scenario } from './support/scenario.ts';

const hour = 3_600;

function offlineFor(seconds: number, weather: 'down' | 'silent' = 'down'): Scenario {
  const s = scenario();
  s.source.put('before.mxf', 50_000);
  s.passUntilCopied(60);
  s.destination.setWeather(weather);
  s.pass(30);
  s.source.put('new.mxf', 50_000);
  s.pass(seconds);
  return s;
}

for (const weather of ['down', 'silent'] as const) {
  test(`waiting (${weather}): for hours a file is READY, visible and not queued`, () => {
    const s = offlineFor(4 * hour, weather);
    assert.equal(s.story('new.mxf'), ['READY network new.mxf']);
    assert.is(s.sim.loop().state.routes.get(s.sim.fakeRoutes[0]?.route as never)?.byStatus.IN_QUEUE.size, 0);
    assert.is(s.last('new.mxf').attempt, 1);
  });

  test(`waiting (${weather}): hours of outage write very little into the journal`, () => {
    const s = offlineFor(60, weather);
    const before = s.sim.journal.records.length;
    s.pass(4 * hour);
    assert.ok(s.sim.journal.records.length - before <= 2, `${s.sim.journal.records.length - before} records`);
  });

  test(`waiting (${weather}): it continues by itself within 2 s of the return`, () => {
    const s = offlineFor(hour, weather);
    s.destination.setWeather('good');
    const seconds = s.passUntil('it is being carried', () => s.newest('new.mxf')?.status === 'COPYING', 5);
    assert.ok(seconds <= 2, `${seconds} s`);
    s.passUntilCopied(30);
    assert.equal(s.names(), ['before.mxf', 'new.mxf']);
  });
}

test('waiting: a file that was found during the outage and changed since has to settle again', () => {
  const s = offlineFor(60);
  s.source.rewrite('new.mxf', 70_000);
  s.destination.setWeather('good');
  s.passUntilCopied(60);
  assert.is(s.last('new.mxf').sizeBytes, 70_000);
  assert.equal(s.story('new.mxf'), ['COMPLETED new.mxf']);
});

test('waiting: a file that is gone before the return is reported as gone, and nothing follows', () => {
  const s = offlineFor(60);
  s.source.remove('new.mxf');
  s.pass(30);
  assert.equal(s.story('new.mxf'), ['REMOVED new.mxf']);
  s.destination.setWeather('good');
  s.passInPeace();
  assert.equal(s.names(), ['before.mxf']);
});

for (const [what, upMs, downMs] of [
  ['every few seconds', 4_000, 3_000],
  ['faster than it is asked', 700, 600],
  ['for a minute at a time', 60_000, 60_000],
] as const) {
  test(`flapping (${what}): an hour of it makes no endless loop of names, records and leftovers`, () => {
    const s = scenario({ bytesPerMs: 2 });
    s.source.put('stable.mov', 150_000);
    s.source.record('live.mxf', 1, 3_000_000);
    for (let passed = 0; passed < hour * 1_000; passed += upMs + downMs) {
      s.destination.setWeather('good');
      s.sim.run(upMs);
      s.destination.setWeather('down');
      s.pass(downMs / 1_000);
    }
    const attempts = s.views('live.mxf').length + s.views('stable.mov').length;
    // A gate that closed three times in a minute needs good answers for longer before it opens again.
    assert.ok(attempts <= 2 * 3 * 61, `${attempts} attempts`);
    const visible = s.names().filter((name) => !name.startsWith('.'));
    assert.ok(visible.length <= 5, visible.join(' '));
    assert.ok(s.sim.journal.records.length < 4_500, `${s.sim.journal.records.length} records`);
    s.destination.setWeather('good');
    s.passUntilCopied(2_000);
    s.passInPeace();
  });
}

test.run();
