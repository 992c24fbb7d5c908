import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Status } from '../../src/model/file.ts';
import type { RouteSettings } from '../../src/model/settings.ts';
import { routeSettings } from '../fixtures/route-settings.ts';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import {
  close,
  comparing,
  completed,
  copied,
  copying,
  failed,
  following,
  lastFailed,
  preflight,
  progress,
  published,
  publishing,
  ready,
  rested,
  verified,
} from '../support/stages.ts';
import { atDestination, atSource, entry, fingerprint, hash } from '../support/words.ts';

const usual = routeSettings({ name: ingest, destination: `/mnt/${ingest}` });
const whenTaken: Partial<RouteSettings> = { recovery: { ...usual.recovery, rename: 'when_taken' } };
const marked: Partial<RouteSettings> = { recovery: { ...usual.recovery, leftover: 'mark' } };

test('names: a recovery has the smallest free number, chosen and shown while the network is down', () => {
  const scene = close(copying());
  assert.is(scene.hold(), 'network');
  assert.is(scene.file().destination, 'a_1.mxf');
  assert.is(scene.file().nameNumber, 1);
  assert.is(scene.file().nameReason, 'recovery');
});

test('names: a recovery skips the name of a visible leftover', () => {
  const scene = close(following());
  assert.equal(scene.file().leftVisible, ['a.mxf']);
  assert.equal(scene.file().burned, ['a.mxf']);
  assert.is(scene.file().destination, 'a_1.mxf');
  scene.online();
  scene.reports(preflight(scene)).reports({ kind: 'creating' });
  close(scene);
  assert.is(scene.file().destination, 'a_2.mxf');
});

test('names: a recovery skips a name that a file of the source has', () => {
  const scene = copying({ lanes: 1 }).sees(entry('a_1.mxf'));
  assert.is(close(scene).file().destination, 'a_2.mxf');
});

test('names: a recovery skips a name that was copied by another file', () => {
  const scene = completed();
  scene.sees(entry('a_1.mxf')).lists(['a_1.mxf']);
  assert.is(scene.file('a_1.mxf').status, 'REMOVED');
  scene.route().names.set('a_1.mxf', scene.file().id);
  rested(scene.after(scene.route().settings.stuckAfterMs), entry('a.mxf', 6_000, 2));
  scene.reports(preflight(scene)).reports({ kind: 'creating' });
  assert.is(close(scene).file().destination, 'a_2.mxf');
});

test('names: a name whose link was not answered is burned for the lineage', () => {
  const scene = publishing()
    .reports(failed(atDestination('EIO')))
    .online();
  assert.equal(scene.file().burned, ['a.mxf']);
  scene.pass(5_000).reports(preflight(scene));
  assert.equal(scene.last.wrote, ['a.mxf: - name_given_up']);
  assert.is(scene.file().destination, 'a_1.mxf');
});

test('names: after a link without an answer, the file of that name is compared first, and has the bytes', () => {
  const scene = publishing()
    .reports(failed(atDestination('EIO')))
    .online();
  assert.is(scene.file().destination, 'a.mxf');
  scene.pass(5_000).reports(preflight(scene, { existingSizeBytes: 5_000 }));
  assert.ok(scene.as('COPYING').comparing);
  scene.reports({ kind: 'already_there', hash, readback: 'direct', fingerprint: fingerprint(5_000, 1) });
  assert.is(scene.as('COMPLETED').destination, 'a.mxf');
});

test('names: after a link without an answer, a file of that name with other bytes leads to the next name', () => {
  const scene = publishing()
    .reports(failed(atDestination('EIO')))
    .online();
  scene
    .pass(5_000)
    .reports(preflight(scene, { existingSizeBytes: 5_000 }))
    .reports({ kind: 'name_taken' });
  assert.is(scene.as('COPYING').destination, 'a_1.mxf');
});

test('names: a name with only a temporary file is not burned', () => {
  assert.equal(close(copying()).file().burned, []);
});

test('names: when_taken keeps the name if no visible file has it', () => {
  const scene = close(copying({ route: whenTaken }));
  assert.is(scene.file().destination, 'a.mxf');
  assert.is(scene.file().nameReason, null);
  assert.is(scene.file().recoveryOf, lastFailed(scene).id);
});

test('names: when_taken takes another name next to a visible leftover', () => {
  const scene = close(following({ route: whenTaken }));
  assert.is(scene.file().destination, 'a_1.mxf');
  assert.is(scene.file().nameReason, 'recovery');
});

test('names: when_taken takes another name if a link may still arrive', () => {
  const scene = publishing({ route: whenTaken })
    .reports(failed(atDestination('EIO')))
    .online();
  assert.equal(scene.file().burned, ['a.mxf']);
  scene.pass(5_000).reports(preflight(scene));
  assert.is(scene.file().destination, 'a_1.mxf');
  assert.is(scene.file().nameReason, 'recovery');
});

