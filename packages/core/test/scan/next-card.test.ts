import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import { completed, ready } from '../support/stages.ts';

/** The effect that requests the next listing. */
function asksWith(scene: Scene): boolean | undefined {
  scene.lists();
  const { scanning, settings } = scene.route();
  scanning.nextListingAt = scene.at() + settings.scanEveryMs;
  scene.after(settings.scanEveryMs).tick();
  const listing = scene.last.effects.find((effect) => effect.kind === 'list_source');
  assert.ok(listing?.kind === 'list_source');
  return listing.nothingWaits;
}

test('list_source: `nothingWaits` only if every known file has ended', () => {
  assert.is(asksWith(completed()), true);
  assert.is(asksWith(ready()), false);
});

test('list_source: not `nothingWaits` while a check runs, since it may find a file that waits', () => {
  const scene = completed().lists();
  scene.send({ kind: 'paths_noticed', route: ingest, paths: ['b.mxf'] });
  assert.is(asksWith(scene), false);
});

test.run();
