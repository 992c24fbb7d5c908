import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../src/model/limits.ts';
import { freeLanes, growingLaneIsFree } from '../src/queue.ts';
import type { Scene } from './support/scene.ts';
import { archive, ingest } from './support/settings.ts';
import {
  close,
  copied,
  copying,
  following,
  inPreflight,
  open,
  preflight,
  published,
  queued,
  recordingInPreflight,
  rested,
  shut,
  verified,
  verifying,
  verifyingRecording,
} from './support/stages.ts';
import { clip, entry } from './support/words.ts';

const names = (count: number, prefix = 'f'): string[] => Array.from({ length: count }, (_, index) => `${prefix}${index}.mxf`);

/** Files that are all at rest, with a destination that answers. */
const waiting = (count: number, lanes = 1): Scene => rested(open({ lanes, growingLanes: 1 }), ...names(count).map((name) => entry(name)));

const inState = (scene: Scene, status: 'READY' | 'IN_QUEUE', paths: readonly string[]): string[] =>
  paths.filter((path) => scene.file(path).status === status);

const preflights = (scene: Scene): string[] =>
  scene.last.asked.filter((asked) => asked.startsWith('preflight')).map((asked) => asked.split(' ')[1] ?? '');

function copyOne(scene: Scene, path: string): Scene {
  scene.reports(preflight(scene, {}, path), path).reports({ kind: 'creating' }, path);
  return scene.reports(copied(), path).reports(verified, path).reports(published, path);
}

test('pursueQueue: at most twice the number of lanes is queued', () => {
  const scene = waiting(9, 2);
  assert.is(scene.route().byStatus.IN_QUEUE.size, 4);
  assert.is(scene.route().byStatus.READY.size, 5);
});

test('pursueQueue: a READY file has no hold while the queue is full, and is queued later', () => {
  const scene = waiting(9, 2);
  assert.is(scene.file('f8.mxf').status, 'READY');
  assert.is(scene.hold('f8.mxf'), null);
});

test('pursueQueue: as many files as lanes are in preflight, oldest first', () => {
  assert.equal(preflights(waiting(9, 2)), ['f0.mxf', 'f1.mxf']);
});

test('pursueQueue: a free lane takes the next file, and the queue is filled up', () => {
  const scene = waiting(5);
  const before = inState(scene, 'IN_QUEUE', names(5));
  assert.equal(before, ['f0.mxf', 'f1.mxf']);
  copyOne(scene, 'f0.mxf');
  assert.equal(preflights(scene), ['f1.mxf']);
  assert.equal(inState(scene, 'IN_QUEUE', names(5)), ['f1.mxf', 'f2.mxf']);
});

test('pursueQueue: a file that only waits in the queue holds no lane', () => {
  const scene = waiting(2);
  assert.is(scene.as('IN_QUEUE', 'f1.mxf').copyId, null);
  scene.reports({ kind: 'held_by_writer', code: 'EBUSY' }, 'f0.mxf');
  assert.equal(preflights(scene), ['f1.mxf']);
});

test('pursueQueue: a file that is read back holds its lane', () => {
  const scene = waiting(2);
  scene.reports(preflight(scene, {}, 'f0.mxf'), 'f0.mxf').reports(copied(), 'f0.mxf');
  assert.is(scene.file('f0.mxf').status, 'VERIFYING');
  assert.is(scene.as('IN_QUEUE', 'f1.mxf').copyId, null);
});

test('pursueQueue: recordings have their own queue and lanes', () => {
  const scene = waiting(5);
  for (const [size, mtime] of [
    [1_000, 1],
    [2_000, 2],
    [3_000, 3],
  ] as const)
    scene.sees(clip('live.mxf', size, mtime)).after(1_000);
  assert.equal(preflights(scene), ['live.mxf']);
  assert.ok(scene.as('IN_QUEUE', 'live.mxf').growing);
});

