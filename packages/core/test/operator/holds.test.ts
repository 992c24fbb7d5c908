import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { idleness } from '../../src/scan/idle.ts';
import { viewRoute } from '../../src/snapshot/route-view.ts';
import { nextWake } from '../../src/step/step.ts';
import { contradictions } from '../support/consistency.ts';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import { copied, copying, inPreflight, open, preflight, published, queued, ready, rested, verified } from '../support/stages.ts';
import { entry } from '../support/words.ts';
import { act, ann, ask, hold, steer } from './asking.ts';

const hourMs = 3_600_000;
const heldUntil = (scene: Scene): number | null => scene.route().hold?.until ?? null;
const wantsCopy = (scene: Scene): boolean => scene.last.effects.some(({ kind }) => kind === 'preflight' || kind === 'copy');

test('hold: journaled and shown with the operator, the reason and the end', () => {
  const scene = open();
  const until = scene.wall() + hourMs;
  hold(scene, until);
  const record = scene.journal.at(-1);
  assert.ok(record?.kind === 'route_fact');
  assert.equal([record.key, record.event], ['hold', { kind: 'held', ...ann, since: scene.wall(), until }]);
  assert.equal(viewRoute(scene.state, scene.route()).hold, {
    ...ann,
    since: new Date(scene.wall()).toISOString(),
    until: new Date(until).toISOString(),
  });
});

test('hold: a copy that runs finishes, no new copy starts, and a release starts it', () => {
  const scene = rested(copying({ lanes: 1 }), entry('b.mxf'));
  assert.is(scene.file('b.mxf').status, 'IN_QUEUE');
  hold(scene);
  assert.equal([scene.file('b.mxf').status, scene.hold('b.mxf')], ['READY', 'operator']);
  scene.reports(copied()).reports(verified).reports(published);
  assert.is(scene.file().status, 'COMPLETED');
  scene.online().pass(hourMs);
  assert.is(scene.file('b.mxf').status, 'READY');
  assert.not(wantsCopy(scene));
  steer(scene, 'release');
  assert.equal(scene.last.asked, ['preflight b.mxf as b.mxf']);
});

test('hold: a file in preflight waits again, and a late result of its preflight starts no copy', () => {
  const scene = inPreflight();
  const found = preflight(scene);
  const { copyId } = scene.as('IN_QUEUE');
  assert.ok(copyId !== null);
  hold(scene);
  assert.equal([scene.as('READY').hold, scene.hold()], [null, 'operator']);
  scene.send({ kind: 'copy_reported', route: ingest, fileId: scene.file().id, copyId, report: found });
  assert.is(scene.file().status, 'READY');
  assert.not(wantsCopy(scene));
  assert.equal(contradictions(scene.state), []);
});

test('hold: a file that settles during a hold waits, with the hold `operator`', () => {
  const scene = rested(hold(open()), entry('a.mxf'), entry('b.mxf'));
  assert.equal([scene.hold('a.mxf'), scene.hold('b.mxf')], ['operator', 'operator']);
  assert.is(viewRoute(scene.state, scene.route()).waiting, 2);
  steer(scene, 'release');
  assert.equal([scene.file('a.mxf').status, scene.file('b.mxf').status], ['IN_QUEUE', 'IN_QUEUE']);
});

test('hold: the opening of the gate moves no file of a held route', () => {
  const scene = hold(ready());
  scene.online();
  assert.equal([scene.file().status, scene.hold()], ['READY', 'operator']);
});

test('hold: a hold with an end is released at that moment, and that is journaled', () => {
  const scene = hold(rested(open(), entry('b.mxf')), null);
  steer(scene, 'release');
  const until = scene.wall() + 120_000;
  hold(scene, until);
  assert.ok(nextWake(scene.state) <= scene.at() + 120_000);
  scene.pass(119_999);
  assert.is(heldUntil(scene), until);
  scene.pass(1);
  assert.is(scene.route().hold, null);
  const released = scene.journal.findLast((record) => record.kind === 'route_fact' && record.key === 'hold');
  assert.ok(released?.kind === 'route_fact');
  assert.equal(released.event, { kind: 'hold_expired' });
  assert.is(scene.file('b.mxf').status, 'IN_QUEUE');
});

