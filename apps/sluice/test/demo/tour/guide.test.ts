import { type Scene, tourSteps, tourWords } from '@sluice/words';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sceneOf } from '../../../src/demo/tour/guide.ts';

const label = ' TOUR 3/6  '.length;

test('tourWords: every scene fits completely on screens of 120, 80 and 40 columns', () => {
  for (const [scene, { step, shows, hints }] of Object.entries(tourWords)) {
    assert.ok(step >= 1 && step <= tourSteps);
    for (const columns of [120, 80, 40]) {
      const shown = shows.find((text) => text.length <= columns - label);
      assert.ok(shown !== undefined, `${scene} does not fit into ${columns} columns`);
      assert.not.match(shown, /\p{C}/u);
    }
    for (const columns of [120, 80])
      assert.ok(
        hints.some((text) => text.length <= columns - label),
        `the hint of ${scene} in ${columns}`,
      );
  }
});

const now = { inserted: 'right', accepted: 'right', wasBroken: false, hasLeft: false } as const;
const cases: readonly (readonly [Scene, Partial<Parameters<typeof sceneOf>[0]>])[] = [
  ['yours', {}],
  ['yours', { hasLeft: true }],
  ['yours', { wasBroken: true }],
  ['returned', { wasBroken: true, hasLeft: true }],
  ['gone', { inserted: null }],
  ['gone', { inserted: null, accepted: 'wrong' }],
  ['wrong', { inserted: 'wrong' }],
  ['adopted', { inserted: 'wrong', accepted: 'wrong' }],
  ['swapped', { inserted: 'right', accepted: 'wrong' }],
];

for (const [scene, change] of cases) {
  test(`sceneOf: ${JSON.stringify(change)} is ${scene}`, () => assert.is(sceneOf({ ...now, ...change }), scene));
}

test.run();
