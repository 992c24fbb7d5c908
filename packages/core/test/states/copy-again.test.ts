import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { act, refused } from '../operator/asking.ts';
import type { Scene } from '../support/scene.ts';
import { completed, copied, failed, preflight, published, publishing, verified } from '../support/stages.ts';
import { atDestination, entry, fingerprint, hash } from '../support/words.ts';

/** The first attempt failed while it was published. Its recovery is copied as `a_1.mxf`. */
function completedAsRecovery(): Scene {
  const scene = publishing()
    .reports(failed(atDestination('EIO')))
    .online();
  scene.pass(5_000).reports(preflight(scene)).reports(preflight(scene));
  return scene.reports({ kind: 'creating' }).reports(copied()).reports(verified).reports(published);
}

test('copyAgain: a copy that is gone is made again under the same name', () => {
  for (const [given, name] of [
    [completed, 'a.mxf'],
    [completedAsRecovery, 'a_1.mxf'],
  ] as const) {
    const scene = given();
    const { id } = scene.as('COMPLETED');
    act(scene, 'retry').tick();
    assert.is.not(scene.as('IN_QUEUE').id, id);
    scene.reports(preflight(scene));
    assert.is(scene.as('COPYING').destination, name);
    scene.reports({ kind: 'creating' }).reports(copied()).reports(verified).reports(published);
    assert.equal([scene.as('COMPLETED').destination, scene.as('COMPLETED').copied], [name, true]);
  }
});

test('copyAgain: if the same bytes are there, nothing is copied', () => {
  const scene = act(completed(), 'retry').tick();
  scene.reports(preflight(scene, { existingSizeBytes: 5_000 }));
  scene.reports({ kind: 'already_there', hash, readback: 'direct', fingerprint: fingerprint(5_000, 1) });
  assert.equal([scene.as('COMPLETED').destination, scene.as('COMPLETED').copied], ['a.mxf', false]);
});

test('copyAgain: another file that has the name now is not replaced', () => {
  const scene = act(completed(), 'retry').tick();
  scene.reports(preflight(scene, { existingSizeBytes: 4_999 }));
  assert.is(scene.as('IN_QUEUE').destination, 'a_1.mxf');
});

test('copyAgain: a source that has changed since has to settle first', () => {
  const scene = act(completed().sees(entry('a.mxf', 5_000, 2)), 'retry');
  assert.equal([scene.as('DISCOVERED').fingerprint.mtimeNs, scene.route().rechecks.size], ['2', 0]);
});

test('retry: of a copy whose source is gone is refused, until the source is back', () => {
  const scene = completedAsRecovery().lists(['a.mxf']);
  assert.equal(refused(scene, 'retry'), { kind: 'source_gone' });
  assert.is(refused(scene.sees(entry('a.mxf')), 'retry'), null);
});

test.run();
