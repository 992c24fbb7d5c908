import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CopyReport } from '../../src/model/copy.ts';
import type { CopyId } from '../../src/model/ids.ts';
import { isLeftAlone } from '../../src/scan/idle.ts';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import { completed, copied, failed, preflight, published, publishing, verified, verifying, verifyingRecording } from '../support/stages.ts';
import { table } from '../support/table.ts';
import { atDestination, atSource, entry, fingerprint, hash, otherHash } from '../support/words.ts';

/** A copied file whose modification time changed since. It is at rest, and is being hashed. */
const hashing = (): Scene =>
  completed()
    .sees(entry('a.mxf', 5_000, 2))
    .after(5_000)
    .lists();

/** The order of `hash_source`. */
function hashId(scene: Scene): CopyId {
  const copyId = scene.route().rechecks.get(scene.file().id)?.copyId ?? null;
  if (copyId === null) throw new Error('nothing is being hashed');
  return copyId;
}

const answers = (scene: Scene, report: CopyReport): Scene =>
  scene.send({ kind: 'copy_reported', route: ingest, fileId: scene.file().id, copyId: hashId(scene), report });

table('completed', [
  {
    claim: 'seen as it was copied, nothing happens',
    given: completed,
    when: (scene) => scene.sees(entry('a.mxf')),
    status: 'COMPLETED',
    wrote: [],
    asked: [],
  },
  {
    claim: 'another size is another file: a new tracked file',
    given: completed,
    when: (scene) => scene.sees(entry('a.mxf', 5_001, 2)),
    status: 'DISCOVERED',
    wrote: ['a.mxf: - superseded', 'a.mxf: > DISCOVERED (found)'],
    asked: [],
    also: (scene) => {
      assert.is(scene.file().attempt, 1);
      assert.is(scene.file().countedAttempts, 0);
      assert.is(scene.file().recoveryOf, null);
    },
  },
  {
    claim: 'another mtime with the same size is not a new file yet, and nothing is hashed before it is stable',
    given: completed,
    when: (scene) =>
      scene
        .sees(entry('a.mxf', 5_000, 2))
        .after(4_999)
        .lists(),
    status: 'COMPLETED',
    wrote: [],
    asked: [],
  },
  {
    claim: 'at rest again, its source is hashed',
    given: () =>
      completed()
        .sees(entry('a.mxf', 5_000, 2))
        .after(5_000),
    when: (scene) => scene.lists(),
    status: 'COMPLETED',
    wrote: [],
    asked: ['hash_source a.mxf'],
  },
  {
    claim: 'the same bytes: the record is refreshed in place',
    given: hashing,
    when: (scene) => answers(scene, { kind: 'source_hashed', hash }),
    status: 'COMPLETED',
    wrote: ['a.mxf: - same_bytes'],
    asked: [],
    also: (scene) => {
      assert.equal(scene.file().fingerprint, fingerprint(5_000, 2));
      assert.equal(scene.sees(entry('a.mxf', 5_000, 2)).last.wrote, [], 'the record has the new modification time');
      assert.is(scene.route().rechecks.size, 0);
    },
  },
  {
    claim: 'other bytes: a new tracked file',
    given: hashing,
    when: (scene) => answers(scene, { kind: 'source_hashed', hash: otherHash }),
    status: 'DISCOVERED',
    wrote: ['a.mxf: - superseded', 'a.mxf: > DISCOVERED (found)'],
    asked: [],
    also: (scene) => assert.equal(scene.file().fingerprint, fingerprint(5_000, 2)),
  },
  {
    claim: 'it could not be hashed: it is tried again when it has rested once more',
    given: hashing,
    when: (scene) => answers(scene, failed(atSource('EIO'))),
    status: 'COMPLETED',
    wrote: [],
    asked: [],
    also: (scene) => {
      assert.equal(scene.after(4_999).lists().last.asked, []);
      assert.equal(scene.after(1).lists().last.asked, ['hash_source a.mxf']);
    },
  },
  {
    claim: 'its source is gone by then: nothing is left to be hashed',
    given: hashing,
    when: (scene) => answers(scene, failed(atSource('ENOENT'))),
    status: 'COMPLETED',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.route().rechecks.size, 0),
  },
  {
    claim: 'the carrier that hashes is gone: it is hashed again by the next one',
    given: hashing,
    when: (scene) => scene.send({ kind: 'carrier_lost', route: ingest, copyIds: [hashId(scene)], code: 'SIGKILL' }),
    status: 'COMPLETED',
    wrote: [],
    asked: [],
    also: (scene) => assert.equal(scene.after(5_000).lists().last.asked, ['hash_source a.mxf']),
  },
  {
    claim: 'the size changes while it waits to be hashed: a new tracked file at once',
    given: () => completed().sees(entry('a.mxf', 5_000, 2)),
    when: (scene) => scene.sees(entry('a.mxf', 6_000, 3)),
    status: 'DISCOVERED',
    wrote: ['a.mxf: - superseded', 'a.mxf: > DISCOVERED (found)'],
    asked: [],
  },
]);