test('pursueQueue: a full queue of stable files does not delay a recording, and the reverse', () => {
  const scene = waiting(20);
  const see = (size: number, mtime: number): Scene => scene.sees(...names(4, 'g').map((name) => clip(name, size, mtime)));
  see(1_000, 1).after(1_000);
  see(2_000, 2).after(1_000);
  see(3_000, 3);
  assert.equal(inState(scene, 'IN_QUEUE', names(4, 'g')), ['g0.mxf', 'g1.mxf']);
  assert.equal(inState(scene, 'IN_QUEUE', names(20)), ['f0.mxf', 'f1.mxf']);
});

test('pursueQueue: a file that an operator put first comes before older ones, until its copy begins', () => {
  const scene = rested(shut({ lanes: 1 }), ...names(5).map((name) => entry(name)));
  scene
    .send({ kind: 'operator_asked', action: { do: 'first', route: ingest, source: 'f4.mxf' }, who: { by: 'ann', reason: null } })
    .online();
  assert.equal(preflights(scene), ['f4.mxf']);
  assert.equal([...scene.route().firsts], ['f4.mxf']);
  scene.reports(preflight(scene, {}, 'f4.mxf'), 'f4.mxf');
  assert.is(scene.route().firsts.size, 0);
});

test('pursueQueue: after an outage by silence there is one lane, which doubles with every finished file', () => {
  const scene = copyOne(rested(open({ lanes: 4 }), entry('f0.mxf')), 'f0.mxf');
  scene.route().gate.askedAt = scene.at();
  scene.offline({ cause: 'timeout', code: 'SILENT' });
  rested(scene, ...names(9, 'g').map((name) => entry(name))).online();
  assert.equal(preflights(scene), ['g0.mxf']);
  copyOne(scene, 'g0.mxf');
  assert.equal(preflights(scene), ['g1.mxf', 'g2.mxf']);
  copyOne(scene, 'g1.mxf');
  assert.is(scene.route().laneLimit, 4);
});

test('pursueQueue: after an outage by an error all lanes are free', () => {
  const scene = rested(shut({ lanes: 3 }), ...names(5).map((name) => entry(name))).online();
  assert.equal(preflights(scene), ['f0.mxf', 'f1.mxf', 'f2.mxf']);
});

/** Five large files, and then eighty small ones. */
const mixed = [...names(5).map((name) => entry(name, 9_000)), ...names(80, 's').map((name) => entry(name))];

test('pursueQueue: small files do not wait behind large ones, nor large ones behind small ones', () => {
  const scene = rested(shut({ lanes: 2, smallSizeBytes: 5_000 }), ...mixed).online();
  const begun = limits.smallBegunAtOnce;
  assert.equal(preflights(scene), ['f0.mxf', 'f1.mxf', ...names(begun, 's')]);
  assert.equal(freeLanes(scene.state, scene.route()), { stable: 0, small: 128 - begun, growing: 4 });
});

test('pursueQueue: many small files begin a part at a time, so that the first one need not wait for the checks of all', () => {
  const smallLanes = 128;
  const files = names(smallLanes + 1, 's').map((name) => entry(name));
  const scene = rested(shut({ lanes: 2, smallSizeBytes: 5_000 }), ...files).online();
  const begun = [...preflights(scene)];
  for (const name of names(smallLanes / limits.smallBegunAtOnce - 1, 's')) {
    scene.reports(preflight(scene, {}, name), name);
    begun.push(...preflights(scene));
  }
  assert.equal(begun, names(smallLanes, 's'));
  assert.is(freeLanes(scene.state, scene.route()).small, 0);
  scene.reports(preflight(scene, {}, 's10.mxf'), 's10.mxf');
  assert.equal(preflights(scene), []);
  assert.is(scene.file('s128.mxf').status, 'IN_QUEUE');
});

test('pursueQueue: with one lane, small files are copied one at a time too', () => {
  const scene = rested(shut({ lanes: 1, smallSizeBytes: 5_000 }), ...mixed.toReversed()).online();
  assert.equal(preflights(scene), ['s79.mxf']);
});