test('names: a name that is taken does not count as a recovery', () => {
  const scene = comparing().reports({ kind: 'name_taken' });
  assert.is(scene.file().nameReason, 'name_taken');
  assert.is(scene.file().recoveryOf, null);
});

test('names: a recovery whose planned name is taken stays a recovery, under the next name', () => {
  const scene = close(copying()).online();
  scene.reports(preflight(scene, { existingSizeBytes: 1 }));
  assert.is(scene.file().destination, 'a_2.mxf');
  assert.is(scene.file().nameReason, 'recovery');
});

test('names: an interrupted comparison created nothing, so the name is kept', () => {
  const scene = close(comparing());
  assert.is(scene.file().destination, 'a.mxf');
  assert.is(scene.file().recoveryOf, lastFailed(scene).id);
  assert.equal(scene.file().leftParts, []);
});

/** The recovery `a_1.mxf` is queued behind another file for the only lane. */
const recoveryInQueue = (): Scene => {
  const scene = close(copying({ lanes: 1 }));
  rested(scene, entry('b.mxf')).online();
  return scene;
};

test('names: a recovery in the queue yields its name to a source file, but not during its preflight', () => {
  const scene = recoveryInQueue();
  assert.is.not(scene.as('IN_QUEUE').copyId, null);
  assert.is(scene.sees(entry('a_1.mxf')).file().destination, 'a_1.mxf');

  const behind = recoveryInQueue();
  behind.reports(preflight(behind, { freeBytes: 0 })).after(30_000);
  behind.route().gate.askedAt = behind.at();
  behind.online();
  assert.is(behind.as('IN_QUEUE').copyId, null);
  assert.is(behind.sees(entry('a_1.mxf')).file().destination, 'a_2.mxf');
});

/** A recovery of `a.mxf` whose name `a_1.mxf` is only planned, in each state. */
const planned: Readonly<Partial<Record<Status, () => Scene>>> = {
  DISCOVERED: () => copying().reports(failed(atSource('CHANGED'))),
  GROWING: () =>
    copying()
      .reports(failed(atSource('CHANGED')))
      .sees(entry('a.mxf', 6_000, 2)),
  READY: () => close(copying()),
  WAITING_FOR_NETWORK: () =>
    close(copying())
      .online()
      .reports(failed(atDestination('EHOSTDOWN'))),
  WAITING_FOR_SPACE: () => {
    const scene = close(copying()).online();
    return scene.reports(preflight(scene, { freeBytes: 0 }));
  },
};
for (const [status, given] of Object.entries(planned)) {
  test(`names: a recovery that is ${status} yields its name to a source file`, () => {
    const scene = given();
    assert.equal([scene.file().status, scene.file().destination], [status, 'a_1.mxf']);
    assert.is(scene.sees(entry('a_1.mxf')).file().destination, 'a_2.mxf');
    assert.is(scene.file('a_1.mxf').destination, 'a_1.mxf');
  });
}

test('names: two routes name their copies independently', () => {
  const scene = ready({ twoRoutes: true });
  assert.is(scene.file('a.mxf').destination, 'a.mxf');
  assert.is(scene.file('a.mxf', [...scene.state.routes.keys()][1]).destination, 'a.mxf');
});

/** A recording whose first bytes arrived, and an outage. */
const leftMarked = (): Scene => close(following({ route: marked }).reports(progress(2_000, 3_000)));

test('names: a visible leftover is marked once its destination is online', () => {
  const scene = leftMarked();
  const ended = lastFailed(scene);
  assert.equal(scene.file().toMark, [{ from: 'a.mxf', to: `a.mxf.failed-${ended.id.slice(0, 8)}`, leastBytes: 2_000, inode: '7' }]);
  assert.not(scene.last.asked.includes('mark_leftover a.mxf'));
  scene.online();
  assert.ok([...scene.last.asked, ...scene.tick().last.asked].includes('mark_leftover a.mxf'));
});

test('names: a leftover whose create was reported is marked, even without a byte', () => {
  const [mark, ...others] = close(following({ route: marked })).file().toMark;
  assert.equal([mark?.from, mark?.leastBytes, others], ['a.mxf', 0, []]);
});

test('names: a hidden leftover is never marked', () => {
  assert.equal(close(copying({ route: marked }).reports(progress(2_000))).file().toMark, []);
});

test('names: a failed attempt that left only a temporary file has no name', () => {
  const scene = close(copying()).online();
  scene.reports(preflight(scene)).reports({ kind: 'creating' });
  assert.is(close(scene).file().destination, 'a_1.mxf');
});

test('names: a path that is found again never gets a name that its lineage has burned', () => {
  const scene = close(following()).online();
  scene.reports(preflight(scene)).reports({ kind: 'creating' }).reports(copied(3_000, 3)).reports(verified).reports(published);
  assert.is(scene.file().status, 'COMPLETED');
  scene.sees(entry('a.mxf', 9_000, 9));
  assert.equal([scene.file().destination, scene.file().nameReason], ['a_2.mxf', 'name_taken']);
});

test.run();
