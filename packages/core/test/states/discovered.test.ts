import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nextWake } from '../../src/step/step.ts';
import { createScene } from '../support/scene.ts';
import { open, ready, rested, shut } from '../support/stages.ts';
import { table } from '../support/table.ts';
import { clip, entry } from '../support/words.ts';

table('discovered', [
  {
    claim: 'a path that was never seen is a tracked file, and nothing is asked for',
    given: shut,
    when: (scene) => scene.sees(entry('a.mxf')),
    status: 'DISCOVERED',
    wrote: ['a.mxf: > DISCOVERED (found)'],
    asked: [],
    also: (scene) => {
      const file = scene.as('DISCOVERED');
      assert.is(file.destination, 'a.mxf');
      assert.is(file.nameReason, null);
      assert.is(file.attempt, 1);
      assert.is(file.countedAttempts, 0);
      assert.is(file.recoveryOf, null);
      assert.is(file.discoveredAt, scene.wall());
    },
  },
  {
    claim: 'reported again as it was known, nothing happens',
    given: () => shut().sees(entry('a.mxf')).after(3_000),
    when: (scene) => scene.sees(entry('a.mxf')),
    status: 'DISCOVERED',
    wrote: [],
    asked: ['probe ingest'],
  },
  {
    claim: 'a size that moved makes it GROWING',
    given: () => open().sees(entry('a.mxf', 5_000)).after(3_000),
    when: (scene) => scene.sees(entry('a.mxf', 5_001, 1)),
    status: 'GROWING',
    wrote: ['a.mxf: DISCOVERED > GROWING (source_changes)'],
    asked: [],
  },
  {
    claim: 'a time that moved makes it GROWING',
    given: () => open().sees(entry('a.mxf', 5_000)).after(3_000),
    when: (scene) => scene.sees(entry('a.mxf', 5_000, 2)),
    status: 'GROWING',
    wrote: ['a.mxf: DISCOVERED > GROWING (source_changes)'],
    asked: [],
  },
  {
    claim: 'replaced by another file of the same size and mtime, it has to come to rest again, with the mode of that',
    given: () =>
      open()
        .sees(entry('a.mxf', 5_000, 1, { identity: { device: '1', inode: '7' } }))
        .after(3_000),
    when: (scene) => scene.sees(entry('a.mxf', 5_000, 1, { identity: { device: '1', inode: '8' }, mode: 0o600 })),
    status: 'GROWING',
    wrote: ['a.mxf: DISCOVERED > GROWING (source_changes)'],
    asked: [],
    also: (scene) => assert.is(scene.file().mode, 0o600),
  },
  {
    claim: 'a listing that was asked for after stable_after shows that it has settled',
    given: () => createScene().sees(entry('a.mxf')).after(5_000),
    when: (scene) => scene.lists(),
    status: 'READY',
    hold: 'network',
    wrote: ['a.mxf: DISCOVERED > READY (settled)'],
    asked: [],
  },
  {
    claim: 'a listing that was asked for a millisecond too early shows nothing',
    given: () => createScene().sees(entry('a.mxf')).after(4_999),
    when: (scene) => scene.lists(),
    status: 'DISCOVERED',
    wrote: [],
    asked: [],
  },
  {
    claim: 'attributes that may be stale prove its rest only when they are older than the cache',
    given: () => {
      const scene = createScene().sees(entry('a.mxf'));
      scene.route().source.cacheMs = 60_000;
      return scene.after(64_999);
    },
    when: (scene) => scene.lists(),
    status: 'DISCOVERED',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.after(1).lists().file().status, 'READY'),
  },
  {
    claim: 'its alarm asks the source by name',
    given: () => open().sees(entry('a.mxf')),
    when: (scene) => scene.pass(5_000),
    status: 'DISCOVERED',
    wrote: [],
    asked: ['check a.mxf'],
  },
  {
    claim: 'a check that was requested after stable_after shows that it has settled',
    given: () => open().sees(entry('a.mxf')).pass(5_000),
    when: (scene) => scene.checks({ present: ['a.mxf'] }),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: DISCOVERED > READY (settled)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['preflight a.mxf as a.mxf'],
  },
  {
    claim: 'a name that cannot be copied waits for a person, and is not tried',
    given: open,
    when: (scene) => scene.sees(entry('a.mxf', 5_000, 1, { nameValid: false })),
    status: 'READY',
    hold: 'needs_you',
    wrote: ['a.mxf: > DISCOVERED (found)', 'a.mxf: DISCOVERED > READY (name_invalid)'],
    asked: ['attention a.mxf name_invalid'],
    also: (scene) => {
      assert.is(scene.as('READY').retryAt, null);
      assert.equal(scene.pass(3_000_000).last.wrote, []);
    },
  },
  {
    claim: 'gone from the source, it is REMOVED',
    given: () => open().sees(entry('a.mxf')),
    when: (scene) => scene.lists(['a.mxf']),
    status: 'REMOVED',
    wrote: ['a.mxf: DISCOVERED > REMOVED (source_gone)'],
    asked: [],
  },
]);

test('discovered: the next tick is when the file may have settled', () => {
  const scene = open().sees(entry('a.mxf'));
  assert.is(nextWake(scene.state), scene.at() + 5_000);
});

test('discovered: a file that may be a recording is checked every poll', () => {
  const scene = open().sees(clip('a.mxf', 5_000));
  assert.is(nextWake(scene.state), scene.at() + 1_000);
});

test('discovered: each route has its own tracked file of a path', () => {
  const scene = createScene({ twoRoutes: true }).sees(entry('a.mxf'));
  const [one, other] = [...scene.state.files.values()];
  assert.is(scene.state.files.size, 2);
  assert.is.not(one?.id, other?.id);
  assert.is.not(one?.route, other?.route);
});

test('discovered: a source file takes a name that a recovery had only planned', () => {
  const scene = ready().online();
  scene.reports({
    kind: 'preflight',
    preflight: { sourceFingerprint: scene.file().fingerprint, isOther: false, existingSizeBytes: null, freeBytes: null },
  });
  scene.reports({ kind: 'creating' }).tick();
  scene.route().gate.nextProbeAt = scene.at();
  scene.offline();
  assert.is(scene.as('READY').destination, 'a_1.mxf');
  scene.sees(entry('a_1.mxf'));
  assert.equal(scene.last.wrote, ['a.mxf: - name_yielded', 'a_1.mxf: > DISCOVERED (found)']);
  assert.is(scene.as('READY').destination, 'a_2.mxf');
  assert.is(scene.file('a_1.mxf').destination, 'a_1.mxf');
});

test('discovered: a path that is found again after it was REMOVED is a new tracked file', () => {
  const scene = rested(shut(), entry('a.mxf'));
  const before = scene.file().id;
  scene.lists(['a.mxf']);
  assert.is(scene.file().status, 'REMOVED');
  scene.sees(entry('a.mxf'));
  assert.equal(scene.last.wrote, ['a.mxf: > DISCOVERED (found)']);
  assert.is.not(scene.file().id, before);
  assert.is(scene.file().attempt, 1);
});

test.run();
