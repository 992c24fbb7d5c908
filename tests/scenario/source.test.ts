import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Scenario, scenario } from './support/scenario.ts';

/** Three files wait, and one is copied. */
function waiting(): Scenario {
  const s = scenario();
  s.source.put('done.mxf', 10_000);
  s.passUntilCopied(60);
  s.destination.setWeather('down');
  for (const name of ['a.mxf', 'b.mxf', 'c.mxf']) s.source.put(name, 10_000);
  s.pass(30);
  return s;
}

function sourceState(s: Scenario): string | undefined {
  return [...s.sim.loop().state.routes.values()][0]?.source.state;
}

for (const [weather, state] of [
  ['missing', 'missing'],
  ['empty', 'suddenly_empty'],
  ['unreadable', 'unreadable'],
  ['silent', 'silent'],
] as const) {
  test(`source ${state}: nothing is removed, it is reported, and copying resumes by itself`, () => {
    const s = waiting();
    s.source.setWeather(weather);
    s.pass(600);
    assert.is(sourceState(s), state);
    for (const name of ['a.mxf', 'b.mxf', 'c.mxf']) assert.equal(s.story(name), [`READY network ${name}`]);
    assert.equal(s.story('done.mxf'), ['COMPLETED done.mxf']);
    s.source.setWeather('good');
    s.pass(30);
    assert.is(sourceState(s), 'ok');
    s.destination.setWeather('good');
    s.passUntilCopied(60);
    assert.equal(s.names(), ['a.mxf', 'b.mxf', 'c.mxf', 'done.mxf']);
  });
}

for (const weather of ['missing', 'empty'] as const) {
  test(`source ${weather}: no conclusion is drawn, even after a restart of the agent or its intake`, () => {
    const s = waiting();
    s.source.setWeather(weather);
    s.sim.crash();
    s.pass(60);
    s.sim.fakeRoutes.forEach(({ route }) => s.sim.environment().crew(route).intake.crash());
    s.pass(60);
    for (const name of ['a.mxf', 'b.mxf', 'c.mxf']) assert.equal(s.story(name), [`READY network ${name}`]);
    s.source.setWeather('good');
    s.pass(30);
    assert.is(sourceState(s), 'ok');
  });
}

test('source emptied while no agent ran: after an operator confirms it, files that were not copied count as lost', () => {
  const s = waiting();
  for (const name of ['a.mxf', 'b.mxf', 'c.mxf', 'done.mxf']) s.source.remove(name);
  s.sim.crash();
  s.pass(60);
  assert.is(sourceState(s), 'suddenly_empty');
  s.sim.ask({ do: 'rescan', route: s.sim.fakeRoutes[0]?.route as never });
  s.pass(60);
  for (const name of ['a.mxf', 'b.mxf', 'c.mxf']) assert.equal(s.story(name), [`REMOVED ${name}`]);
  assert.is(sourceState(s), 'ok');
});

for (const when of ['before it was noticed', 'when that was known'] as const) {
  test(`a rescan of a source that is silent, asked for ${when}, does not report the files that are there when the source answers`, () => {
    const s = waiting();
    s.source.setWeather('silent');
    s.sim.crash();
    if (when === 'when that was known') s.passUntil('it is known', () => sourceState(s) === 'silent', 60);
    s.sim.ask({ do: 'rescan', route: s.sim.fakeRoutes[0]?.route as never });
    s.pass(60);
    s.source.setWeather('empty');
    s.pass(60);
    assert.is(sourceState(s), 'suddenly_empty');
    for (const name of ['a.mxf', 'b.mxf', 'c.mxf']) assert.equal(s.story(name), [`READY network ${name}`]);
  });
}

test('a source file removed while it is being copied is copied to its end', () => {
  const s = scenario({ bytesPerMs: 5 });
  s.source.put('clip.mxf', 100_000);
  s.passUntil('it is being carried', () => (s.newest('clip.mxf')?.percent ?? 0) > 20, 60);
  s.source.remove('clip.mxf');
  s.passUntil('it is carried', () => s.newest('clip.mxf')?.status === 'COMPLETED', 60);
  assert.is(s.last('clip.mxf').sourceGone, true);
  assert.is(s.destination.content('clip.mxf')?.sizeBytes, 100_000);
  s.pass(600);
});

test('a source file replaced while it is being copied: the copy fails, and the new file is copied', () => {
  const s = scenario({ bytesPerMs: 5 });
  s.source.put('clip.mxf', 100_000);
  s.passUntil('it is being carried', () => (s.newest('clip.mxf')?.percent ?? 0) > 20, 60);
  s.source.put('clip.mxf', 30_000);
  s.passUntilCopied(120);
  assert.is(s.views('clip.mxf')[0]?.error?.kind, 'source_changed');
  s.passInPeace();
});

test('a source file replaced while its copy gets its name is found, and copied too', () => {
  const s = scenario();
  s.destination.setLatency(400);
  s.source.put('clip.mxf', 30_000);
  const isPublishing = (): boolean =>
    [...s.sim.loop().state.files.values()].some((file) => file.status === 'VERIFYING' && file.publishing.step !== 'none');
  s.passUntil('it gets its name', isPublishing, 60);
  s.source.put('clip.mxf', 40_000);
  s.passUntilCopied(120);
  assert.equal(s.story('clip.mxf'), ['COMPLETED clip.mxf', 'COMPLETED clip_1.mxf']);
});

test('a source file with other bytes of the same size is copied again', () => {
  const s = scenario();
  s.source.put('clip.mxf', 30_000);
  s.passUntilCopied(60);
  s.source.rewrite('clip.mxf', 30_000);
  s.passUntilCopied(60);
  assert.equal(s.story('clip.mxf'), ['COMPLETED clip.mxf', 'COMPLETED clip_1.mxf']);
  assert.equal(s.destination.content('clip_1.mxf'), s.source.content('clip.mxf'));
});

test('a touched source file is not copied again', () => {
  const s = scenario();
  s.source.put('clip.mxf', 30_000);
  s.passUntilCopied(60);
  s.source.touch('clip.mxf');
  s.passUntilCopied(60);
  assert.equal(s.story('clip.mxf'), ['COMPLETED clip.mxf']);
  s.passInPeace();
});

test.run();