test('pursueQueue: nothing is queued while the gate is closed', () => {
  const scene = close(waiting(3));
  assert.is(scene.route().byStatus.IN_QUEUE.size, 0);
  assert.equal(inState(scene, 'READY', names(3)), names(3));
});

test('pursueQueue: no copy starts after a stop was requested', () => {
  const scene = rested(shut(), entry('a.mxf')).send({ kind: 'stop_requested', by: 'ann', mode: 'drain' });
  assert.equal(scene.online().last.asked, []);
  assert.is(scene.file().status, 'READY');
});

test('pursueQueue: an offline destination does not delay the copies of another one', () => {
  const scene = open({ twoRoutes: true });
  rested(scene, entry('a.mxf'));
  assert.is(scene.file('a.mxf').status, 'IN_QUEUE');
  assert.is(scene.file('a.mxf', archive).status, 'READY');
  assert.is(scene.hold('a.mxf', archive), 'network');
});

test('pursueQueue: of a hundred thousand waiting files, a step looks at few', () => {
  const scene = shut({ lanes: 2 });
  scene.send({ kind: 'entries_seen', route: scene.route().settings.name, entries: names(100_000).map((name) => entry(name)) });
  scene.after(5_000).lists();
  while (scene.route().scanning.settling !== null) scene.tick();
  scene.online();
  const { files } = scene.state;
  const get = files.get.bind(files);
  let looks = 0;
  files.get = (id) => {
    looks += 1;
    return get(id);
  };
  for (let turn = 0; turn < 40; turn += 1) copyOne(scene, `f${turn}.mxf`);
  assert.is(scene.file('f39.mxf').status, 'COMPLETED');
  assert.ok(looks < 5_000, `${looks} looks for 40 copies`);
});

const rows: readonly (readonly [string, () => Scene, { readonly stable: number; readonly small: number; readonly growing: number }])[] = [
  ['a file in preflight holds a stable lane', () => inPreflight({ lanes: 3, growingLanes: 3 }), { stable: 2, small: 0, growing: 3 }],
  [
    'a recording in preflight holds a growing lane',
    () => recordingInPreflight({ lanes: 3, growingLanes: 3 }),
    { stable: 3, small: 0, growing: 2 },
  ],
  ['a queued file behind it holds none', () => queued({ lanes: 1, growingLanes: 3 }), { stable: 0, small: 0, growing: 3 }],
  ['a copy holds a stable lane', () => copying({ lanes: 3, growingLanes: 3 }), { stable: 2, small: 0, growing: 3 }],
  [
    'a recording that is followed holds a growing lane',
    () => following({ lanes: 3, growingLanes: 3 }),
    { stable: 3, small: 0, growing: 2 },
  ],
  [
    'a file that is read back holds the lane of its copy',
    () => verifying({ lanes: 3, growingLanes: 3 }),
    { stable: 2, small: 0, growing: 3 },
  ],
  [
    'a recording that is read back holds its growing lane',
    () => verifyingRecording({ lanes: 3, growingLanes: 3 }),
    { stable: 3, small: 0, growing: 2 },
  ],
  [
    'a copy whose source grew holds a growing lane instead',
    () => copying({ lanes: 3, growingLanes: 3 }).reports({ kind: 'source_grew', sizeBytes: 6_000 }),
    { stable: 3, small: 0, growing: 2 },
  ],
];

for (const [claim, given, free] of rows) {
  test(`lanes: ${claim}`, () => {
    const scene = given();
    assert.equal(freeLanes(scene.state, scene.route()), free);
  });
}

test('lanes: growingLaneIsFree: until the last lane is taken', () => {
  const scene = following({ growingLanes: 2 });
  assert.ok(growingLaneIsFree(scene.state, scene.route()));
  const full = following({ growingLanes: 1 });
  assert.not(growingLaneIsFree(full.state, full.route()));
});

test.run();
