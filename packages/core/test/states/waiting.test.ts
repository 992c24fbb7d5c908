import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { viewRoute } from '../../src/snapshot/route-view.ts';
import type { Scene } from '../support/scene.ts';
import { awaitingNetwork, awaitingSpace, copying, failed, open, preflight, recordingInPreflight, rested } from '../support/stages.ts';
import { table } from '../support/table.ts';
import { atDestination, clip, entry } from '../support/words.ts';

/** Two preflights did not reach the destination. It answered its probe between them. */
const waitingAgain = (): Scene =>
  awaitingNetwork()
    .online()
    .reports(failed(atDestination('EHOSTDOWN')));

const recordingInNeedOfRoom = (): Scene => {
  const scene = recordingInPreflight();
  return scene.reports(preflight(scene, { freeBytes: 0 }));
};

table('waiting for the network', [
  {
    claim: 'every good probe moves it on, not only an opening',
    given: awaitingNetwork,
    when: (scene) => scene.online(),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: WAITING_FOR_NETWORK > READY (destination_answers)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a.mxf'],
  },
  {
    claim: 'from the second time on it pauses: a good probe before that leaves it',
    given: waitingAgain,
    when: (scene) => scene.after(4_999).online(),
    status: 'WAITING_FOR_NETWORK',
    hold: 'network',
    wrote: [],
    asked: [],
  },
  {
    claim: 'its pause over, the next good probe moves it on',
    given: () => waitingAgain().online(),
    when: (scene) => {
      scene.route().gate.askedAt = scene.at() + 5_000;
      return scene.after(5_000).online();
    },
    status: 'IN_QUEUE',
    wrote: ['a.mxf: WAITING_FOR_NETWORK > READY (destination_answers)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a.mxf'],
  },
  {
    claim: 'a bad probe closes the gate and leaves it where it is',
    given: awaitingNetwork,
    when: (scene) => scene.offline(),
    status: 'WAITING_FOR_NETWORK',
    hold: 'network',
    wrote: ['ingest: closed (unreachable)'],
    asked: ['end_carrier ingest'],
  },
  {
    claim: 'a bad probe makes a recording READY: it is watched, and counts as recording while it grows',
    given: () => recordingInPreflight().reports(failed(atDestination('EHOSTDOWN'))),
    when: (scene) => scene.offline(),
    status: 'READY',
    hold: 'network',
    wrote: ['ingest: closed (unreachable)', 'a.mxf: WAITING_FOR_NETWORK > READY (destination_offline)'],
    asked: ['end_carrier ingest'],
    also: (scene) => {
      assert.is(viewRoute(scene.state, scene.route()).recording, 1);
      assert.is(viewRoute(scene.after(5_000).lists().state, scene.route()).recording, 0);
    },
  },
  {
    claim: 'an opening moves it on whatever its pause was',
    given: () => waitingAgain().offline(),
    when: (scene) => scene.online(),
    status: 'IN_QUEUE',
    wrote: ['ingest: open', 'a.mxf: WAITING_FOR_NETWORK > READY (destination_answers)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a.mxf'],
  },
  {
    claim: 'its source moved: it has to come to rest again',
    given: awaitingNetwork,
    when: (scene) => scene.sees(entry('a.mxf', 6_000, 2)),
    status: 'GROWING',
    wrote: ['a.mxf: WAITING_FOR_NETWORK > READY (source_changes)', 'a.mxf: READY > GROWING (source_changes)'],
    asked: [],
  },
  {
    claim: 'gone from the source, it is REMOVED',
    given: awaitingNetwork,
    when: (scene) => scene.lists(['a.mxf']),
    status: 'REMOVED',
    wrote: ['a.mxf: WAITING_FOR_NETWORK > REMOVED (source_gone)'],
    asked: ['attention a.mxf file_lost'],
  },
]);

table('waiting for space', [
  {
    claim: 'a good probe with room moves it on, once retry_every is over',
    given: () => awaitingSpace().after(30_000),
    when: (scene) => probed(scene).online(),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: WAITING_FOR_SPACE > READY (room_again)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a.mxf'],
  },
  {
    claim: 'before retry_every it is not asked again',
    given: () => awaitingSpace().after(29_999),
    when: (scene) => probed(scene).online(),
    status: 'WAITING_FOR_SPACE',
    hold: 'space',
    wrote: [],
    asked: [],
  },
  {
    claim: 'a probe that reports too little room leaves it',
    given: () => awaitingSpace().after(30_000),
    when: (scene) => probed(scene).online({ space: { totalBytes: 1e6, freeBytes: 5_999 } }),
    status: 'WAITING_FOR_SPACE',
    hold: 'space',
    wrote: [],
    asked: [],
  },
  {
    claim: 'a probe file that cannot be created for want of room leaves it, whatever statfs says',
    given: () => awaitingSpace().after(30_000),
    when: (scene) => probed(scene).online({ isFull: true }),
    status: 'WAITING_FOR_SPACE',
    hold: 'space',
    wrote: [],
    asked: [],
  },
  {
    claim: 'a filesystem that does not tell its room is tried',
    given: () => awaitingSpace().after(30_000),
    when: (scene) => probed(scene).online({ space: { totalBytes: null, freeBytes: null } }),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: WAITING_FOR_SPACE > READY (room_again)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a.mxf'],
  },
  {
    claim: 'its source moved: it has to come to rest again',
    given: awaitingSpace,
    when: (scene) => scene.sees(entry('a.mxf', 6_000, 2)),
    status: 'GROWING',
    wrote: ['a.mxf: WAITING_FOR_SPACE > READY (source_changes)', 'a.mxf: READY > GROWING (source_changes)'],
    asked: [],
  },
  {
    claim: 'a recording is expected to move: it waits on, with its new size',
    given: recordingInNeedOfRoom,
    when: (scene) => scene.sees(clip('a.mxf', 9_000, 9)),
    status: 'WAITING_FOR_SPACE',
    hold: 'space',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.file().fingerprint.sizeBytes, 9_000),
  },
  {
    claim: 'gone from the source, it is REMOVED',
    given: awaitingSpace,
    when: (scene) => scene.lists(['a.mxf']),
    status: 'REMOVED',
    wrote: ['a.mxf: WAITING_FOR_SPACE > REMOVED (source_gone)'],
    asked: ['attention a.mxf file_lost'],
  },
]);

