import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { restMs } from '../../src/policy/growth.ts';
import { viewFile } from '../../src/snapshot/file-view.ts';
import { viewRoute } from '../../src/snapshot/route-view.ts';
import type { Scene } from '../support/scene.ts';
import { completed, copied, preflight, published, verified } from '../support/stages.ts';
import { entry, fingerprint } from '../support/words.ts';

const day = 86_400_000;

/** The file was seen to change and comes to rest. Nothing happens before `after`; then it is copied. */
function copiesAfter(scene: Scene, after: number, sizeBytes: number, mtime = sizeBytes): Scene {
  scene.after(after - 1).lists();
  assert.is(scene.file().status, 'DISCOVERED', `it has not settled before ${after} ms`);
  scene.after(1).lists();
  scene.reports(preflight(scene, { sourceFingerprint: fingerprint(sizeBytes, mtime) })).reports(copied(sizeBytes, mtime));
  return scene.reports(verified).reports(published);
}

const goesOn = (scene: Scene, sizeBytes: number): Scene => scene.sees(entry('a.mxf', sizeBytes, sizeBytes));
const pausing = (scene: Scene) => viewRoute(scene.state, scene.route()).pausing;

test('restMs: doubles up to stuck_after, and is never less than stable_after', () => {
  const settings = { stableAfterMs: 5_000, stuckAfterMs: 60_000 };
  assert.equal(
    [undefined, 0, 1, 2, 3, 4, 5, 5_000].map((pauses) => restMs(settings, pauses)),
    [5_000, 5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000],
  );
  assert.is(restMs({ stableAfterMs: 5_000, stuckAfterMs: 1_000 }, 3), 5_000);
});

test('pauses: a path that changes soon after its copy has to rest twice as long each time', () => {
  const scene = completed();
  copiesAfter(goesOn(scene, 6_000), 10_000, 6_000);
  copiesAfter(goesOn(scene, 7_000), 20_000, 7_000);
  assert.is(scene.as('COMPLETED').pauses, 2);
});

test('pauses: the superseded copy names the tracked file of the new content', () => {
  const scene = completed();
  const { id } = scene.file();
  goesOn(scene, 6_000);
  const superseded = scene.journal.find((record) => record.kind === 'file_fact' && record.event.kind === 'superseded');
  assert.ok(superseded?.kind === 'file_fact' && superseded.file.id === id);
  assert.is(viewFile(superseded.file, true).supersededBy, scene.file().id);
  assert.not('supersededBy' in viewFile(scene.file(), true));
});

test('pauses: from the second on it is recorded, each time their number has doubled, and reported for a day', () => {
  const scene = completed();
  copiesAfter(goesOn(scene, 6_000), 10_000, 6_000);
  assert.is(pausing(scene), null);
  copiesAfter(goesOn(scene, 7_000), 20_000, 7_000);
  assert.equal(pausing(scene), { count: 1, source: 'a.mxf', times: 2, stableAfterMs: 5_000, restMs: 20_000 });
  copiesAfter(goesOn(scene, 8_000), 40_000, 8_000);
  copiesAfter(goesOn(scene, 9_000), 80_000, 9_000);
  const noted = scene.journal.flatMap((record) => (record.kind === 'file_fact' && record.event.kind === 'paused' ? record.event : []));
  assert.equal(
    noted.map(({ times, restMs: rest }) => [times, rest]),
    [
      [2, 20_000],
      [4, 80_000],
    ],
  );
  scene.restarts();
  assert.is(pausing(scene)?.times, 4, 'and after a restart');
  assert.is(pausing(scene.after(day).tick()), null);
});

test('pauses: a change long after the copy is a new version, not a pause', () => {
  const scene = completed();
  const { stuckAfterMs } = scene.route().settings;
  copiesAfter(goesOn(scene, 6_000), 10_000, 6_000);
  copiesAfter(goesOn(scene.after(stuckAfterMs), 7_000), 5_000, 7_000);
  assert.is(scene.file().pauses, undefined);
});

test.run();