test('completed: its record says how it was verified', () => {
  const scene = completed().after(9);
  const file = scene.as('COMPLETED');
  assert.is(file.readback, 'direct');
  assert.is(file.copied, true);
  assert.equal(file.hash, hash);
  assert.is(file.afterCopy, 'none');
  assert.is(file.endedAt, scene.wall() - 9);
  assert.equal(file.fingerprint, fingerprint(5_000, 1));
  assert.not(file.growing);
});

test('completed: a refused utimes or chmod causes a note, not a failure', () => {
  const scene = publishing().reports({ kind: 'published', notes: [{ kind: 'times_not_set', code: 'EPERM' }] });
  assert.equal(scene.as('COMPLETED').notes, [{ kind: 'times_not_set', code: 'EPERM' }]);
});

test('completed: the record of a recording has the fingerprint at which it settled', () => {
  const scene = verifyingRecording().reports(verified).reports(published);
  assert.ok(scene.as('COMPLETED').growing);
  assert.equal(scene.file().fingerprint, fingerprint(3_000, 3));
});

test('completed: a source that was removed while it was copied is reported as gone', () => {
  const scene = verifying()
    .reports({ ...verified, sourceGone: true })
    .reports(published);
  assert.ok(scene.as('COMPLETED').sourceGone);
});

test('completed: a change of the source during publishing is not missed', () => {
  const grown = publishing()
    .sees(entry('a.mxf', 6_000, 2))
    .reports(published);
  assert.equal(grown.last.wrote, ['a.mxf: VERIFYING > COMPLETED (published)', 'a.mxf: - superseded', 'a.mxf: > DISCOVERED (found)']);
  assert.is(grown.file().fingerprint.sizeBytes, 6_000);

  const touched = publishing()
    .sees(entry('a.mxf', 5_000, 2))
    .reports(published);
  assert.equal(touched.last.wrote, ['a.mxf: VERIFYING > COMPLETED (published)']);
  assert.equal(touched.as('COMPLETED').fingerprint, fingerprint(5_000, 1));
  assert.equal(touched.after(5_000).lists().last.asked, ['hash_source a.mxf']);
});

test('completed: a hash from before another change is ignored', () => {
  const scene = hashing();
  const { id } = scene.file();
  const copyId = hashId(scene);
  scene.sees(entry('a.mxf', 5_000, 3));
  scene.send({ kind: 'copy_reported', route: ingest, fileId: id, copyId, report: { kind: 'source_hashed', hash } });
  assert.equal(scene.last.wrote, [], 'those bytes no longer exist');
  scene.after(5_000).lists();
  assert.equal(scene.last.asked, ['hash_source a.mxf']);
  answers(scene, { kind: 'source_hashed', hash: otherHash });
  assert.is(scene.file().status, 'DISCOVERED');
});

/** A copied file that is seen unchanged. `changedMs` is the present change time of its source. */
const seenAt = (scene: Scene, changedMs: number): Scene => scene.sees(entry('a.mxf', 5_000, 1, { changedMs }));
const copiedAt = (changedMs: number): Scene => seenAt(publishing(), changedMs).reports(published);

test('completed: if only the change time differs, the bytes decide', () => {
  const same = seenAt(copiedAt(10), 20).after(5_000).lists();
  assert.equal(same.last.asked, ['hash_source a.mxf']);
  answers(same, { kind: 'source_hashed', hash });
  assert.equal([same.file().status, same.as('COMPLETED').changedMs, same.last.wrote], ['COMPLETED', 20, ['a.mxf: - same_bytes']]);
  assert.equal(seenAt(same, 20).after(5_000).lists().last.asked, [], 'it is read once');

  const other = seenAt(copiedAt(10), 20).after(5_000).lists();
  answers(other, { kind: 'source_hashed', hash: otherHash });
  assert.is(other.file().status, 'DISCOVERED');
  assert.is(other.route().changes.get('a.mxf'), 20, 'the record has the change time with which the file was found');
});

test('completed: a change time that was not known before causes no hash, and is recorded', () => {
  const scene = seenAt(completed(), 10).after(5_000).lists();
  assert.equal([scene.last.asked, scene.as('COMPLETED').changedMs], [[], 10]);
  assert.equal(seenAt(scene, 20).after(5_000).lists().last.asked, ['hash_source a.mxf']);
});

test('completed: the change time is known after a restart', () => {
  const scene = copiedAt(10).restarts().online();
  assert.equal(seenAt(scene, 10).after(5_000).lists().last.asked, []);
  assert.equal(seenAt(scene, 20).after(5_000).lists().last.asked, ['hash_source a.mxf']);
});

