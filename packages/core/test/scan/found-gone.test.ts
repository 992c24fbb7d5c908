import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scene } from '../support/scene.ts';
import { copied, open, preflight, published, rested, verified } from '../support/stages.ts';
import { entry } from '../support/words.ts';

/** A file is copied; when it was read back, the carrier found its source gone. */
function gone(): Scene {
  const scene = rested(open(), entry('a.mxf', 5_000, 1));
  scene.reports(preflight(scene)).reports(copied());
  return scene.reports({ ...verified, sourceGone: true }).reports(published);
}

const isGone = (scene: Scene): boolean => scene.as('COMPLETED').sourceGone;

test('a file that only a carrier found gone is asked for at once, and is back if the intake has seen it', () => {
  const scene = gone();
  assert.ok(isGone(scene));
  assert.equal([...(scene.route().scanning.check === null ? scene.route().scanning.pathsToCheck : ['a.mxf'])], ['a.mxf']);
  assert.not.ok(isGone(scene.checks({ present: ['a.mxf'] })));
});

test('it is asked for after each scan, until the intake says that it is there or gone', () => {
  const scene = gone().checks({}).lists();
  assert.ok(scene.last.asked.includes('check_paths a.mxf') || scene.route().scanning.check !== null, scene.last.asked.join(', '));
  assert.not.ok(isGone(scene.checks({ present: ['a.mxf'] })));
  const missed = gone().lists(['a.mxf']);
  assert.is(missed.route().foundGone.size, 0);
});

test('a file that the intake found gone is not back because an older check saw it', () => {
  const scene = rested(open(), entry('a.mxf', 5_000, 1));
  scene.reports(preflight(scene)).reports(copied());
  scene.lists(['a.mxf']).reports(verified).reports(published);
  assert.ok(isGone(scene.checks({ present: ['a.mxf'] })));
});

const full = { side: 'destination', code: 'EIO', operation: 'link a.mxf', message: '' } as const;

/** The copy of a file whose source only the carrier found gone has failed. */
function failedGone(): Scene {
  const scene = rested(open(), entry('a.mxf', 5_000, 1));
  scene
    .reports(preflight(scene))
    .reports(copied())
    .reports({ ...verified, sourceGone: true });
  return scene.reports({ kind: 'failed', fault: full, syncedBytes: 5_000, sizeBytes: 5_000 }).online();
}

test('a file that only a carrier found gone and whose copy failed is reported by the intake again if it is there, and is copied', () => {
  const scene = failedGone().lists();
  const { id, sourceGone } = scene.as('FAILED');
  assert.ok(sourceGone);
  scene.checks({ present: ['a.mxf'] }).checks({});
  scene.route().scanning.nextListingAt = scene.at();
  const listing = scene.tick().last.effects.find((effect) => effect.kind === 'list_source');
  assert.equal(listing?.takenAway, ['a.mxf']);
  assert.ok(scene.lists().last.asked.includes('check a.mxf'), scene.last.asked.join(', '));
  scene.sees(entry('a.mxf', 5_000, 1));
  assert.equal([scene.file().status, scene.file().recoveryOf, scene.route().foundGone.size], ['DISCOVERED', id, 0]);
});

test('a file that only a carrier found gone and whose copy failed is not asked for once the intake has found it gone too', () => {
  const scene = failedGone();
  assert.is(scene.route().foundGone.size, 1);
  scene.lists(['a.mxf']);
  assert.is(scene.route().foundGone.size, 0);
});

test('a file that only a carrier found gone is back before its copy fails: another attempt follows', () => {
  const scene = rested(open(), entry('a.mxf', 5_000, 1));
  scene
    .reports(preflight(scene))
    .reports(copied())
    .reports({ ...verified, sourceGone: true });
  scene.checks({ present: ['a.mxf'] });
  assert.not.ok(scene.as('VERIFYING').sourceGone);
  scene.reports({ kind: 'failed', fault: full, syncedBytes: 5_000, sizeBytes: 5_000 }).online();
  assert.not.ok(scene.file().sourceGone);
  assert.is(scene.file().attempt, 2);
});

test.run();
