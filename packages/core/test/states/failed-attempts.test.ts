import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CopyReport } from '../../src/model/copy.ts';
import type { Scene } from '../support/scene.ts';
import {
  close,
  completed,
  copied,
  copying,
  failed,
  following,
  inPreflight,
  lastFailed,
  preflight,
  published,
  verified,
} from '../support/stages.ts';
import { atDestination, atSource, entry } from '../support/words.ts';

/** Its turn has come: the preflight is done, and its part is created. */
const begin = (scene: Scene): Scene => scene.reports(preflight(scene)).reports({ kind: 'creating' });

const fails = (scene: Scene, report: CopyReport = failed(atSource('EIO'))): Scene => scene.reports(report);

/** One more attempt, after whatever pause the one before it made necessary. */
const tryAgain = (scene: Scene): Scene => {
  const { retryAt } = scene.as('READY');
  return begin(scene.pass(Math.max(0, (retryAt ?? scene.wall()) - scene.wall())));
};

const pauseOf = (scene: Scene): number => (scene.as('READY').retryAt ?? scene.wall()) - scene.wall();

test('failed: the pause doubles from 5 s with every attempt that counts', () => {
  const scene = fails(copying({ route: { maxAttempts: 99 } }));
  const pauses = [pauseOf(scene)];
  for (let attempt = 2; attempt <= 9; attempt += 1) pauses.push(pauseOf(fails(tryAgain(scene))));
  assert.equal(pauses, [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]);
});

test('failed: what is too big for the destination needs a person after one attempt, and nothing as big is tried', () => {
  const scene = copying()
    .reports(failed(atDestination('EFBIG'), 1_250))
    .online();
  assert.equal([scene.hold(), scene.as('READY').retryAt], ['needs_you', null]);
  assert.is(scene.route().fileBytes, 1_250);
  const other = scene.sees(entry('b.mxf')).after(5_000).lists();
  other.reports(preflight(other, {}, 'b.mxf'), 'b.mxf');
  assert.ok(other.last.wrote.includes('b.mxf: IN_QUEUE > FAILED (failed: destination_error)'), other.last.wrote.join());
  assert.equal(
    other.last.asked.filter((asked) => asked.startsWith('copy')),
    [],
  );
  assert.equal([other.file('b.mxf').status, other.file('b.mxf').destination], ['READY', 'b.mxf']);
});

for (const code of ['EROFS', 'ENOSPC', 'EACCES', 'ENAMETOOLONG']) {
  test(`failed: a create that was refused by ${code} has begun nothing, and the name is kept`, () => {
    const refused = { kind: 'failed', fault: atDestination(code), syncedBytes: 0, sizeBytes: 5_000, isUncreated: true } as const;
    const scene = begin(inPreflight()).reports(refused).online();
    const ended = lastFailed(scene);
    assert.is(ended.begun, false);
    assert.equal([scene.file().destination, scene.file().recoveryOf], ['a.mxf', ended.id]);
  });
}

test('failed: at max_attempts it needs a person, is reported, and is still tried every 10 min', () => {
  const scene = fails(copying());
  for (let attempt = 2; attempt <= 4; attempt += 1) {
    fails(tryAgain(scene));
    assert.is(scene.hold(), 'backoff');
    assert.not(scene.last.asked.some((asked) => asked.startsWith('attention')));
  }
  fails(tryAgain(scene));
  assert.is(scene.file().countedAttempts, 5);
  assert.is(scene.hold(), 'needs_you');
  assert.ok(scene.last.asked.includes('attention a.mxf failed_too_often'));
  assert.equal(lastFailed(scene).error.follows, { kind: 'attempt', as: scene.file().destination, waitsFor: 'needs_you' });
  assert.is(pauseOf(scene), 600_000);

  scene.pass(599_999);
  assert.is(scene.hold(), 'needs_you');
  scene.pass(1);
  assert.is(scene.file().status, 'IN_QUEUE');
  fails(begin(scene));
  assert.is(scene.hold(), 'needs_you');
  assert.is(pauseOf(scene), 600_000);
});