test('completed: while it is to be read again the route is not idle; a file that cannot be read does not keep it busy', () => {
  const scene = seenAt(copiedAt(10), 20);
  assert.not(isLeftAlone(scene.state, scene.route()));
  scene.after(5_000).lists();
  answers(scene, { kind: 'failed', fault: atSource('EACCES'), syncedBytes: 0, sizeBytes: 5_000 });
  assert.ok(isLeftAlone(scene.state, scene.route()));
  assert.equal(scene.after(5_000).lists().last.asked, ['hash_source a.mxf']);
});

test('completed: a copy process that ended while it read the source again says nothing of it, so the route is not idle', () => {
  const scene = seenAt(copiedAt(10), 20).after(5_000).lists();
  scene.send({ kind: 'carrier_lost', route: ingest, copyIds: [hashId(scene)], code: 'hung' });
  assert.not(isLeftAlone(scene.state, scene.route()));
  assert.equal(scene.after(5_000).lists().last.asked, ['hash_source a.mxf']);
});

test('completed: the copy of a file that was emptied stays, and no empty copy is made', () => {
  const scene = completed().sees(entry('a.mxf', 0, 2));
  assert.equal(scene.last.wrote, ['a.mxf: - emptied']);
  assert.ok(scene.as('COMPLETED').sourceGone);
  assert.equal(scene.sees(entry('a.mxf', 0, 3)).last.wrote, [], 'recorded once');
  scene.after(60_000).lists();
  assert.is(scene.file().status, 'COMPLETED');
  assert.is(scene.sees(entry('a.mxf', 6_000, 4)).file().status, 'DISCOVERED', 'later content is copied');
});

test('completed: a file that was emptied during publishing gets no empty copy', () => {
  const scene = publishing()
    .sees(entry('a.mxf', 0, 2))
    .reports(published);
  assert.equal(scene.last.wrote, ['a.mxf: VERIFYING > COMPLETED (published)', 'a.mxf: - emptied']);
});

test('completed: sources are hashed one at a time', () => {
  const scene = completed().sees(entry('b.mxf')).after(5_000).lists();
  const preflight = (path: string) => ({
    sourceFingerprint: scene.file(path).fingerprint,
    isOther: false,
    existingSizeBytes: null,
    freeBytes: null,
  });
  scene
    .reports({ kind: 'preflight', preflight: preflight('b.mxf') }, 'b.mxf')
    .reports({ kind: 'creating' }, 'b.mxf')
    .reports(copied(), 'b.mxf');
  scene.reports(verified, 'b.mxf').reports(published, 'b.mxf');
  scene
    .sees(entry('a.mxf', 5_000, 2), entry('b.mxf', 5_000, 2))
    .after(5_000)
    .lists();
  assert.equal(scene.last.asked, ['hash_source a.mxf']);
  answers(scene, { kind: 'source_hashed', hash });
  assert.equal(scene.last.asked, ['hash_source b.mxf']);
});

test('completed: a source is hashed while the destination is offline', () => {
  const scene = completed();
  scene.route().gate.askedAt = scene.at();
  scene
    .offline()
    .sees(entry('a.mxf', 5_000, 2))
    .tick()
    .after(5_000)
    .lists();
  assert.is(scene.route().gate.state, 'closed');
  assert.equal(scene.last.asked, ['hash_source a.mxf']);
});

test('completed: a modification time that is set back cancels the hash', () => {
  const scene = completed()
    .sees(entry('a.mxf', 5_000, 2))
    .sees(entry('a.mxf', 5_000, 1))
    .after(5_000)
    .lists();
  assert.equal(scene.last.asked, []);
  assert.is(scene.route().rechecks.size, 0);
});

test('completed: a file that was gone and is found again is a new tracked file that is compared first', () => {
  const scene = completed();
  const { id } = scene.file();
  scene.lists(['a.mxf']).sees(entry('a.mxf')).after(5_000).lists();
  assert.is.not(scene.file().id, id);
  scene.reports({
    kind: 'preflight',
    preflight: { sourceFingerprint: fingerprint(5_000, 1), isOther: false, existingSizeBytes: 5_000, freeBytes: null },
  });
  assert.ok(scene.as('COPYING').comparing);
  scene.reports({ kind: 'already_there', hash, readback: 'direct', fingerprint: fingerprint(5_000, 1) });
  assert.is(scene.as('COMPLETED').copied, false);
  assert.is(scene.as('COMPLETED').destination, 'a.mxf');
});

test('completed: attempts are counted from zero for the next file of its path', () => {
  const scene = publishing()
    .reports(failed(atDestination('EIO')))
    .online();
  assert.is(scene.file().countedAttempts, 1);
  scene.pass(5_000).reports(preflight(scene)).reports(preflight(scene));
  scene.reports({ kind: 'creating' }).reports(copied()).reports(verified).reports(published);
  assert.is(scene.as('COMPLETED').destination, 'a_1.mxf');
  scene.sees(entry('a.mxf', 7_000, 7));
  assert.is(scene.as('DISCOVERED').countedAttempts, 0);
});

test.run();
