import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { viewRoute } from '../../src/snapshot/route-view.ts';
import type { Scene } from '../support/scene.ts';
import { copying, failed, open, progress, ready, recorded, rested, shut } from '../support/stages.ts';
import { table } from '../support/table.ts';
import { atSource, clip, entry } from '../support/words.ts';

/** Found again after an error that counts. Its pause is 5 s. */
const pausing = (): Scene => copying().reports(failed(atSource('EIO')));

table('ready', [
  {
    claim: 'while its destination is away it stays, visible and not queued',
    given: () => rested(shut(), entry('a.mxf')),
    when: (scene) => scene.offline({ code: 'ENETUNREACH' }),
    status: 'READY',
    hold: 'network',
    wrote: ['ingest: closed (unreachable)'],
    asked: [],
  },
  {
    claim: 'its destination answers: it is queued and checked',
    given: ready,
    when: (scene) => scene.online(),
    status: 'IN_QUEUE',
    wrote: ['ingest: marker destination_known', 'ingest: open', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a.mxf'],
  },
  {
    claim: 'its source moved while it waited: it has to come to rest again',
    given: ready,
    when: (scene) => scene.sees(entry('a.mxf', 6_000, 2)),
    status: 'GROWING',
    wrote: ['a.mxf: READY > GROWING (source_changes)'],
    asked: [],
    also: (scene) => assert.is(scene.after(4_999).lists().file().status, 'GROWING'),
  },
  {
    claim: 'a recording is expected to move: it waits on, with its new size',
    given: () => recorded(shut()),
    when: (scene) => scene.sees(clip('a.mxf', 4_000, 4)),
    status: 'READY',
    hold: 'network',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.as('READY').fingerprint.sizeBytes, 4_000),
  },
  {
    claim: 'a file that rests is not shown as a recording, also while its destination is away',
    given: () => recorded(shut()),
    when: (scene) => scene.after(5_000).lists(),
    status: 'READY',
    hold: 'network',
    wrote: ['a.mxf: - settled'],
    asked: [],
    also: (scene) => assert.is(viewRoute(scene.state, scene.route()).recording, 0),
  },
  {
    claim: 'a recording that rests and grows again has to come to rest again, or grow like one',
    given: () => recorded(shut()).after(5_000).lists(),
    when: (scene) => scene.sees(clip('a.mxf', 4_000, 9)),
    status: 'GROWING',
    wrote: ['a.mxf: READY > GROWING (source_changes)'],
    asked: [],
  },
  {
    claim: 'a recording that rests by now is copied as a stable file',
    given: () => recorded(shut()).after(5_000).lists(),
    when: (scene) => scene.online(),
    status: 'IN_QUEUE',
    wrote: ['ingest: marker destination_known', 'ingest: open', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a.mxf'],
    also: (scene) => assert.not(scene.as('IN_QUEUE').growing),
  },
  {
    claim: 'gone from the source, it is REMOVED',
    given: ready,
    when: (scene) => scene.lists(['a.mxf']),
    status: 'REMOVED',
    wrote: ['a.mxf: READY > REMOVED (source_gone)'],
    asked: ['attention a.mxf file_lost'],
  },
  {
    claim: 'held by a pause, an open gate does not move it',
    given: pausing,
    when: (scene) => scene.pass(4_999),
    status: 'READY',
    hold: 'backoff',
    wrote: [],
    asked: [],
  },
  {
    claim: 'its pause over, it is queued',
    given: pausing,
    when: (scene) => scene.pass(5_000),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: - pause_over', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a_1.mxf'],
  },
  {
    claim: 'a pause that ends while the destination is away is followed by the hold of the network',
    given: () => {
      const scene = pausing();
      scene.route().gate.askedAt = scene.at();
      return scene.offline();
    },
    when: (scene) => scene.after(5_000).tick(),
    status: 'READY',
    hold: 'network',
    wrote: ['a.mxf: - pause_over'],
    asked: ['probe ingest'],
  },
  {
    claim: 'its source moved during its pause: it has to come to rest again',
    given: pausing,
    when: (scene) => scene.sees(entry('a.mxf', 7_000, 3)),
    status: 'GROWING',
    wrote: ['a.mxf: READY > GROWING (source_changes)'],
    asked: [],
    also: (scene) => assert.is(scene.file().countedAttempts, 1, 'the failure still counts'),
  },
  {
    claim: 'a name that cannot be copied is only kept up to date',
    given: () => open().sees(entry('a.mxf', 5_000, 1, { nameValid: false })),
    when: (scene) => scene.sees(entry('a.mxf', 6_000, 2, { nameValid: false })),
    status: 'READY',
    hold: 'needs_you',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.file().fingerprint.sizeBytes, 6_000),
  },
  {
    claim: 'somebody holds its route: an open gate does not queue it',
    given: () => {
      const scene = ready();
      scene.route().hold = { by: 'ann', since: scene.wall(), until: null, reason: 'the switch is changed' };
      return scene;
    },
    when: (scene) => scene.online(),
    status: 'READY',
    hold: 'operator',
    wrote: ['ingest: marker destination_known', 'ingest: open'],
    asked: [],
  },
]);

test('ready: a report of the withdrawn copy is ignored', () => {
  const scene = copying();
  const { copyId, id } = scene.as('COPYING');
  scene.route().hold = { by: 'ann', since: scene.wall(), until: null, reason: 'maintenance' };
  scene.reports({ kind: 'withdrawn', left: false });
  assert.is(scene.file().status, 'READY');
  scene.send({ kind: 'copy_reported', route: scene.file().route, fileId: id, copyId, report: progress(5_000) });
  assert.equal(scene.last.wrote, []);
  assert.is(scene.file().status, 'READY');
});

test('ready: after the clock was set back, the pause of an earlier run lasts at most a minute', () => {
  const scene = pausing();
  assert.is(scene.hold(), 'backoff');
  scene.clockJumps(-6 * 3_600_000).restarts();
  scene.pass(60_000);
  assert.is.not(scene.hold(), 'backoff');
});

test('ready: a recording in a folder that cannot be read may go on', () => {
  const scene = recorded(shut(), 'day1/a.mxf').after(5_000).lists([], ['day1']);
  assert.ok(scene.as('READY', 'day1/a.mxf').growing);
  scene.lists();
  assert.not(scene.as('READY', 'day1/a.mxf').growing);
});

test.run();
