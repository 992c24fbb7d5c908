import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../src/messages/effect.ts';
import type { Scene } from '../support/scene.ts';
import {
  awaitingNetwork,
  failed,
  following,
  inPreflight,
  lastFailed,
  open,
  preflight,
  queued,
  recordingInPreflight,
  rested,
} from '../support/stages.ts';
import { table } from '../support/table.ts';
import { atDestination, atSource, entry, fingerprint } from '../support/words.ts';

const ask = (scene: Scene): Scene => {
  const { gate } = scene.route();
  gate.askedAt = scene.at();
  return scene;
};

function orderOf(scene: Scene, kind: 'copy' | 'preflight'): Extract<Effect, { kind: 'copy' }>['order'] {
  const effect = scene.last.effects.find((one) => one.kind === kind);
  if (effect?.kind !== 'copy' && effect?.kind !== 'preflight') throw new Error(`no ${kind} was asked for`);
  return effect.order;
}

table('queued', [
  {
    claim: 'nothing stands in the way: the copy begins, into a hidden part',
    given: inPreflight,
    when: (scene) => scene.reports(preflight(scene)),
    status: 'COPYING',
    wrote: ['a.mxf: IN_QUEUE > COPYING (copy_begins)'],
    asked: ['copy a.mxf as a.mxf'],
    also: (scene) => {
      const file = scene.as('COPYING');
      assert.match(file.part ?? '', /^\.a\.mxf\.[0-9a-f]{8}\.part$/);
      assert.ok(file.part?.includes(file.id.slice(0, 8)));
      assert.is(file.begun, false, 'nothing was created yet');
      assert.is(file.startedAt, scene.wall());
      assert.is(orderOf(scene, 'copy').part, file.part);
      assert.is(orderOf(scene, 'copy').compare, false);
    },
  },
  {
    claim: 'a recording begins under its visible name',
    given: recordingInPreflight,
    when: (scene) => scene.reports(preflight(scene)),
    status: 'GROWING_COPY',
    wrote: ['a.mxf: IN_QUEUE > GROWING_COPY (copy_begins)'],
    asked: ['copy a.mxf as a.mxf'],
    also: (scene) => {
      assert.is(scene.as('GROWING_COPY').part, null);
      assert.is(scene.as('GROWING_COPY').phase, 'following');
    },
  },
  {
    claim: 'a recording that grew since begins as the carrier saw it',
    given: recordingInPreflight,
    when: (scene) => scene.reports(preflight(scene, { sourceFingerprint: fingerprint(4_000, 4) })),
    status: 'GROWING_COPY',
    wrote: ['a.mxf: IN_QUEUE > GROWING_COPY (copy_begins)'],
    asked: ['copy a.mxf as a.mxf'],
    also: (scene) => assert.is(orderOf(scene, 'copy').expected.sizeBytes, 4_000),
  },
  {
    claim: 'another file of the same size and mtime has its path: it has to come to rest',
    given: inPreflight,
    when: (scene) => scene.reports(preflight(scene, { isOther: true })),
    status: 'GROWING',
    wrote: ['a.mxf: IN_QUEUE > READY (source_changes)', 'a.mxf: READY > GROWING (source_changes)'],
    asked: ['forget ingest'],
  },
  {
    claim: 'the order names the file that was seen, and no other',
    given: () => open().sees(entry('a.mxf', 5_000, 1, { identity: { device: '1', inode: '7' } })),
    when: (scene) => scene.after(5_000).lists(),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: DISCOVERED > READY (settled)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a.mxf'],
    also: (scene) => assert.equal(orderOf(scene, 'preflight').sourceIdentity, { device: '1', inode: '7' }),
  },
  {
    claim: 'a file of its size has its name: the two are compared, nothing is created',
    given: inPreflight,
    when: (scene) => scene.reports(preflight(scene, { existingSizeBytes: 5_000 })),
    status: 'COPYING',
    wrote: ['a.mxf: IN_QUEUE > COPYING (copy_begins)'],
    asked: ['copy a.mxf as a.mxf'],
    also: (scene) => {
      assert.ok(scene.as('COPYING').comparing);
      assert.ok(orderOf(scene, 'copy').compare);
    },
  },
  {
    claim: 'a file of another size has its name: the next name is checked',
    given: inPreflight,
    when: (scene) => scene.reports(preflight(scene, { existingSizeBytes: 4_999 })),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: - name_taken'],
    asked: ['preflight a.mxf as a_1.mxf'],
    also: (scene) => assert.is(scene.file().nameReason, 'name_taken'),
  },
  {
    claim: 'if something other than a regular file has the name, the next name is checked',
    given: inPreflight,
    when: (scene) => scene.reports(preflight(scene, { existingSizeBytes: -1 })),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: - name_taken'],
    asked: ['preflight a.mxf as a_1.mxf'],
  },
  {
    claim: 'a recording is never compared: any file of its name makes it take the next',
    given: recordingInPreflight,
    when: (scene) => scene.reports(preflight(scene, { existingSizeBytes: 3_000 })),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: - name_taken'],
    asked: ['preflight a.mxf as a_1.mxf'],
  },
  {
    claim: 'the destination could not be reached: it waits for the network, and a probe is asked for',
    given: inPreflight,
    when: (scene) => scene.reports(failed(atDestination('EHOSTDOWN'))),
    status: 'WAITING_FOR_NETWORK',
    hold: 'network',
    wrote: ['a.mxf: IN_QUEUE > WAITING_FOR_NETWORK (destination_not_reached)'],
    asked: ['forget ingest', 'probe ingest'],
    also: (scene) => assert.is(scene.as('WAITING_FOR_NETWORK').retryAt, scene.wall(), 'at the next good probe'),
  },
  {
    claim: 'its carrier is gone: the same as not reached',
    given: inPreflight,
    when: (scene) => scene.loses('a.mxf'),
    status: 'WAITING_FOR_NETWORK',
    hold: 'network',
    wrote: ['a.mxf: IN_QUEUE > WAITING_FOR_NETWORK (destination_not_reached)'],
    asked: ['forget ingest', 'probe ingest'],
  },
  {
    claim: 'it was reached, and there is no room: it waits for space',
    given: inPreflight,
    when: (scene) => scene.reports(preflight(scene, { freeBytes: 5_999 })),
    status: 'WAITING_FOR_SPACE',
    hold: 'space',
    wrote: ['a.mxf: IN_QUEUE > WAITING_FOR_SPACE (no_room)'],
    asked: ['forget ingest'],
  },
  {
    claim: 'room for it and for what is to stay free is room enough',
    given: inPreflight,
    when: (scene) => scene.reports(preflight(scene, { freeBytes: 6_000 })),
    status: 'COPYING',
    wrote: ['a.mxf: IN_QUEUE > COPYING (copy_begins)'],
    asked: ['copy a.mxf as a.mxf'],
  },
  {
    claim: 'a preflight that fails for lack of space waits for space',
    given: inPreflight,
    when: (scene) => scene.reports(failed(atDestination('ENOSPC'))),
    status: 'WAITING_FOR_SPACE',
    hold: 'space',
    wrote: ['a.mxf: IN_QUEUE > WAITING_FOR_SPACE (no_room)'],
    asked: ['forget ingest', 'probe ingest'],
  },
  {
    claim: 'the gate closes: back to waiting, and no attempt is counted',
    given: () => ask(inPreflight()),
    when: (scene) => scene.offline(),
    status: 'READY',
    hold: 'network',
    wrote: ['ingest: closed (unreachable)', 'a.mxf: IN_QUEUE > READY (destination_offline)'],
    asked: ['forget ingest', 'end_carrier ingest'],
    also: (scene) => {
      assert.is(scene.file().attempt, 1);
      assert.is(scene.file().countedAttempts, 0);
    },
  },
  {
    claim: 'its writer denies reading: it is GROWING, held by its writer, and no attempt is counted',
    given: inPreflight,
    when: (scene) => scene.reports({ kind: 'held_by_writer', code: 'EBUSY' }),
    status: 'GROWING',
    wrote: ['a.mxf: IN_QUEUE > GROWING (held_by_writer)'],
    asked: ['forget ingest'],
    also: (scene) => {
      assert.ok(scene.as('GROWING').heldByWriter);
      assert.is(scene.file().countedAttempts, 0);
    },
  },
  {
    claim: 'the carrier saw another fingerprint: it has to come to rest again',
    given: inPreflight,
    when: (scene) => scene.reports(preflight(scene, { sourceFingerprint: fingerprint(6_000, 2) })),
    status: 'GROWING',
    wrote: ['a.mxf: IN_QUEUE > READY (source_changes)', 'a.mxf: READY > GROWING (source_changes)'],
    asked: ['forget ingest'],
    also: (scene) => assert.is(scene.file().fingerprint.sizeBytes, 6_000),
  },
  {
    claim: 'its source could not be read: it FAILED before anything was created, and keeps its name',
    given: inPreflight,
    when: (scene) => scene.reports(failed(atSource('EACCES'))),
    status: 'READY',
    hold: 'backoff',
    wrote: [
      'a.mxf: IN_QUEUE > FAILED (failed: source_unreadable)',
      'a.mxf: > DISCOVERED (found_again)',
      'a.mxf: DISCOVERED > READY (source_unchanged)',
    ],
    asked: ['forget ingest', 'give_up a.mxf'],
    also: (scene) => {
      assert.is(scene.file().destination, 'a.mxf');
      assert.is(scene.file().recoveryOf, lastFailed(scene).id, 'an attempt that had not begun is linked too');
    },
  },
  {
    claim: 'its source is not there any more: no failure, and the path itself is asked for',
    given: inPreflight,
    when: (scene) => scene.reports(failed(atSource('ENOENT'))),
    status: 'READY',
    hold: 'backoff',
    wrote: ['a.mxf: IN_QUEUE > READY (source_missing)'],
    asked: ['forget ingest', 'check a.mxf'],
    also: (scene) => assert.is(scene.checks({ absent: ['a.mxf'] }).file().status, 'REMOVED'),
  },
  {
    claim: 'gone from the source before its turn, it is REMOVED',
    given: queued,
    when: (scene) => scene.lists(['a.mxf']),
    status: 'REMOVED',
    wrote: ['a.mxf: IN_QUEUE > REMOVED (source_gone)'],
    asked: ['attention a.mxf file_lost'],
  },
  {
    claim: 'gone while its carrier looks, the carrier will tell',
    given: inPreflight,
    when: (scene) => scene.lists(['a.mxf']),
    status: 'IN_QUEUE',
    wrote: [],
    asked: [],
  },
  {
    claim: 'a word of another phase is a sign of life, no more',
    given: inPreflight,
    when: (scene) => scene.reports({ kind: 'published', notes: [] }),
    status: 'IN_QUEUE',
    wrote: [],
    asked: [],
  },
]);

