import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CopyReport } from '../../src/model/copy.ts';
import { routeName } from '../../src/model/ids.ts';
import { refusal } from '../../src/operator/refusal.ts';
import { brokenStories, contradictions } from '../support/consistency.ts';
import { everyReport } from '../support/reports.ts';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import {
  awaitingNetwork,
  close,
  copying,
  failed,
  following,
  inPreflight,
  lastFailed,
  open,
  published,
  publishing,
  ready,
  rested,
  verifying,
} from '../support/stages.ts';
import { atDestination, atSource, clip, entry } from '../support/words.ts';
import { act, ann, onFile, refused, situations } from './asking.ts';

/** Checks that the successor waits for an operator, whatever happens to time and source. */
function staysSkipped(scene: Scene, path = 'a.mxf'): void {
  const { id } = scene.file(path);
  scene.online().pass(60_000).lists().pass(3_600_000).lists();
  assert.equal([scene.file(path).id, scene.hold(path)], [id, 'operator']);
}

test('skip during the verification: the file has no name yet, and gets none', () => {
  const scene = verifying();
  act(scene, 'skip');
  assert.is(lastFailed(scene).error.kind, 'skipped');
  assert.not(scene.last.effects.some(({ kind }) => kind === 'publish'));
  staysSkipped(scene);
});

test('skip after the publish intent: refused, and the file is copied', () => {
  const scene = publishing();
  assert.equal(refused(scene, 'skip'), { kind: 'being_published' });
  scene.send({ kind: 'operator_asked', action: onFile('skip'), who: ann }).reports(published);
  assert.is(scene.file().status, 'COMPLETED');
});

test('skip that races with the end of the copy: the copy stays completed, and the journal says that the request came too late', () => {
  const scene = publishing();
  const skip = onFile('skip');
  scene.reports(published).send({ kind: 'operator_asked', action: skip, who: ann });
  assert.is(scene.file().status, 'COMPLETED');
  assert.equal(scene.last.wrote, ['a.mxf: - refused: skip']);
  const [record] = scene.last.records;
  assert.ok(record?.kind === 'file_fact');
  assert.equal(record.event, { kind: 'refused', action: 'skip', ...ann, why: { kind: 'completed' } });
});

test('skip: two requests have one effect', () => {
  const scene = ready();
  const skip = onFile('skip');
  for (let time = 0; time < 2; time += 1) scene.send({ kind: 'operator_asked', action: skip, who: ann });
  assert.equal(scene.last.wrote, ['a.mxf: - refused: skip']);
  assert.is(scene.hold(), 'operator');
});

test('skip that races with the failure of the copy applies to the attempt that follows', () => {
  const scene = copying();
  const skip = onFile('skip');
  scene.reports(failed(atSource('EIO'), 10)).send({ kind: 'operator_asked', action: skip, who: ann });
  assert.is(scene.hold(), 'operator');
});

test('retry of a file that the agent no longer knows does nothing', () => {
  const scene = ready().lists(['a.mxf']);
  scene.state.routes.get(ingest)?.newest.delete('a.mxf');
  assert.equal(refused(scene, 'retry'), { kind: 'nothing_left' });
  scene.send({ kind: 'operator_asked', action: onFile('retry'), who: ann });
  assert.equal(scene.last.wrote, []);
});

test('skip of a file whose route is no longer configured is refused for that reason', () => {
  const action = { do: 'skip', route: routeName('gone'), source: 'a.mxf' } as const;
  assert.equal(refusal(open().state, action), { kind: 'route_not_configured', route: 'gone' });
});

test('skip of a growing copy: the visible file stays, its name is not used again, and the recording is not changed', () => {
  const scene = following().sees(clip('a.mxf', 4_000, 4));
  act(scene, 'skip');
  assert.equal([lastFailed(scene).left, lastFailed(scene).error.kind], ['a.mxf', 'skipped']);
  scene
    .sees(clip('a.mxf', 5_000, 5))
    .after(2_000)
    .sees(clip('a.mxf', 6_000, 6));
  staysSkipped(scene);
  assert.is(scene.file().destination, 'a_1.mxf');
});

test('skip of a stable copy whose source changed: held at once, not only after it has settled', () => {
  const scene = copying().sees(entry('a.mxf', 6_000, 2));
  act(scene, 'skip');
  assert.is(scene.hold(), 'operator');
  staysSkipped(scene);
});

test('skip of a file that still grows: it is not copied as a recording', () => {
  const scene = open().sees(clip('a.mxf', 1_000));
  act(scene, 'skip');
  for (let size = 2; size < 10; size += 1) scene.after(1_000).sees(clip('a.mxf', size * 1_000, size));
  staysSkipped(scene);
  assert.is(scene.file().fingerprint.sizeBytes, 9_000, 'its size is still updated');
});

test('skip while a failure waits for its probe: it is skipped, whatever the probe says', () => {
  for (const answer of ['online', 'offline'] as const) {
    const scene = copying().reports(failed(atDestination('EIO'), 10));
    assert.is(scene.file().status, 'COPYING');
    act(scene, 'skip');
    scene[answer]();
    assert.equal([lastFailed(scene).error.kind, scene.hold()], ['skipped', 'operator']);
  }
});