function probed(scene: Scene): Scene {
  scene.route().gate.askedAt = scene.at();
  return scene;
}

test('waiting for space: only files that fit together move on, oldest first', () => {
  const paths = ['a.mxf', 'b.mxf', 'c.mxf'];
  const scene = rested(open(), ...paths.map((path) => entry(path)));
  for (const path of paths) scene.reports(preflight(scene, { freeBytes: 0 }, path), path);
  probed(scene.after(30_000)).online({ space: { totalBytes: 1e6, freeBytes: 11_000 } });
  assert.equal(
    paths.map((path) => scene.file(path).status),
    ['IN_QUEUE', 'IN_QUEUE', 'WAITING_FOR_SPACE'],
  );
});

test('waiting for space: a smaller file behind one that does not fit moves on', () => {
  const scene = rested(open(), entry('a.mxf', 50_000), entry('b.mxf', 100));
  for (const path of ['a.mxf', 'b.mxf']) scene.reports(preflight(scene, { freeBytes: 0 }, path), path);
  probed(scene.after(30_000)).online({ space: { totalBytes: 1e6, freeBytes: 5_000 } });
  assert.is(scene.file('a.mxf').status, 'WAITING_FOR_SPACE');
  assert.is(scene.file('b.mxf').status, 'IN_QUEUE');
});

test('waiting for space: bytes that running copies still have to write count as used', () => {
  const scene = rested(copying(), entry('b.mxf', 2_000));
  scene.reports(preflight(scene, { freeBytes: 0 }, 'b.mxf'), 'b.mxf').after(30_000);
  probed(scene).online({ space: { totalBytes: 1e6, freeBytes: 7_999 } });
  assert.is(scene.file('b.mxf').status, 'WAITING_FOR_SPACE');
  probed(scene).online({ space: { totalBytes: 1e6, freeBytes: 8_000 } });
  assert.is(scene.file('b.mxf').status, 'IN_QUEUE');
});

test('waiting for the network: the pause doubles from 5 s', () => {
  const scene = awaitingNetwork();
  const pauses: number[] = [];
  for (let tries = 0; tries < 5; tries += 1) {
    pauses.push(scene.as('WAITING_FOR_NETWORK').retryAt - scene.wall());
    scene.after(600_000);
    probed(scene)
      .online()
      .reports(failed(atDestination('EHOSTDOWN')));
  }
  assert.equal(pauses, [0, 5_000, 10_000, 20_000, 40_000]);
});

test('waiting for the network: a copy between two preflights resets the count', () => {
  const scene = waitingAgain().offline().online();
  assert.is(scene.as('IN_QUEUE').networkTries, 0);
});

for (const [what, given, pauseMs] of [
  ['room', awaitingSpace, 30_000],
  [
    'the network',
    () =>
      awaitingNetwork()
        .online()
        .reports(failed(atDestination('EHOSTDOWN'))),
    5_000,
  ],
] as const) {
  for (const isRestarted of [false, true]) {
    test(`waiting for ${what}: a clock set back by six hours makes no pause longer${isRestarted ? ', also after a restart' : ''}`, () => {
      const scene = given().clockJumps(-6 * 3_600_000);
      if (isRestarted) scene.restarts();
      const { status } = scene.file();
      scene.pass(pauseMs).online().online();
      assert.is.not(scene.file().status, status);
    });
  }
}

test('reloaded: the pause of a file that waits for space is never made longer, whatever the wall clock was set to', () => {
  const pauseMs = awaitingSpace().route().settings.space.retryEveryMs;
  const scene = awaitingSpace()
    .pass(pauseMs - 5_000)
    .clockJumps(-20_000);
  const { settings } = scene.state;
  scene.send({ kind: 'reloaded', settings, by: 'ann' });
  assert.is(scene.state.alarms.of(scene.file().id), scene.at() + 5_000);
  const space = { ...scene.route().settings.space, retryEveryMs: 1_000 };
  const routes = settings.routes.map((route) => ({ ...route, space }));
  scene.send({ kind: 'reloaded', settings: { ...settings, routes }, by: 'ann' });
  assert.is(scene.state.alarms.of(scene.file().id), scene.at() + 1_000);
});

test.run();
