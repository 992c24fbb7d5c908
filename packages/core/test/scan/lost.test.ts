import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { viewRoute } from '../../src/snapshot/route-view.ts';
import { act, ask } from '../operator/asking.ts';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import { awaitingSpace, copying, failed, inPreflight, ready, shut } from '../support/stages.ts';
import { atDestination, atSource, entry } from '../support/words.ts';

const lostOf = (scene: Scene) => viewRoute(scene.state, scene.route()).lost;

test('lost: a file that had settled and vanishes before it is copied is reported, also after a restart', () => {
  for (const given of [ready, awaitingSpace]) {
    const scene = given().lists(['a.mxf']);
    assert.is(scene.file().status, 'REMOVED');
    assert.equal(lostOf(scene), { count: 1, source: 'a.mxf' });
    assert.is(scene.route().lostNow.size, 1);
    scene.restarts();
    assert.equal([lostOf(scene), scene.route().lostNow.size], [{ count: 1, source: 'a.mxf' }, 0]);
  }
});

test('lost: a copy that fails after its source was removed', () => {
  const scene = copying().lists(['a.mxf']);
  scene.reports(failed(atDestination('EIO'))).online();
  assert.equal([scene.file().status, lostOf(scene)?.count], ['FAILED', 1]);
});

test('lost: not a file that never came to rest, was skipped, or has another path now', () => {
  const growing = shut().sees(entry('a.mxf')).lists(['a.mxf']);
  const skipped = act(ready(), 'skip').lists(['a.mxf']);
  const renamed = ready().after(1).sees(entry('b.mxf')).lists(['a.mxf']);
  for (const scene of [growing, skipped, renamed]) assert.equal([scene.file().status, lostOf(scene)], ['REMOVED', null]);
});

test('lost: a file of the same size and time that was there before is another file', () => {
  const scene = ready();
  scene
    .sees(entry('b.mxf', 5_000, 2))
    .after(5_000)
    .sees(entry('c.mxf', 5_000, 2))
    .after(5_000)
    .lists(['c.mxf']);
  assert.is(scene.file('c.mxf').status, 'REMOVED');
  assert.is(lostOf(scene.after(5_000).lists(['a.mxf']))?.source, 'a.mxf');
});

test('lost: acknowledged one by one or all at once it is no longer reported, also after a restart', () => {
  const one = act(ready().lists(['a.mxf']), 'acknowledge');
  const all = ask(ready().lists(['a.mxf']), { do: 'acknowledge', route: ingest });
  for (const scene of [one, all]) {
    assert.equal([lostOf(scene), scene.route().lostNow.size], [null, 0]);
    assert.is(lostOf(scene.restarts()), null);
  }
});

test('lost: it is reported for a day, whatever the wall clock is set to meanwhile', () => {
  for (const days of [200, -200]) {
    const scene = ready()
      .lists(['a.mxf'])
      .clockJumps(days * 86_400_000)
      .tick();
    assert.is(lostOf(scene)?.count, 1);
    assert.is(lostOf(scene.after(86_399_000).tick())?.count, 1);
    assert.is(lostOf(scene.after(2_000).tick()), null);
  }
});

test('lost: it is reported for a day', () => {
  const scene = ready().lists(['a.mxf']);
  assert.is(lostOf(scene.after(86_399_000).tick())?.count, 1);
  assert.is(lostOf(scene.after(2_000).tick()), null);
});

test('lost: a file that is found again is not lost', () => {
  assert.is(lostOf(ready().lists(['a.mxf']).sees(entry('a.mxf'))), null);
});

test('a source that is not found when it is to be copied does not fail: a scan decides that it was removed', () => {
  const scene = inPreflight().reports(failed(atSource('ENOENT')));
  assert.equal([scene.as('READY').hold, scene.as('READY').attempt, scene.as('READY').countedAttempts], ['backoff', 1, 0]);
  assert.is(scene.lists(['a.mxf']).file().status, 'REMOVED');
  assert.is(lostOf(scene)?.count, 1);
  assert.not.ok(scene.journal.some((record) => record.kind === 'transition' && record.to === 'FAILED'));
});

test.run();
