import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { following, progress } from '../support/stages.ts';
import { clip, entry } from '../support/words.ts';

test('grownBytes: the growth that both a listing and a copy report counts once', () => {
  const scene = following();
  assert.is(scene.route().source.grownBytes, 3_000);
  scene.reports(progress(1_000, 4_500));
  assert.is(scene.route().source.grownBytes, 4_500);
  scene.sees(clip('a.mxf', 5_000, 4));
  assert.is(scene.route().source.grownBytes, 5_000);
  scene.reports(progress(5_000, 5_000));
  assert.is(scene.route().source.grownBytes, 5_000);
});

test('grownBytes: a new file counts with its full size, and a file that shrank subtracts nothing', () => {
  const scene = following()
    .sees(entry('b.mxf', 700))
    .sees(entry('b.mxf', 200, 2));
  assert.is(scene.route().source.grownBytes, 3_700);
});

test.run();
