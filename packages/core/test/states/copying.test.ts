import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import {
  comparing,
  copied,
  copying,
  failed,
  following,
  followingHidden,
  inPreflight,
  preflight,
  progress,
  stalled,
} from '../support/stages.ts';
import { table } from '../support/table.ts';
import { atDestination, atSource, clip, entry, hash } from '../support/words.ts';

const ordered = (): Scene => {
  const scene = inPreflight();
  return scene.reports(preflight(scene));
};

table('copying', [
  {
    claim: 'the create is sent: the copy has begun, whatever comes of it',
    given: ordered,
    when: (scene) => scene.reports({ kind: 'creating' }),
    status: 'COPYING',
    wrote: [],
    asked: [],
    also: (scene) => assert.ok(scene.as('COPYING').begun),
  },
  {
    claim: 'the create succeeded: what was made is journaled',
    given: () => ordered().reports({ kind: 'creating' }).after(1_000),
    when: (scene) => scene.reports({ kind: 'created', identity: { device: '41', inode: '7' } }),
    status: 'COPYING',
    wrote: ['a.mxf: - created'],
    asked: [],
    also: (scene) => {
      const [record] = scene.last.records;
      assert.equal(record?.kind === 'file_fact' && record.event, {
        kind: 'created',
        part: scene.as('COPYING').part,
        identity: { device: '41', inode: '7' },
      });
      assert.is(scene.route().gate.lastSignAt, scene.at(), 'the destination answered');
    },
  },
  {
    claim: 'progress is synced bytes and a rate, and no record',
    given: () => copying().after(1_000),
    when: (scene) => scene.reports(progress(1_000)),
    status: 'COPYING',
    wrote: [],
    asked: [],
    also: (scene) => {
      assert.is(scene.as('COPYING').copiedBytes, 1_000);
      assert.is(scene.as('COPYING').bytesPerSecond, 300);
      assert.is(scene.route().gate.lastSignAt, scene.at());
    },
  },
  {
    claim: 'progress without newly synced bytes does not show that the destination answers',
    given: () => copying().reports(progress(1_000)).after(1_000),
    when: (scene) => scene.reports(progress(1_000)),
    status: 'COPYING',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.route().gate.lastSignAt, scene.at() - 1_000),
  },
  {
    claim: 'a small file is read back by the carrier without a request',
    given: copying,
    when: (scene) => scene.reports({ kind: 'copied', hash, fingerprint: { sizeBytes: 5_000, mtimeNs: '1' }, readsBack: true }),
    status: 'VERIFYING',
    wrote: ['a.mxf: COPYING > VERIFYING (copied)'],
    asked: [],
  },
  {
    claim: 'all bytes are synced: they are to be read back',
    given: copying,
    when: (scene) => scene.reports(copied()),
    status: 'VERIFYING',
    wrote: ['a.mxf: COPYING > VERIFYING (copied)'],
    asked: ['read_back a.mxf'],
    also: (scene) => {
      const file = scene.as('VERIFYING');
      assert.equal(file.hash, hash);
      assert.is(file.copiedBytes, 5_000);
      assert.equal(file.publishing, { step: 'none' });
      assert.not(file.growing);
    },
  },
  {
    claim: 'a recording is synced and settled: it is to be read back on its growing lane',
    given: following,
    when: (scene) => scene.reports(copied(9_000, 9)),
    status: 'VERIFYING',
    wrote: ['a.mxf: GROWING_COPY > VERIFYING (copied)'],
    asked: ['read_back a.mxf'],
    also: (scene) => {
      assert.ok(scene.as('VERIFYING').growing);
      assert.is(scene.as('VERIFYING').expected.sizeBytes, 9_000);
    },
  },
  {
    claim: 'the source grew in place: it is followed, in the part it has',
    given: copying,
    when: (scene) => scene.reports({ kind: 'source_grew', sizeBytes: 6_000 }),
    status: 'GROWING_COPY',
    wrote: ['a.mxf: COPYING > GROWING_COPY (source_grew)'],
    asked: [],
    also: (scene) => {
      assert.match(scene.as('GROWING_COPY').part ?? '', /\.part$/);
      assert.is(scene.file().fingerprint.sizeBytes, 6_000);
    },
  },
  {
    claim: 'the source grew and no growing lane is free: it is withdrawn',
    given: () => copying({ growingLanes: 0 }),
    when: (scene) => scene.reports({ kind: 'source_grew', sizeBytes: 6_000 }),
    status: 'COPYING',
    wrote: [],
    asked: ['withdraw a.mxf'],
    also: (scene) => {
      scene.reports({ kind: 'withdrawn', left: false });
      assert.is(scene.last.wrote[0], 'a.mxf: COPYING > READY (withdrawn)');
      assert.is(scene.file().countedAttempts, 0);
    },
  },
  {
    claim: 'a recording that grew is followed on',
    given: following,
    when: (scene) => scene.reports({ kind: 'source_grew', sizeBytes: 6_000 }),
    status: 'GROWING_COPY',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.file().fingerprint.sizeBytes, 6_000),
  },
  {
    claim: 'progress of a recording reports its phase',
    given: following,
    when: (scene) => scene.reports({ kind: 'progress', syncedBytes: 2_000, sizeBytes: 8_000, phase: 'settling', phaseDone: 0.25 }),
    status: 'GROWING_COPY',
    wrote: [],
    asked: [],
    also: (scene) => {
      assert.is(scene.as('GROWING_COPY').phase, 'settling');
      assert.is(scene.as('GROWING_COPY').phaseDone, 0.25);
      assert.is(scene.as('GROWING_COPY').fingerprint.sizeBytes, 8_000);
    },
  },
  {
    claim: 'a size that the copy read long ago makes a recording no smaller',
    given: () => following().reports({ kind: 'progress', syncedBytes: 2_000, sizeBytes: 8_000, phase: 'following', phaseDone: null }),
    when: (scene) => scene.reports({ kind: 'progress', syncedBytes: 3_000, sizeBytes: 7_000, phase: 'following', phaseDone: null }),
    status: 'GROWING_COPY',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.file().fingerprint.sizeBytes, 8_000),
  },
  {
    claim: 'the intake saw its source move: it is kept for a later attempt',
    given: copying,
    when: (scene) => scene.sees(entry('a.mxf', 5_500, 2)),
    status: 'COPYING',
    wrote: [],
    asked: [],
    also: (scene) => {
      assert.is(scene.file().fingerprint.sizeBytes, 5_500);
      assert.is(scene.as('COPYING').expected.sizeBytes, 5_000, 'the order does not change');
    },
  },
  {
    claim: 'its source was removed: it goes on from its open descriptor',
    given: copying,
    when: (scene) => scene.lists(['a.mxf']),
    status: 'COPYING',
    wrote: [],
    asked: [],
  },
  {
    claim: 'the very bytes are there: COMPLETED without a copy',
    given: comparing,
    when: (scene) => scene.reports({ kind: 'already_there', hash, readback: 'direct', fingerprint: scene.file().fingerprint }),
    status: 'COMPLETED',
    wrote: ['a.mxf: COPYING > VERIFYING (copied)', 'a.mxf: VERIFYING > COMPLETED (already_there)'],
    asked: ['forget ingest'],
    also: (scene) => {
      assert.is(scene.as('COMPLETED').copied, false);
      assert.is(scene.file().destination, 'a.mxf');
      assert.is(scene.file().nameReason, null);
    },
  },
  {
    claim: 'other bytes are there: on under the next name, with a part of that name',
    given: comparing,
    when: (scene) => scene.reports({ kind: 'name_taken' }),
    status: 'COPYING',
    wrote: ['a.mxf: - name_taken'],
    asked: ['preflight a.mxf as a_1.mxf'],
    also: (scene) => {
      const file = scene.as('COPYING');
      assert.is(file.nameReason, 'name_taken');
      assert.match(file.part ?? '', /^\.a_1\.mxf\..*\.part$/);
      assert.not(file.begun);
    },
  },
  {
    claim: 'under the next name there is nothing: it is copied',
    given: () => comparing().reports({ kind: 'name_taken' }),
    when: (scene) => scene.reports(preflight(scene)),
    status: 'COPYING',
    wrote: ['a.mxf: - copy_begins'],
    asked: ['copy a.mxf as a_1.mxf'],
    also: (scene) => assert.not(scene.as('COPYING').comparing),
  },
  {
    claim: 'under the next name there is a file of its size: that is compared too',
    given: () => comparing().reports({ kind: 'name_taken' }),
    when: (scene) => scene.reports(preflight(scene, { existingSizeBytes: 5_000 })),
    status: 'COPYING',
    wrote: ['a.mxf: - copy_begins'],
    asked: ['copy a.mxf as a_1.mxf'],
    also: (scene) => assert.ok(scene.as('COPYING').comparing),
  },
  {
    claim: 'under the next name there is another file: on to the one after',
    given: () => comparing().reports({ kind: 'name_taken' }),
    when: (scene) => scene.reports(preflight(scene, { existingSizeBytes: 1 })),
    status: 'COPYING',
    wrote: ['a.mxf: - name_taken'],
    asked: ['preflight a.mxf as a_2.mxf'],
  },
  {
    claim: 'the visible name of a recording is taken: it has not begun under the next one',
    given: following,
    when: (scene) => scene.reports({ kind: 'name_taken' }),
    status: 'GROWING_COPY',
    wrote: ['a.mxf: - name_taken'],
    asked: ['preflight a.mxf as a_1.mxf'],
    also: (scene) => {
      assert.is(scene.as('GROWING_COPY').part, null);
      assert.not(scene.as('GROWING_COPY').begun);
    },
  },
  {
    claim: 'a silence of the destination asks for a probe, and fails nothing yet',
    given: copying,
    when: (scene) => scene.reports(stalled()),
    status: 'COPYING',
    wrote: [],
    asked: ['probe ingest'],
    also: (scene) => assert.is(scene.as('COPYING').suspicion?.isFinal, false),
  },
  {
    claim: 'progress ends a mere silence',
    given: () => copying().reports(stalled()),
    when: (scene) => scene.reports(progress(100)),
    status: 'COPYING',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.as('COPYING').suspicion, null),
  },
  {
    claim: 'a good probe ends a mere silence: slow storage gets patience',
    given: () => copying().after(119_999).reports(stalled()),
    when: (scene) => scene.online(),
    status: 'COPYING',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.as('COPYING').suspicion, null),
  },
  {
    claim: 'an error of the destination waits for a probe that begins after it',
    given: copying,
    when: (scene) => scene.reports(failed(atDestination('EIO'), 1_000)),
    status: 'COPYING',
    wrote: [],
    asked: ['probe ingest'],
    also: (scene) => assert.ok(scene.as('COPYING').suspicion?.isFinal),
  },
  {
    claim: 'its carrier is gone: that waits for a probe, too',
    given: copying,
    when: (scene) => scene.loses('a.mxf'),
    status: 'COPYING',
    wrote: [],
    asked: ['probe ingest'],
    also: (scene) => assert.is(scene.as('COPYING').suspicion?.fault.code, 'CHILD_LOST'),
  },
  {
    claim: 'withdrawn cleanly it is READY again, and its turn comes again',
    given: copying,
    when: (scene) => scene.reports({ kind: 'withdrawn', left: false }),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: COPYING > READY (withdrawn)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['forget ingest', 'preflight a.mxf as a.mxf'],
    also: (scene) => {
      assert.equal(scene.file().leftParts, []);
      assert.is(scene.file().attempt, 1);
    },
  },
  {
    claim: 'withdrawn, and its part could not be removed: that is remembered',
    given: copying,
    when: (scene) => scene.reports({ kind: 'withdrawn', left: true }),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: COPYING > READY (withdrawn)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['forget ingest', 'preflight a.mxf as a.mxf'],
    also: (scene) => assert.is(scene.file().leftParts.length, 1),
  },
  {
    claim: 'a recording in a part is withdrawn to READY as a recording',
    given: followingHidden,
    when: (scene) => scene.reports({ kind: 'withdrawn', left: false }),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: GROWING_COPY > READY (withdrawn)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['forget ingest', 'preflight a.mxf as a.mxf'],
    also: (scene) => assert.ok(scene.as('IN_QUEUE').growing),
  },
  {
    claim: 'a word of another phase is dropped',
    given: copying,
    when: (scene) => scene.reports({ kind: 'published', notes: [] }),
    status: 'COPYING',
    wrote: [],
    asked: [],
  },
]);

