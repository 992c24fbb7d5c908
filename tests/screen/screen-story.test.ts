import { refusal } from '@sluice/core';
import type { CopyReport, TrackedFile } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ScreenFrame, screenSorts, screenTabs } from '../../packages/control/src/protocol/screen-frame.ts';
import { everyReport } from '../../packages/core/test/support/reports.ts';
import type { Scene } from '../../packages/core/test/support/scene.ts';
import { close, copied, preflight, published, rested, verified } from '../../packages/core/test/support/stages.ts';
import { clip, entry } from '../../packages/core/test/support/words.ts';
import { createPrng, type Prng } from '../../packages/testkit/src/prng.ts';
import { createStage, type FakeClient, type Stage } from './screen-stage.ts';

const seeds = 25;
const verbs = 60;
const paths = ['a.mxf', 'B.mov', 'c_1.mxf', 'd.mxf', 'e.mxf', 'f.mxf'];

/** Applies an event that can happen to an agent. */
function happens(scene: Scene, { pick, chance, between }: Prng): void {
  const live = [...scene.state.files.values()].filter((file) => 'copyId' in file && file.copyId !== null);
  const known = [...scene.state.files.values()];
  const kind = pick(['new', 'moves', 'rests', 'online', 'offline', 'carrier', 'carrier', 'carrier', 'carrier', 'operator', 'later']);
  if (kind === 'new') scene.sees(chance(0.5) ? clip(pick(paths), between(1, 9) * 1_000) : entry(pick(paths)));
  if (kind === 'moves') scene.after(1_000).sees(clip(pick(paths), between(1, 20) * 1_000, between(1, 9)));
  if (kind === 'rests') rested(scene, entry(pick(paths), 5_000, between(1, 3)));
  if (kind === 'online') scene.online();
  if (kind === 'offline') close(scene);
  if (kind === 'carrier' && live.length > 0) reports(scene, pick(live), pick(everyReport), chance(0.7));
  if (kind === 'operator' && known.length > 0) operates(scene, pick(known), pick(['retry', 'skip', 'first', 'hold', 'release'] as const));
  if (kind === 'later') scene.after(chance(0.2) ? 30 * 3_600_000 : 20_000).tick();
}

/** @param goesWell true: the next report of a copy that succeeds; else any possible report */
function reports(scene: Scene, file: TrackedFile, any: CopyReport, goesWell: boolean): void {
  const path = file.source;
  if (!goesWell) {
    scene.reports(any, path);
    return;
  }
  if (file.status === 'IN_QUEUE') scene.reports(preflight(scene, {}, path), path);
  else if (file.status === 'VERIFYING') scene.reports(file.publishing.step === 'none' ? verified : published, path);
  else if ('begun' in file && !file.begun) scene.reports({ kind: 'created', identity: { device: '41', inode: '7' } }, path);
  else scene.reports(copied(file.fingerprint.sizeBytes, Number(file.fingerprint.mtimeNs)), path);
}

function operates(scene: Scene, { route, source }: TrackedFile, doing: 'retry' | 'skip' | 'first' | 'hold' | 'release'): void {
  const action =
    doing === 'hold'
      ? ({ do: doing, route, until: null } as const)
      : doing === 'release'
        ? ({ do: doing, route } as const)
        : ({ do: doing, route, source } as const);
  if (refusal(scene.state, action) === null) scene.send({ kind: 'operator_asked', action, who: { by: 'ann', reason: null } });
}

/** Returns what does not depend on the client, and on when it began to watch. */
function last(shown: ScreenFrame): unknown {
  const { v, agent, totals, rows, verdict, routes } = shown;
  return {
    v,
    agent,
    totals: { ...totals, bytesPerSecond: null, etaMs: null },
    rows,
    isWell: verdict.ok,
    routes: routes.map((route) => ({ ...route, nextProbeInMs: route.nextProbeInMs === null })),
  };
}

async function watchAll(stage: Stage, prng: Prng): Promise<FakeClient[]> {
  const windows = [
    {},
    { limit: 3, offset: 2 },
    { tab: 'done', hideRecovered: true },
    { filter: prng.pick(['state:failed', 'hold:net', '_1', 'hold:op state:ready']) },
    { tab: prng.pick(screenTabs), sort: prng.pick(screenSorts), isReversed: prng.chance(0.5), hideRecovered: prng.chance(0.5) },
  ] as const;
  return await Promise.all(windows.map((window) => stage.watch(window)));
}

for (let seed = 1; seed <= seeds; seed += 1) {
  test(`deltas: after any events, a screen shows what one that starts again would show (seed ${seed})`, async () => {
    const prng = createPrng(seed);
    const stage = createStage({ lanes: prng.between(1, 3), twoRoutes: false });
    const clients = await watchAll(stage, prng);
    for (let count = 1; count <= verbs; count += 1) {
      stage.does((scene) => happens(scene, prng));
      // Changes without a report are found within two comparisons.
      stage.pass(600);
      if (count % 5 !== 0) continue;
      const rebuilt = stage.rebuilt();
      for (const client of clients) {
        const fresh = await rebuilt.watch(client.window);
        assert.equal(last(client.frame), last(fresh.frame), `after ${count}: ${JSON.stringify(client.window)}`);
        fresh.end();
      }
      if (prng.chance(0.2)) await prng.pick(clients).watch({ sort: prng.pick(screenSorts), tab: prng.pick(screenTabs) });
    }
    assert.equal(stage.troubles, []);
  });
}

test.run();
