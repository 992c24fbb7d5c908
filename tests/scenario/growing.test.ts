import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Scenario, scenario } from './support/scenario.ts';

const eight = Array.from({ length: 8 }, (_, index) => `camera${index + 1}.mxf`);

function allAre(s: Scenario, status: string): boolean {
  return eight.every((name) => s.newest(name)?.status === status);
}

test('growing: a recording is followed, and its rewritten header is at the destination at the end', () => {
  const s = scenario();
  s.source.record('clip.mxf', 5, 30_000);
  s.passUntil('it is followed', () => s.newest('clip.mxf')?.status === 'GROWING_COPY', 20);
  assert.is(s.last('clip.mxf').phase, 'following');
  s.pass(5);
  assert.match(s.destination.content('clip.mxf')?.stamp ?? '', /:open:partial$/);
  s.pass(30);
  s.passUntilCopied(60);
  assert.match(s.destination.content('clip.mxf')?.stamp ?? '', /:closed$/);
  assert.equal(s.destination.content('clip.mxf'), s.source.content('clip.mxf'));
});

for (const [what, isRefused] of [
  ['past the cache', false],
  ['by a fresh process', true],
] as const) {
  test(`growing: a header that is rewritten while it is read back ${what} is settled again`, () => {
    const s = scenario();
    s.destination.setDirect(isRefused);
    s.source.record('clip.mxf', 5, 20_000);
    s.passUntil('it is read back', () => s.newest('clip.mxf')?.status === 'VERIFYING', 60);
    s.source.rewrite('clip.mxf', 99_000);
    s.passUntilCopied(60);
    assert.equal(s.story('clip.mxf'), ['COMPLETED clip.mxf']);
    assert.equal(s.destination.content('clip.mxf'), s.source.content('clip.mxf'));
  });
}

test('growing: a stable copy whose source continues to grow is followed to its end', () => {
  const s = scenario({ bytesPerMs: 2 });
  s.source.put('clip.mxf', 50_000);
  s.passUntil('it is being carried', () => s.newest('clip.mxf')?.status === 'COPYING', 30);
  s.source.rewrite('clip.mxf', 80_000);
  s.passUntilCopied(120);
  assert.equal(s.story('clip.mxf'), ['COMPLETED clip.mxf']);
  assert.equal(s.destination.content('clip.mxf'), s.source.content('clip.mxf'));
});

test('eight growing: all are followed at once', () => {
  const s = scenario();
  for (const name of eight) s.source.record(name, 4, 120_000);
  s.passUntil('all are followed', () => allAre(s, 'GROWING_COPY'), 20);
  s.passUntilCopied(200);
  assert.equal(s.names(), eight);
});

for (const weather of ['down', 'silent'] as const) {
  test(`eight growing: an outage (${weather}) fails all of them at once, and all are discovered again and copied`, () => {
    const s = scenario();
    for (const name of eight) s.source.record(name, 4, 300_000);
    s.passUntil('all are followed', () => allAre(s, 'GROWING_COPY'), 20);
    s.pass(20);
    s.destination.setWeather(weather);
    s.passUntil('all failed', () => allAre(s, 'READY'), 20);
    const endings = new Set(eight.map((name) => s.views(name)[0]?.endedAt));
    assert.is(endings.size, 1, 'in one batch');
    for (const name of eight) {
      assert.equal(s.story(name), [`FAILED network_interruption ${name}`, `READY network ${name.replace('.', '_1.')}`]);
      assert.is(s.last(name).growing, true);
    }
    s.pass(120);
    s.destination.setWeather('good');
    const seconds = s.passUntil('all are followed again', () => allAre(s, 'GROWING_COPY'), 30);
    assert.ok(seconds <= 5, `${seconds} s`);
    s.passUntilCopied(400);
    for (const name of eight) assert.equal(s.destination.content(name.replace('.', '_1.')), s.source.content(name));
    s.passInPeace();
    assert.is(s.names().length, 16);
  });
}

test('eight growing: if the outage ends after the recordings, each is copied once, as a stable file', () => {
  const s = scenario();
  for (const name of eight) s.source.record(name, 4, 40_000);
  s.passUntil('all are followed', () => allAre(s, 'GROWING_COPY'), 20);
  s.destination.setWeather('down');
  s.pass(300);
  s.destination.setWeather('good');
  s.passUntilCopied(120);
  for (const name of eight) {
    assert.is(s.last(name).status, 'COMPLETED');
    assert.is(s.last(name).growing, false);
  }
  s.passInPeace();
});

test.run();
