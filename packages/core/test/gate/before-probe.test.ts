import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/model/limits.ts';
import { timeText } from '../../src/snapshot/file-view.ts';
import { viewRoute } from '../../src/snapshot/route-view.ts';
import { createScene, type Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import { close, open } from '../support/stages.ts';

const settings = { route: { beforeProbe: ['mount', '/mnt/nas'] } };
const asked = (scene: Scene): string[] => scene.last.asked.filter((text) => /^(?:probe|prepare) /.test(text));
const prepared = (scene: Scene): Scene => scene.send({ kind: 'prepared', route: ingest });

/** Lets time pass and answers every probe with `bad`. @returns the probes and commands that were requested */
function offlineFor(scene: Scene, ms: number): string[] {
  const until = scene.at() + ms;
  const all: string[] = [];
  while (scene.at() < until) {
    all.push(...asked(scene.pass(Math.min(500, until - scene.at()))));
    if (scene.route().gate.outstanding !== null) all.push(...asked(scene.offline()));
  }
  return all;
}

test('pursuePrepare: the first probe of an unknown destination waits until the command has ended', () => {
  const scene = createScene(settings);
  assert.equal(asked(scene), ['prepare ingest']);
  assert.equal(asked(scene.pass(60_000)), []);
  assert.equal(asked(prepared(scene)), ['probe ingest']);
});

test('pursuePrepare: a command that never ends delays that probe for a bounded time', () => {
  const scene = createScene(settings);
  assert.equal(asked(scene.pass(limits.prepareLastMs)), ['probe ingest']);
});

test('pursuePrepare: a reload without the command ends the wait for it', () => {
  const scene = createScene(settings);
  assert.equal(asked(scene.pass(5_000)), []);
  const { settings: now } = scene.state;
  const routes = now.routes.map((route) => ({ ...route, beforeProbe: [] }));
  assert.equal(asked(scene.send({ kind: 'reloaded', settings: { ...now, routes }, by: 'ann' })), ['probe ingest']);
});

test('pursuePrepare: a destination that is online is not prepared', () => {
  const scene = prepared(createScene(settings)).online();
  const seen: string[] = [];
  for (let time = 0; time < 100; time += 1) {
    seen.push(...asked(scene.pass(2_000)));
    if (scene.route().gate.outstanding !== null) scene.online();
  }
  assert.is(seen.includes('prepare ingest'), false);
});

test('pursuePrepare: while a destination is offline the command runs at most once a minute, and a probe follows each', () => {
  const scene = close(prepared(createScene(settings)).online());
  const seen: string[] = [];
  for (let minutes = 0; minutes < 5; minutes += 1) {
    seen.push(...offlineFor(scene, 30_000));
    if (scene.route().gate.preparing.isRunning) prepared(scene);
    seen.push(...offlineFor(scene, 30_000));
    if (scene.route().gate.preparing.isRunning) prepared(scene);
  }
  const runs = seen.filter((text) => text === 'prepare ingest').length;
  assert.ok(runs >= 4 && runs <= 6, String(runs));
});

test('pursuePrepare: a known destination is probed even though the command hangs', () => {
  const scene = close(prepared(createScene(settings)).online());
  offlineFor(scene, 65_000);
  assert.ok(scene.route().gate.preparing.isRunning);
  const later = offlineFor(scene, 3 * 60_000);
  assert.ok(later.filter((text) => text === 'probe ingest').length > 60, later.join());
  assert.is(later.includes('prepare ingest'), false);
  scene.online();
  assert.is(scene.route().gate.state, 'open');
});

test('pursuePrepare: without a command no probe waits', () => {
  assert.equal(asked(createScene()), ['probe ingest']);
});

test('viewRoute: names the running command, and whether the first probe waits for it', () => {
  const scene = createScene(settings);
  const seen = () => viewRoute(scene.state, scene.route()).beforeProbe;
  const since = timeText(scene.wall());
  assert.equal(seen(), { program: 'mount', since, isAwaited: true });
  scene.pass(5_000);
  assert.is(seen()?.since, since);
  assert.is(seen()?.isAwaited, true);
  prepared(scene);
  assert.is(seen(), null);
  close(scene.online());
  offlineFor(scene, 65_000);
  assert.is(seen()?.isAwaited, false);
  scene.online();
  assert.is(seen(), null);
});

test('step: the end of a command of the operator is recorded for each of its routes, and has no effects', () => {
  const scene = open();
  const end = { kind: 'ended', code: 3, diagnosis: '' } as const;
  scene.send({ kind: 'hook_ended', hook: 'on_done', program: '/bin/x', tookMs: 5, end, routes: [{ route: ingest, calls: 2 }] });
  assert.equal(scene.last.wrote, ['ingest: note hook_ended']);
  assert.equal(scene.last.asked, []);
});

test.run();
