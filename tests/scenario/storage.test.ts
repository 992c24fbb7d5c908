import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { scenario } from './support/scenario.ts';

test('silence: no answer for longer than the deadline is an outage', () => {
  const s = scenario();
  s.source.put('clip.mxf', 100_000);
  s.passUntil('it is being carried', () => (s.newest('clip.mxf')?.percent ?? 0) > 20, 60);
  s.destination.setWeather('silent');
  const seconds = s.passUntil('the gate closes', () => s.gate().state === 'closed', 30);
  assert.ok(seconds >= 10 && seconds <= 15, `${seconds} s`);
  assert.is(s.gate().cause, 'timeout');
  s.pass(1);
  assert.equal(
    s.sim.fakeRoutes.map(({ route }) => s.sim.environment().crew(route).carrier.inHand()),
    [[]],
    'nobody copies into a closed gate',
  );
  assert.is(s.views('clip.mxf')[0]?.error?.kind, 'network_interruption');
});

test('slow storage: every call takes seconds, and the probe as long as its deadline, without an outage', () => {
  const s = scenario({ bytesPerMs: 40 });
  s.source.put('clip.mxf', 100_000);
  s.passUntil('it is being carried', () => s.newest('clip.mxf')?.status === 'COPYING', 60);
  s.destination.setLatency(9_500);
  s.passUntilCopied(1_200);
  assert.equal(s.story('clip.mxf'), ['COMPLETED clip.mxf']);
});

test('slow storage: the time lost by waiting is bounded: one call that never returns ends its copy, and no other', () => {
  const s = scenario({ bytesPerMs: 1 });
  s.source.put('hangs.mxf', 20_000);
  s.passUntil('it is being carried', () => s.newest('hangs.mxf')?.status === 'COPYING', 60);
  s.destination.hangNext('write');
  s.pass(1);
  s.source.put('other.mxf', 100_000);
  const seconds = s.passUntil('it is given up', () => s.views('hangs.mxf').length > 1, 200);
  assert.ok(seconds >= 110 && seconds <= 135, `${seconds} s`);
  assert.equal([s.views('hangs.mxf')[0]?.error?.kind, s.views('hangs.mxf')[0]?.error?.code], ['destination_error', 'SILENT']);
  assert.is(s.gate().state, 'open');
  s.passUntilCopied(200);
  assert.equal(s.story('other.mxf'), ['COMPLETED other.mxf']);
});

for (const [marker, finding] of [
  ['another', 'marker_differs'],
  [null, 'marker_missing'],
] as const) {
  test(`${finding}: it is not the destination; after adopt, what is missing there is copied again`, () => {
    const s = scenario();
    s.source.put('a.mxf', 10_000);
    s.source.put('b.mxf', 20_000);
    s.passUntilCopied(60);
    s.destination.setMarker(marker);
    s.passUntil('the gate closes', () => s.gate().state === 'closed', 10);
    assert.is(s.gate().cause, 'not_the_destination');
    const route = routeName('sim');
    s.witness.disks.takeAway(s.destination, 'a.mxf');
    s.sim.ask({ do: 'adopt', route });
    s.sim.ask({ do: 'retry', route, source: 'a.mxf' });
    assert.ok(s.sim.runUntil(() => s.destination.has('a.mxf') && s.newest('a.mxf')?.status === 'COMPLETED', 60_000));
    s.pass(10);
    assert.equal(s.names(), ['a.mxf', 'b.mxf']);
    assert.is(s.gate().state, 'open');
  });
}

test('an empty disk is adopted, and the old one comes back: it is another disk, and nothing is written to it', () => {
  const s = scenario();
  s.source.put('a.mxf', 10_000);
  s.passUntilCopied(60);
  const old = s.destination.disk();
  s.witness.disks.exchange(s.destination, { marker: null, isSameMount: false });
  s.passUntil('the gate closes', () => s.gate().cause === 'not_the_destination', 10);
  s.sim.ask({ do: 'adopt', route: routeName('sim') });
  s.passUntil('the gate opens', () => s.gate().state === 'open', 10);
  s.source.put('b.mxf', 10_000);
  s.passUntilCopied(60);
  assert.equal(s.names(), ['b.mxf'], 'what was copied is copied again only where somebody asks for it');
  s.witness.disks.exchange(s.destination, { to: 0 });
  s.source.put('c.mxf', 10_000);
  s.passUntil('the gate closes', () => s.gate().cause === 'not_the_destination', 10);
  s.pass(600);
  assert.equal(old.names(), ['a.mxf']);
});

test('all copies are removed by hand: files copied later are there, and the removed ones after a request', () => {
  const s = scenario();
  s.source.put('a.mxf', 10_000);
  s.passUntilCopied(60);
  s.witness.empty(s.destination);
  s.source.put('b.mxf', 10_000);
  s.passUntilCopied(60);
  s.pass(600);
  assert.equal([s.names(), s.gate().state], [['b.mxf'], 'open']);
  s.sim.ask({ do: 'retry', route: routeName('sim'), source: 'a.mxf' });
  s.passUntil('it is copied again', () => s.destination.has('a.mxf'), 60);
  s.passInPeace();
});

test('another disk in its place: nothing is written to it', () => {
  const s = scenario();
  s.source.put('clip.mxf', 100_000);
  s.passUntil('it is being carried', () => (s.newest('clip.mxf')?.percent ?? 0) > 20, 60);
  s.destination.setWeather('wrong_disk');
  s.pass(600);
  assert.is(s.gate().cause, 'not_the_destination');
  assert.equal(s.story('clip.mxf'), ['FAILED network_interruption clip.mxf', 'READY network clip_1.mxf']);
  s.destination.setWeather('good');
  s.passUntilCopied(60);
  s.passInPeace();
});

test('publishing: a destination that goes offline between the verification and the name is probed for the result; nothing fails', () => {
  for (const weather of ['silent', 'down'] as const) {
    const s = scenario();
    s.source.put('clip.mxf', 50_000);
    s.passUntil('it is proven', () => s.newest('clip.mxf')?.status === 'VERIFYING', 60);
    s.passUntil(
      'the intent is journaled',
      () => s.sim.journal.records.some((record) => record.kind === 'file_fact' && record.event.kind === 'publish'),
      5,
    );
    s.destination.setWeather(weather);
    s.pass(300);
    s.destination.setWeather('good');
    s.passUntilCopied(60);
    assert.equal(s.names(), ['clip.mxf'], weather);
    s.passInPeace();
  }
});

test('links are refused: names are claimed, and no half file is ever visible under one', () => {
  const s = scenario();
  s.destination.setLinks(true);
  s.source.put('a.mxf', 50_000);
  s.source.put('b.mxf', 50_000);
  s.passUntilCopied(60);
  assert.equal(s.names(), ['a.mxf', 'b.mxf']);
  s.passInPeace();
});

test('uncached reads are refused: a new process reads back after a good probe', () => {
  const s = scenario();
  s.destination.setDirect(true);
  s.source.put('clip.mxf', 50_000);
  s.passUntilCopied(60);
  assert.is(s.last('clip.mxf').readback, 'cached');
});

test.run();
