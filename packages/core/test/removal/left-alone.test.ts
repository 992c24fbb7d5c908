import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { waitOf } from '../../src/removal/waits.ts';
import { ask } from '../operator/asking.ts';
import type { Scene } from '../support/scene.ts';
import { archive, ingest } from '../support/settings.ts';
import { completed, copied, open, preflight, published, verified } from '../support/stages.ts';
import { entry } from '../support/words.ts';

/** A file was copied by one route. The rules of the other one, which reads the same folder, leave it alone. */
function leftAlone(afterCopy: 'keep' | 'delete' = 'keep'): Scene {
  const scene = open({ twoRoutes: true, route: { afterCopy, afterCopyWaitMs: 0 } }).online({}, archive);
  for (const route of [ingest, archive]) {
    const source = { code: null, unreadPath: null, freeBytes: null, cacheMs: 0, description: null };
    scene.send({ kind: 'source_state', route, state: 'ok', ...source });
  }
  scene.send({ kind: 'entries_seen', route: ingest, entries: [entry('a.mxf')] });
  scene.after(scene.route().settings.stableAfterMs).lists();
  scene
    .reports(preflight(scene))
    .reports({ kind: 'creating' })
    .reports({ kind: 'created', identity: { device: '41', inode: '7' } });
  return scene.reports(copied()).reports(verified).reports(published).tick().after(1_000).lists();
}

function asks(scene: Scene): Scene {
  const { id, fingerprint } = scene.file();
  return ask(scene, { do: 'remove_sources', route: ingest, files: [{ id, ...fingerprint }] }).tick();
}

const isHidden = (scene: Scene): boolean => scene.route().removals.underWay.has(scene.file().id);

/** Reads the settings again. The rules of any route may be others now. */
const reloads = (scene: Scene): Scene => scene.send({ kind: 'reloaded', settings: scene.state.settings, by: 'ann' });

test('what an operator asked for is removed if the rules of another route leave it alone', () => {
  assert.ok(isHidden(asks(leftAlone())));
});

test('what an operator asked for stays until another route was listed by its present rules', () => {
  const scene = reloads(leftAlone());
  assert.not(isHidden(asks(scene)));
  assert.ok(isHidden(asks(scene.after(1_000).lists())));
});

/** Returns why the removal of a file waits that was checked first at this moment. */
function waitSince(scene: Scene, since: number): string | undefined {
  const file = scene.file();
  if (file.status !== 'COMPLETED') throw new Error(file.status);
  scene.route().removals.waiting.set(file.id, { wait: { kind: 'other_route', route: archive }, since, times: 1 });
  return waitOf(scene.state, scene.route(), file)?.kind;
}

test('a check of names does not show what another route leaves alone, and a listing by earlier rules does not either', () => {
  const scene = leftAlone('delete');
  const since = scene.at() - 1;
  assert.is(waitSince(scene, since), undefined);
  assert.is(waitSince(scene.after(1_000), scene.at() - 1), 'other_route');
  const now = scene.at() - 1;
  scene.route(archive).scanning.evidenceAt = scene.at();
  assert.is(waitSince(scene, now), 'other_route', 'names were checked');
  assert.is(waitSince(reloads(scene), since), 'other_route', 'the rules were read again');
  assert.is(waitSince(scene.after(1_000).lists(), now), undefined);
});

test('without another route nothing waits', () => {
  assert.is(waitOf(completed().state, completed().route(), completed().file() as never), null);
});

test.run();
