import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CopyReport } from '../../src/model/copy.ts';
import { act } from '../operator/asking.ts';
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
  open,
  preflight,
  published,
  rested,
  verified,
} from '../support/stages.ts';
import { atDestination, atSource, entry } from '../support/words.ts';

/** Passes the preflight, and creates the temporary file. */
const begin = (scene: Scene): Scene => scene.reports(preflight(scene)).reports({ kind: 'creating' });

const fails = (scene: Scene, report: CopyReport = failed(atSource('EIO'))): Scene => scene.reports(report);

/** Makes one more attempt, after the pause that the one before caused. */
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

test('failed: a file that is too big for the destination needs a person after one attempt, and no file of this size is tried', () => {
  const scene = copying()
    .reports(failed(atDestination('EFBIG'), 1_250))
    .online();
  assert.equal([scene.hold(), scene.as('READY').retryAt], ['needs_you', null]);
  assert.ok(scene.last.wrote.includes('a.mxf: DISCOVERED > READY (no_use_trying)'), scene.last.wrote.join());
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

const refused = (code: string, takenBytes: number): CopyReport => ({
  kind: 'failed',
  fault: atDestination(code),
  syncedBytes: 0,
  sizeBytes: 5_000,
  isUncreated: true,
  takenBytes,
});

/** Runs a file of this name up to the report, which a good probe follows. */
function endsBy(path: string, report: CopyReport): Scene {
  const scene = rested(open(), entry(path));
  scene.reports(preflight(scene, {}, path), path).reports({ kind: 'creating' }, path);
  return scene.reports(report, path).online();
}

const longName = `${'n'.repeat(160)}.mxf`;
for (const [what, path, code, takenBytes] of [
  ['a name', longName, 'ENAMETOOLONG', 143],
  ['the name of a folder', 'day1/a.mxf', 'FOLDER_TOO_LONG', 143],
  ['a path', `day1/${longName}`, 'PATH_TOO_LONG', 150],
] as const) {
  test(`failed: ${what} that is too long needs a person after one attempt, and is not tried again by itself`, () => {
    const scene = endsBy(path, refused(code, takenBytes));
    assert.equal([scene.hold(path), scene.as('READY', path).retryAt], ['needs_you', null]);
    assert.is(scene.file(path).countedAttempts, 1);
  });
}

test('failed: a temporary name that was too long is shortened for the next attempt; the name of the copy is not', () => {
  const path = `${'n'.repeat(136)}.mxf`;
  const scene = endsBy(path, refused('ENAMETOOLONG', 143));
  assert.is(scene.hold(path), 'backoff');
  scene.pass(5_000);
  scene.reports(preflight(scene, {}, path), path);
  const { destination, part } = scene.as('COPYING', path);
  assert.is(destination, path);
  assert.is(Buffer.byteLength(part ?? ''), 143);
});

test('failed: a path that was too long shortens no name elsewhere', () => {
  const scene = endsBy(`day1/${longName}`, refused('PATH_TOO_LONG', 166));
  assert.is(scene.route().nameBytes, 255);
  scene.sees(entry(longName)).after(5_000).lists();
  scene.reports(preflight(scene, { existingSizeBytes: 7 }, longName), longName);
  assert.is(scene.file(longName).destination, `${'n'.repeat(160)}_1.mxf`);
});

test('failed: a path that is longer than the destination takes is reported before anything is created', () => {
  const scene = endsBy(`day1/${longName}`, refused('PATH_TOO_LONG', 166));
  const other = `day2/${longName}`;
  scene.sees(entry(other)).after(5_000).lists();
  scene.reports(preflight(scene, {}, other), other);
  assert.ok(scene.last.wrote.includes(`${other}: IN_QUEUE > FAILED (failed: destination_error)`), scene.last.wrote.join());
  assert.is(scene.hold(other), 'needs_you');
});

test('failed: a preflight that is refused for a length does not wait for the network', () => {
  const scene = rested(open(), entry(longName));
  scene.reports(refused('ENAMETOOLONG', 143), longName);
  assert.equal([scene.file(longName).status, scene.hold(longName)], ['READY', 'needs_you']);
});

test('retry: the learned lengths and sizes are forgotten', () => {
  const scene = endsBy(longName, refused('ENAMETOOLONG', 143));
  assert.is(scene.route().nameBytes, 143);
  act(scene, 'retry', longName);
  assert.equal([scene.route().nameBytes, scene.route().taken], [255, { nameBytes: null, pathBytes: null }]);
});

for (const code of ['EROFS', 'ENOSPC', 'EACCES', 'ENAMETOOLONG']) {
  test(`failed: a create that was refused by ${code} created nothing, and the name is kept`, () => {
    const refused = { kind: 'failed', fault: atDestination(code), syncedBytes: 0, sizeBytes: 5_000, isUncreated: true } as const;
    const scene = begin(inPreflight()).reports(refused).online();
    const ended = lastFailed(scene);
    assert.is(ended.begun, false);
    assert.equal([scene.file().destination, scene.file().recoveryOf], ['a.mxf', ended.id]);
  });
}

test('failed: at max_attempts it needs a person, a person is called, and it is still tried every 10 min', () => {
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

test('failed: an attempt that ends with a closed gate never counts', () => {
  const scene = copying();
  for (let outage = 1; outage <= 20; outage += 1) {
    close(scene);
    assert.is(scene.hold(), 'network');
    assert.is(scene.file().countedAttempts, 0);
    assert.is(scene.file().attempt, outage + 1);
    // Three closings within a minute would count as flapping.
    begin(scene.after(60_000).online());
  }
});

test('failed: attempts are counted over all kinds of errors, except those of a closed gate', () => {
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

test('failed: a source that was replaced resets the count', () => {
  const scene = fails(tryAgain(fails(tryAgain(fails(copying())))));
  assert.is(scene.file().countedAttempts, 3);
  fails(tryAgain(scene), failed(atSource('CHANGED')));
  assert.is(scene.file().status, 'DISCOVERED');
  assert.is(scene.file().countedAttempts, 1);
});

test('failed: COMPLETED resets the count', () => {
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

test('failed: an attempt that never began counts too', () => {
  const scene = inPreflight().reports(failed(atSource('EIO')));
  assert.is(scene.file().countedAttempts, 1);
  assert.is(scene.file().attempt, 2);
  assert.is(scene.hold(), 'backoff');
});

test('failed: a withdrawn copy is the same attempt', () => {
  const scene = copying().reports({ kind: 'withdrawn', left: false });
  assert.is(scene.file().attempt, 1);
  assert.is(scene.file().countedAttempts, 0);
});

test('failed: a recording that fails too often leaves at most maxVisible visible files', () => {
  const scene = following();
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    fails(scene, failed(atSource('EIO'), 1_000, 3_000));
    tryAgain(scene);
  }
  assert.is(scene.file().leftVisible.length, 3);
  assert.equal(scene.file().leftVisible, ['a.mxf', 'a_1.mxf', 'a_2.mxf']);
});

test.run();
