import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { scenario } from './support/scenario.ts';

test('max_attempts: a file that the destination refuses repeatedly needs you, and is still retried', () => {
  const s = scenario({ route: { maxAttempts: 3 } });
  s.destination.refuse('clip.mxf', 'EACCES');
  for (let n = 1; n <= 40; n += 1) s.destination.refuse(`clip_${n}.mxf`, 'EACCES');
  s.source.put('clip.mxf', 10_000);
  s.source.put('other.mxf', 10_000);
  s.pass(120);
  assert.equal(
    s.views('clip.mxf').map(({ status, error, hold }) => error?.kind ?? hold ?? status),
    ['destination_denied', 'destination_denied', 'destination_denied', 'needs_you'],
  );
  assert.equal(s.story('other.mxf'), ['COMPLETED other.mxf']);
  assert.is(s.sim.environment().attention.length, 1);
  s.pass(3_600);
  const attempts = s.views('clip.mxf').length;
  assert.ok(attempts >= 8 && attempts <= 11, `${attempts} attempts`);
  assert.is(s.last('clip.mxf').hold, 'needs_you');
  s.destination.refuse('clip.mxf', null);
  for (let n = 1; n <= 40; n += 1) s.destination.refuse(`clip_${n}.mxf`, null);
  s.passUntilCopied(700);
  s.passInPeace();
  assert.is(s.names().length, 2);
});

test('max_attempts: outages never count', () => {
  const s = scenario({ bytesPerMs: 5, route: { maxAttempts: 2 } });
  s.source.put('clip.mxf', 100_000);
  for (let outage = 0; outage < 6; outage += 1) {
    s.passUntil('it is being carried', () => (s.newest('clip.mxf')?.percent ?? 0) > 20, 60);
    s.destination.setWeather('down');
    s.pass(90);
    assert.is(s.last('clip.mxf').hold, 'network');
    s.destination.setWeather('good');
  }
  s.passUntil('it is being carried', () => s.newest('clip.mxf')?.status === 'COPYING', 60);
  const { destination } = s.last('clip.mxf');
  s.destination.refuse(destination, 'EACCES');
  s.passUntil('it failed', () => s.newest('clip.mxf')?.status === 'READY', 60);
  assert.is(s.last('clip.mxf').hold, 'backoff', 'the first failure that counts');
  s.destination.refuse(destination, null);
  s.passUntilCopied(60);
});

test('max_attempts: a file that was replaced is counted from the start', () => {
  const s = scenario({ route: { maxAttempts: 2 } });
  s.source.refuse('clip.mxf', 'EIO');
  s.source.put('clip.mxf', 10_000);
  s.pass(60);
  assert.is(s.last('clip.mxf').hold, 'needs_you');
  s.source.refuse('clip.mxf', null);
  s.source.remove('clip.mxf');
  s.pass(30);
  s.source.put('clip.mxf', 20_000);
  s.passUntilCopied(30);
});

test('an agent that is repeatedly killed while it copies needs you in the end, and all records are still right', () => {
  const s = scenario({ bytesPerMs: 5 });
  s.source.put('clip.mxf', 100_000);
  for (let kill = 0; kill < 5; kill += 1) {
    s.passUntil('it is being carried', () => (s.newest('clip.mxf')?.percent ?? 0) > 20, 60);
    s.sim.crash();
    s.pass(1);
  }
  assert.is(s.last('clip.mxf').hold, 'needs_you');
  assert.equal(
    [
      ...new Set(
        s
          .views('clip.mxf')
          .slice(0, -1)
          .map(({ error }) => error?.kind),
      ),
    ],
    ['agent_stopped'],
  );
  s.passUntilCopied(700);
  s.passInPeace();
});

test.run();
