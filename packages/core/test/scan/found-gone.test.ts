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

test.run();