test('queued: if the carrier does not report the free space, that of the last probe counts', () => {
  const scene = rested(open().online({ space: { totalBytes: 1e6, freeBytes: 5_999 } }), entry('a.mxf'));
  assert.is(scene.reports(preflight(scene, { freeBytes: null })).file().status, 'WAITING_FOR_SPACE');
  const roomy = rested(open().online({ space: { totalBytes: 1e6, freeBytes: 5_999 } }), entry('a.mxf'));
  assert.is(roomy.reports(preflight(roomy, { freeBytes: 6_000 })).file().status, 'COPYING');
});

test('queued: a name that a file of the source has is skipped', () => {
  const scene = inPreflight({ lanes: 1 }).sees(entry('a_1.mxf'));
  scene.reports(preflight(scene, { existingSizeBytes: 1 }));
  assert.equal(scene.last.asked, ['preflight a.mxf as a_2.mxf']);
});

test('queued: space that running copies still need does not count as free', () => {
  const scene = rested(following({ lanes: 1 }), entry('b.mxf', 2_000));
  assert.is(scene.as('GROWING_COPY').fingerprint.sizeBytes, 3_000);
  scene.reports(preflight(scene, { freeBytes: 5_999 }, 'b.mxf'), 'b.mxf');
  assert.is(scene.file('b.mxf').status, 'WAITING_FOR_SPACE');
});