test('copying: a report of an older copy of the same file is ignored because of its id', () => {
  const scene = copying();
  const { id, copyId: old } = scene.as('COPYING');
  scene.reports({ kind: 'withdrawn', left: false });
  scene.reports(preflight(scene));
  assert.is.not(scene.as('COPYING').copyId, old);
  const before = scene.file();
  for (const report of [copied(), progress(4_000), failed(atSource('EIO')), { kind: 'withdrawn', left: true }] as const) {
    scene.send({ kind: 'copy_reported', route: ingest, fileId: id, copyId: old, report });
    assert.equal(scene.last.wrote, []);
    assert.equal(scene.last.asked, []);
    assert.is(scene.file(), before);
  }
});

test('copying: the loss of an earlier carrier does not fail copies of a later one', () => {
  const scene = copying();
  const { copyId: old } = scene.as('COPYING');
  scene.reports({ kind: 'withdrawn', left: false });
  scene.reports(preflight(scene));
  scene.send({ kind: 'carrier_lost', route: ingest, copyIds: [old], code: 'SIGKILL' });
  assert.is(scene.as('COPYING').suspicion, null);
  assert.equal(scene.last.asked, []);
});

test('copying: a report about an unknown file is ignored', () => {
  const scene = copying();
  const { copyId } = scene.as('COPYING');
  scene.send({ kind: 'copy_reported', route: ingest, fileId: 'nobody' as never, copyId, report: copied() });
  assert.equal(scene.last.wrote, []);
});

