import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { freeLanes, growingLaneIsFree } from '../../src/queue/lanes.ts';
import type { Scene } from '../support/scene.ts';
import { copying, following, inPreflight, queued, recordingInPreflight, verifying, verifyingRecording } from '../support/stages.ts';

const rows: readonly (readonly [string, () => Scene, { readonly stable: number; readonly growing: number }])[] = [
  ['a file that a carrier checks holds a stable lane', () => inPreflight({ lanes: 3, growingLanes: 3 }), { stable: 2, growing: 3 }],
  [
    'a recording that a carrier checks holds a growing lane',
    () => recordingInPreflight({ lanes: 3, growingLanes: 3 }),
    { stable: 3, growing: 2 },
  ],
  ['a file in the queue behind it holds none', () => queued({ lanes: 1, growingLanes: 3 }), { stable: 0, growing: 3 }],
  ['a copy holds a stable lane', () => copying({ lanes: 3, growingLanes: 3 }), { stable: 2, growing: 3 }],
  ['a recording that is followed holds a growing lane', () => following({ lanes: 3, growingLanes: 3 }), { stable: 3, growing: 2 }],
  ['what is read back holds the lane of its copy', () => verifying({ lanes: 3, growingLanes: 3 }), { stable: 2, growing: 3 }],
  [
    'a recording that is read back holds its growing lane',
    () => verifyingRecording({ lanes: 3, growingLanes: 3 }),
    { stable: 3, growing: 2 },
  ],
  [
    'a copy whose source grew holds a growing lane instead',
    () => copying({ lanes: 3, growingLanes: 3 }).reports({ kind: 'source_grew', sizeBytes: 6_000 }),
    { stable: 3, growing: 2 },
  ],
];

for (const [claim, given, free] of rows) {
  test(`lanes: ${claim}`, () => {
    const scene = given();
    assert.equal(freeLanes(scene.state, scene.route()), free);
  });
}

test('lanes: growingLaneIsFree recognizes the last one', () => {
  const scene = following({ growingLanes: 2 });
  assert.ok(growingLaneIsFree(scene.state, scene.route()));
  const full = following({ growingLanes: 1 });
  assert.not(growingLaneIsFree(full.state, full.route()));
});

test.run();