test('failed: a closed gate never counts, however often', () => {
  const scene = copying();
  for (let outage = 1; outage <= 20; outage += 1) {
    close(scene);
    assert.is(scene.hold(), 'network');
    assert.is(scene.file().countedAttempts, 0);
    assert.is(scene.file().attempt, outage + 1);
    // Three closings in a minute would be flapping.
    begin(scene.after(60_000).online());
  }
});

test('failed: attempts are counted over all kinds but failures by a closed gate', () => {
  const scene = copying();
  fails(scene, failed(atDestination('EACCES'))).online();
  assert.is(scene.file().countedAttempts, 1);
  close(tryAgain(scene));
  assert.is(scene.file().countedAttempts, 1);
  begin(scene.online());
  fails(scene, failed(atDestination('ENOSPC')));
  assert.is(scene.file().countedAttempts, 2);
  assert.is(scene.hold(), 'space');
  scene.route().gate.askedAt = scene.at() + 30_000;
  begin(scene.after(30_000).online());
  scene.restarts();
  assert.is(scene.file().countedAttempts, 3);
  begin(scene.online());
  fails(scene.reports(copied()), failed(atDestination('MISMATCH')));
  assert.is(scene.file().countedAttempts, 4);
  assert.is(pauseOf(scene), 40_000);
  fails(tryAgain(scene));
  assert.is(scene.hold(), 'needs_you');
});

const lastOnes: readonly (readonly [string, (scene: Scene) => Scene])[] = [
  ['destination_full', (scene) => scene.reports(failed(atDestination('ENOSPC')))],
  ['agent_stopped', (scene) => scene.restarts()],
  ['checksum_mismatch', (scene) => scene.reports(copied()).reports(failed(atDestination('MISMATCH')))],
];

for (const [kind, last] of lastOnes) {
  test(`failed: ${kind} needs a person at max_attempts, as every kind that counts`, () => {
    const scene = last(copying({ route: { maxAttempts: 1 } }));
    assert.is(lastFailed(scene).error.kind, kind);
    assert.is(scene.hold(), 'needs_you');
    assert.is(pauseOf(scene), 600_000);
  });
}

test('failed: a source that was replaced begins the counting again', () => {
  const scene = fails(tryAgain(fails(tryAgain(fails(copying())))));
  assert.is(scene.file().countedAttempts, 3);
  fails(tryAgain(scene), failed(atSource('CHANGED')));
  assert.is(scene.file().status, 'DISCOVERED');
  assert.is(scene.file().countedAttempts, 1);
});

test('failed: COMPLETED begins the counting again', () => {
  const scene = begin(fails(copying()).pass(5_000));
  scene
    .reports(copied())
    .reports(verified)
    .reports(published)
    .sees(entry('a.mxf', 6_000, 2));
  assert.is(scene.file().countedAttempts, 0);
  assert.is(scene.file().attempt, 1);
  assert.is(completed().file().countedAttempts, 0);
});

test('failed: an attempt that never began counts, too', () => {
  const scene = inPreflight().reports(failed(atSource('EIO')));
  assert.is(scene.file().countedAttempts, 1);
  assert.is(scene.file().attempt, 2);
  assert.is(scene.hold(), 'backoff');
});

test('failed: what was withdrawn is the same attempt', () => {
  const scene = copying().reports({ kind: 'withdrawn', left: false });
  assert.is(scene.file().attempt, 1);
  assert.is(scene.file().countedAttempts, 0);
});

test('failed: a recording that fails too often leaves no more than maxVisible behind', () => {
  const scene = following();
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    fails(scene, failed(atSource('EIO'), 1_000, 3_000));
    tryAgain(scene);
  }
  assert.is(scene.file().leftVisible.length, 3);
  assert.equal(scene.file().leftVisible, ['a.mxf', 'a_1.mxf', 'a_2.mxf']);
});

test.run();
