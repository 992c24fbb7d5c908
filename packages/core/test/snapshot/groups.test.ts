import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { countGroups } from '../../src/snapshot/groups.ts';
import { viewRoute } from '../../src/snapshot/route-view.ts';
import { createScene } from '../support/scene.ts';

test('countGroups: without a file all counts are 0', () => {
  const { state, route } = createScene();
  const { counts } = viewRoute(state, route());
  assert.equal(countGroups(counts, { needsYou: 0, stuck: 0 }), { needsYou: 0, recording: 0, copying: 0, waiting: 0 });
});

test('countGroups: a waiting file that is still being written counts as recording', () => {
  const { state, route } = createScene();
  const counts = { ...viewRoute(state, route()).counts, READY: 3 };
  assert.equal(countGroups(counts, { needsYou: 1, stuck: 0, written: 1 }), { needsYou: 1, recording: 1, copying: 0, waiting: 1 });
});

test.run();
