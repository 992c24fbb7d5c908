import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Scenario, scenario } from './support/scenario.ts';

/** A copy of 100,000 bytes that has run for a while when the destination fails. */
function failing(options: { readonly weather?: 'down' | 'silent'; readonly reportsLate?: boolean } = {}): Scenario {
  const s = scenario({ bytesPerMs: 5, reportsLate: options.reportsLate ?? false });
  s.source.put('clip.mxf', 100_000);
  s.passUntil('half of it is there', () => (s.newest('clip.mxf')?.percent ?? 0) >= 45, 60);
  s.destination.setWeather(options.weather ?? 'down');
  s.passUntil('it failed', () => s.views('clip.mxf')[0]?.status === 'FAILED', 30);
  return s;
}

test('failure: an outage fails the running copy cleanly, with kind, code, percentage and two sentences', () => {
  const s = failing();
  const [failed] = s.views('clip.mxf');
  if (failed?.error === null || failed?.error === undefined) throw new Error('it has no error');
  assert.is(failed.error.kind, 'network_interruption');
  assert.is(failed.error.code, 'EIO');
  assert.is(failed.error.percent, failed.percent);
  assert.match(String(failed.percent), /^4\d(\.\d)?$/);
  assert.is(failed.percent, Math.floor(failed.copiedBytes / 100) / 10);
  const part = s.names().find((name) => name.startsWith('.clip.mxf.') && name.endsWith('.part')) ?? '';
  assert.is(s.destination.content(part)?.sizeBytes, failed.copiedBytes);
  assert.match(failed.error.operator, /^the destination went offline, at 4[\d.]+%; a new copy \(clip_1\.mxf\) starts when/);
  assert.match(failed.error.technical, /EIO/);
  assert.is.not(failed.endedAt, null);
});

test('failure: the percentage has one decimal, and counts synced bytes', () => {
  const s = scenario({ bytesPerMs: 3 });
  s.source.put('clip.mxf', 70_001);
  s.passUntil('some of it is there', () => (s.newest('clip.mxf')?.copiedBytes ?? 0) > 20_000, 60);
  s.destination.setWeather('down');
  s.pass(15);
  const [failed] = s.views('clip.mxf');
  assert.is(failed?.error?.percent, Math.floor(((failed?.copiedBytes ?? 0) / 70_001) * 1_000) / 10);
  assert.is.not(failed?.error?.percent, Math.floor(failed?.error?.percent ?? 0));
});

test('failure: the source is discovered again at once with a new id, linked both ways', () => {
  const s = failing();
  const [failed, again, ...others] = s.views('clip.mxf');
  assert.equal(others, []);
  assert.is.not(again?.id, failed?.id);
  assert.is(again?.recoveryOf, failed?.id);
  assert.is(failed?.recoveredBy, again?.id);
  assert.is(again?.attempt, 2);
  assert.is(again?.discoveredAt, failed?.endedAt);
  assert.equal(s.story('clip.mxf'), ['FAILED network_interruption clip.mxf', 'READY network clip_1.mxf']);
});

test('failure: the recovery copies from the beginning, and the links stay', () => {
  const s = failing();
  s.destination.setWeather('good');
  s.passUntil('it begins', () => s.newest('clip.mxf')?.status === 'COPYING', 10);
  assert.ok(s.last('clip.mxf').percent < 5);
  s.passUntilCopied(60);
  const [failed, done] = s.views('clip.mxf');
  assert.is(done?.recoveryOf, failed?.id);
  assert.is(failed?.recoveredBy, done?.id);
  assert.is(done?.copied, true);
  assert.equal(s.names(), ['clip_1.mxf']);
});

test('failure: every attempt of many outages has its own id, and names the one before it', () => {
  const s = failing();
  for (let outage = 1; outage <= 4; outage += 1) {
    s.destination.setWeather('good');
    s.passUntil('it runs again', () => (s.newest('clip.mxf')?.percent ?? 0) > 20, 60);
    s.destination.setWeather('down');
    s.passUntil('it failed again', () => s.newest('clip.mxf')?.status === 'READY', 30);
    s.pass(60);
  }
  s.destination.setWeather('good');
  s.passUntilCopied(60);
  const views = s.views('clip.mxf');
  assert.is(new Set(views.map(({ id }) => id)).size, 6);
  views.forEach((view, index) => assert.is(view.recoveryOf, views[index - 1]?.id ?? null));
  // Hidden parts have no name, so the first free one stays free until it is really used.
  assert.equal(s.names(), ['clip_1.mxf']);
  s.passInPeace();
});

test('failure: late reports of an abandoned carrier never affect the new attempt', () => {
  const s = failing({ weather: 'silent', reportsLate: true });
  const before = s.last('clip.mxf');
  s.pass(30);
  assert.equal(s.last('clip.mxf'), before);
  assert.is(s.views('clip.mxf')[0]?.status, 'FAILED');
  s.destination.setWeather('good');
  s.passUntilCopied(60);
  assert.equal(s.story('clip.mxf'), ['FAILED network_interruption clip.mxf', 'COMPLETED clip_1.mxf']);
  s.passInPeace();
  assert.equal(s.names(), ['clip_1.mxf']);
});

test('failure: a call that completes after its copy was abandoned leaves nothing behind', () => {
  const s = scenario();
  s.source.put('clip.mxf', 50_000);
  s.passUntil('the order is given', () => s.newest('clip.mxf')?.status === 'IN_QUEUE', 10);
  s.destination.hangNext('create');
  s.passUntil('it is given up', () => s.views('clip.mxf').length > 1, 200);
  assert.equal(s.story('clip.mxf')[0], 'FAILED destination_error clip.mxf');
  s.passUntilCopied(60);
  assert.equal(s.names(), ['clip_1.mxf']);
  s.destination.letGo();
  assert.is(s.names().length, 2, 'the late create made its part');
  s.passInPeace();
  assert.equal(s.names(), ['clip_1.mxf']);
});

test.run();