test('copying: after an error only a probe changes it', () => {
  const scene = copying()
    .reports(failed(atDestination('EIO'), 1_000))
    .reports(progress(5_000))
    .reports(copied());
  assert.is(scene.as('COPYING').suspicion?.isFinal, true);
  assert.is(scene.as('COPYING').copiedBytes, 1_000);
  assert.is(scene.online().last.wrote[0], 'a.mxf: COPYING > FAILED (failed: destination_error)');
});

test('copying: the rate is smoothed over the last reports', () => {
  const scene = copying();
  const rates = [1_000, 2_000, 3_000, 3_000].map((bytes) => {
    scene.after(1_000).reports(progress(bytes));
    return scene.as('COPYING').bytesPerSecond;
  });
  assert.equal(rates, [300, 510, 657, 460]);
});

test('copying: a recording keeps its growing lane', () => {
  const scene = following({ lanes: 1, growingLanes: 1 }).sees(entry('b.mxf'), clip('c.mxf', 1_000));
  scene
    .after(1_000)
    .sees(clip('c.mxf', 2_000, 2))
    .after(1_000)
    .sees(clip('c.mxf', 3_000, 3));
  assert.is(scene.as('IN_QUEUE', 'c.mxf').copyId, null, 'the only growing lane is taken');
  scene.after(3_000).lists();
  assert.is.not(scene.as('IN_QUEUE', 'b.mxf').copyId, null, 'the stable lane is not');
});

test.run();