test('hold: an end in the past does not hold the route', () => {
  const scene = hold(open(), 0);
  assert.is(scene.route().hold, null);
  assert.is(scene.route().holdEndsAt, Number.POSITIVE_INFINITY);
});

test('hold: a second hold replaces the first, with its own end', () => {
  const scene = hold(open(), open().wall() + 1_000);
  hold(scene, null);
  scene.pass(10_000);
  assert.equal(scene.route().hold, { ...ann, since: scene.wall() - 10_000, until: null });
});

test('hold: a hold without an end is kept over a restart, with operator and reason', () => {
  const scene = rested(hold(open()), entry('a.mxf'));
  const before = scene.route().hold;
  scene.after(hourMs).restarts().online().pass(hourMs);
  assert.equal(scene.route().hold, before);
  assert.equal([scene.file().status, scene.hold()], ['READY', 'operator']);
});

test('hold: a hold with an end is kept over a restart and ends at its time', () => {
  const scene = open();
  const until = scene.wall() + hourMs;
  hold(scene, until)
    .after(hourMs / 2)
    .restarts();
  assert.is(heldUntil(scene), until);
  assert.is(scene.route().holdEndsAt, scene.at() + hourMs / 2);
  scene.pass(hourMs / 2);
  assert.is(scene.route().hold, null);
});

test('hold: a hold whose end passed while no agent ran ends with the first event of the next run', () => {
  const scene = hold(open(), open().wall() + 1_000);
  scene.after(hourMs).restarts();
  assert.is(scene.route().hold, null);
  scene.restarts();
  assert.is(scene.route().hold, null, 'and that was journaled');
});

test('hold: a released hold does not come back after a restart', () => {
  const scene = steer(hold(open()), 'release').restarts();
  assert.is(scene.route().hold, null);
});

test('hold: other routes continue', () => {
  const scene = rested(hold(open({ twoRoutes: true }).online({}, 'archive' as never)), entry('a.mxf'));
  assert.is(scene.file('a.mxf').status, 'READY');
  assert.is(scene.file('a.mxf', 'archive' as never).status, 'IN_QUEUE');
});

/** Completes two listings, `stable_after` apart, after everything else. */
const quietly = (scene: Scene): string => {
  scene.send({
    kind: 'source_state',
    route: ingest,
    state: 'ok',
    code: null,
    unreadPath: null,
    freeBytes: null,
    cacheMs: 0,
    description: null,
  });
  scene.lists().after(scene.route().settings.stableAfterMs).lists();
  return idleness(scene.state, scene.at());
};

for (const [claim, make] of [
  ['that waits', (): Scene => rested(hold(open()), entry('a.mxf'))],
  ['that was in the queue', (): Scene => hold(queued())],
  ['that was in preflight', (): Scene => hold(inPreflight())],
] as const) {
  test(`hold without an end: an agent that runs until it is idle ends while a file ${claim} needs a person`, () => {
    assert.is(quietly(make()), 'needs_a_person');
  });
}

test('hold without an end: with nothing to copy the result is all_copied', () => {
  assert.is(quietly(hold(open())), 'all_copied');
});

test('hold with an end: an agent that runs until it is idle waits for it', () => {
  const scene = rested(hold(open(), open().wall() + hourMs), entry('a.mxf'));
  assert.is(quietly(scene), 'busy');
});

test('hold: a skipped file stays skipped when its route is released', () => {
  const scene = rested(hold(open()), entry('a.mxf'));
  act(scene, 'skip');
  steer(scene, 'release');
  assert.equal([scene.file().status, scene.hold()], ['READY', 'operator']);
});

test('rescan: a listing is requested at once, and the operator is journaled', () => {
  const scene = open().lists().after(10);
  ask(scene, { do: 'rescan', route: ingest });
  assert.equal(scene.last.asked, ['list_source ingest']);
  const record = scene.journal.at(-1);
  assert.ok(record?.kind === 'route_fact');
  assert.equal([record.key, record.event], ['note', { kind: 'rescan_asked', ...ann }]);
});

test.run();