test('skip while the agent stops: the copy ends as skipped, and the agent stops', () => {
  const scene = copying().send({ kind: 'stop_requested', by: 'ann', mode: 'graceful' });
  assert.ok(scene.last.asked.includes('withdraw a.mxf'));
  act(scene, 'skip');
  assert.ok(scene.last.asked.includes('stopped'));
  assert.equal(lastFailed(scene).error.kind, 'skipped');
});

const running = ['IN_QUEUE, in preflight', 'COPYING', 'COPYING, comparing', 'GROWING_COPY', 'VERIFYING'] as const;
for (const situation of running) {
  test(`late reports of the carrier of a file that was ${situation} change nothing after a skip`, () => {
    for (const report of everyReport) {
      const scene = situations[situation]();
      const before = scene.file();
      assert.ok('copyId' in before && before.copyId !== null);
      act(scene, 'skip');
      const after = scene.file();
      scene.send({ kind: 'copy_reported', route: ingest, fileId: before.id, copyId: before.copyId, report: report as CopyReport });
      assert.is(scene.file(), after, report.kind);
      assert.equal(scene.last.records, []);
      assert.equal([...contradictions(scene.state), ...brokenStories(scene.journal)], []);
    }
  });
}

/** Failed four times. After one more failure it needs a person. */
function failedOften(): Scene {
  const scene = inPreflight();
  for (let attempt = 1; attempt < 5; attempt += 1) {
    scene.reports(failed(atSource('EACCES')));
    if (attempt < 4) scene.pass(600_000);
  }
  assert.equal([scene.file().countedAttempts, scene.hold()], [4, 'backoff']);
  return scene;
}

test('retry: attempts are counted from zero', () => {
  const scene = failedOften();
  act(scene, 'retry').reports(failed(atSource('EACCES')));
  assert.equal([scene.file().countedAttempts, scene.hold()], [1, 'backoff']);
});

test('retry while offline: attempts are counted from zero, and the file moves at once when the destination is back', () => {
  const scene = close(failedOften());
  assert.is(scene.hold(), 'backoff');
  act(scene, 'retry');
  assert.equal([scene.file().countedAttempts, scene.hold()], [0, 'network']);
  assert.equal(scene.last.asked, ['probe ingest'], 'a probe is sent at once');
  scene.online();
  assert.is(scene.file().status, 'IN_QUEUE');
});

for (const [what, make] of [
  ['in backoff', failedOften],
  ['waiting for the network', awaitingNetwork],
] as const) {
  test(`retry of a file ${what}: a crash right after it does not restore the old count`, () => {
    const scene = close(make());
    act(scene, 'retry').restarts();
    assert.is(scene.file().countedAttempts, 0);
    assert.is('networkTries' in scene.file() ? (scene.file() as { networkTries: number }).networkTries : null, 0);
  });
}

test('retry of a file that waits for the network: its pause ends', () => {
  const away = failed(atDestination('EHOSTDOWN'));
  const scene = awaitingNetwork().online().reports(away);
  assert.ok(scene.as('WAITING_FOR_NETWORK').retryAt > scene.wall());
  scene.online();
  assert.is(scene.file().status, 'WAITING_FOR_NETWORK');
  act(scene, 'retry').online();
  assert.is(scene.file().status, 'IN_QUEUE');
});

test('retry of a skipped file whose source changed meanwhile: it has to settle again', () => {
  const scene = rested(open(), entry('a.mxf'));
  act(scene, 'skip');
  scene.after(60_000).sees(entry('a.mxf', 9_000, 9));
  act(scene, 'retry');
  assert.is(scene.file().status, 'DISCOVERED');
  scene.after(4_999).lists();
  assert.is(scene.file().status, 'DISCOVERED');
  scene.after(1).lists();
  assert.is(scene.file().status, 'IN_QUEUE');
  assert.is(scene.file().fingerprint.sizeBytes, 9_000);
});

test('retry of a skipped file that has not changed: copied after the next check', () => {
  const scene = rested(open(), entry('a.mxf'));
  act(scene, 'skip');
  act(scene.after(60_000), 'retry').pass(1);
  assert.equal(scene.last.asked, ['check a.mxf']);
  scene.checks({ present: ['a.mxf'] });
  assert.is(scene.file().status, 'IN_QUEUE');
});

test('retry of a thousand files: one probe, and all of them move', () => {
  const paths = Array.from({ length: 1_000 }, (_, index) => `${index}.bin`);
  const scene = rested(open({ lanes: 1 }), ...paths.map((path) => entry(path)));
  for (const path of paths) act(scene, 'skip', path);
  assert.is(scene.route().byStatus.READY.size, 1_000);
  assert.is(scene.route().movable.size, 0);
  let probes = 0;
  for (const path of paths) {
    act(scene, 'retry', path);
    probes += scene.last.asked.filter((line) => line === 'probe ingest').length;
  }
  assert.is(probes, 1);
  scene.after(5_000).lists();
  assert.is(scene.route().movable.size + scene.route().byStatus.IN_QUEUE.size, 1_000);
  assert.equal(contradictions(scene.state), []);
});

test.run();