test('queued: the fourth failed preflight at a destination that answers fails the file', () => {
  const scene = inPreflight();
  for (const tries of [1, 2, 3]) {
    scene.reports(failed(atDestination('EIO')));
    assert.is(scene.as('WAITING_FOR_NETWORK').networkTries, tries);
    scene.after(600_000).online();
    assert.is(scene.file().status, 'IN_QUEUE');
  }
  scene.reports(failed(atDestination('EIO')));
  assert.is(scene.last.wrote[0], 'a.mxf: IN_QUEUE > FAILED (failed: destination_error)');
  assert.is(scene.hold(), 'backoff');
  assert.is(scene.file().countedAttempts, 1);
});

test('queued: a network error never fails the file, however often it occurs', () => {
  const scene = inPreflight();
  for (let tries = 1; tries <= 12; tries += 1) {
    scene.reports(failed(atDestination('EHOSTUNREACH')));
    assert.is(scene.file().status, 'WAITING_FOR_NETWORK');
    scene.after(600_000).online();
  }
  assert.is(scene.file().attempt, 1);
});

test('queued: a report of an earlier preflight is ignored', () => {
  const scene = awaitingNetwork();
  const { id } = scene.file();
  const asked = scene.journal.length;
  scene.online();
  const { copyId } = scene.as('IN_QUEUE');
  assert.is.not(copyId, null);
  const before = scene.state.files.get(id);
  const report = preflight(scene);
  scene.send({ kind: 'copy_reported', route: scene.file().route, fileId: id, copyId: '00000000-old' as never, report });
  assert.equal(scene.last.wrote, []);
  assert.is(scene.state.files.get(id), before);
  assert.ok(scene.journal.length > asked);
  assert.is(scene.reports(report).file().status, 'COPYING');
});

test('queued: temporary files of ended attempts are removed before anything is created', () => {
  const scene = inPreflight();
  scene
    .reports(preflight(scene))
    .reports({ kind: 'creating' })
    .reports(failed(atSource('EIO'), 0, 5_000));
  const [part] = scene.file().leftParts;
  assert.ok(part);
  scene.pass(5_000);
  assert.equal(orderOf(scene, 'preflight').removeFirst, [part]);
});

test('queued: a recording with as many visible leftovers as are allowed is copied to a temporary file', () => {
  const { recovery } = inPreflight().route().settings;
  const scene = following({ route: { recovery: { ...recovery, maxVisible: 1 } } });
  scene.reports(failed(atSource('EIO'), 1_000, 3_000)).pass(5_000);
  assert.equal(scene.file().leftVisible, ['a.mxf']);
  assert.is.not(orderOf(scene, 'preflight').part, null);
});

test.run();
