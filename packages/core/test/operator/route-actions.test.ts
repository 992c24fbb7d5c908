import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type RouteAction } from '../../src/messages/action.ts';
import { type RouteName } from '../../src/model/ids.ts';
import { type Refusal } from '../../src/model/refusal.ts';
import { refusal } from '../../src/operator/refusal.ts';
import { restoreState } from '../../src/step/lifecycle.ts';
import type { Scene } from '../support/scene.ts';
import { coreSettings, ingest } from '../support/settings.ts';
import { close, open, shut } from '../support/stages.ts';
import { badProbe, goodProbe } from '../support/words.ts';
import { ann, ask, hold, steer } from './asking.ts';

/** Actions that the state of the route as a whole can refuse. */
type Doing = Exclude<RouteAction['do'], 'remove_sources'>;

const wrongDisk = (): Scene =>
  open()
    .after(3_600_000)
    .tick()
    .offline({ cause: 'not_the_destination', code: 'MARKER', finding: { kind: 'marker_differs', found: 'another', expected: 'known' } });
const action = (doing: Doing, route: string = ingest): RouteAction => {
  const name = route as RouteName;
  if (doing === 'hold') return { do: doing, route: name, until: null };
  return doing === 'prune' ? { do: doing, route: name, before: 0 } : { do: doing, route: name };
};

const situations = { open, offline: shut, 'the wrong disk': wrongDisk, held: () => hold(open()) } as const;
const none: Refusal = { kind: 'nothing_to_acknowledge' };
const notHeld: Refusal = { kind: 'not_held' };
const online: Refusal = { kind: 'destination_online' };
const { cause, code, finding } = badProbe;
const left: Refusal = { kind: 'no_leftovers' };
const away = { kind: 'destination_offline', destination: '/mnt/ingest', cause, code, finding } as const;
const otherDisk: Refusal = {
  ...away,
  cause: 'not_the_destination',
  code: 'MARKER',
  finding: { kind: 'marker_differs', found: 'another', expected: 'known' },
};

const refusals: { readonly [situation in keyof typeof situations]: { readonly [doing in Doing]: Refusal | null } } = {
  open: { hold: null, release: notHeld, rescan: null, adopt: online, acknowledge: none, remove_leftovers: left, prune: null },
  offline: {
    hold: null,
    release: notHeld,
    rescan: null,
    adopt: away,
    acknowledge: none,
    remove_leftovers: away,
    prune: null,
  },
  'the wrong disk': {
    hold: null,
    release: notHeld,
    rescan: null,
    adopt: null,
    acknowledge: none,
    remove_leftovers: otherDisk,
    prune: null,
  },
  held: { hold: null, release: null, rescan: null, adopt: online, acknowledge: none, remove_leftovers: left, prune: null },
};

for (const [situation, ofEach] of Object.entries(refusals) as [keyof typeof refusals, (typeof refusals)['open']][]) {
  for (const [doing, why] of Object.entries(ofEach) as [Doing, Refusal | null][]) {
    test(`${doing} of a route that is ${situation}: ${why === null ? 'done' : `refused: ${why.kind}`}`, () => {
      const scene = situations[situation]();
      const seq = scene.journal.length;
      assert.equal(refusal(scene.state, action(doing)), why);
      scene.send({ kind: 'operator_asked', action: action(doing), who: ann });
      if (why !== null) assert.is(scene.journal.length, seq);
      else {
        const events = scene.journal.slice(seq).flatMap((record) => (record.kind === 'route_fact' ? [record.event] : []));
        assert.ok(
          events.some((event) => 'reason' in event && event.by === ann.by && event.reason === ann.reason),
          'operator and reason are journaled',
        );
      }
    });
  }
}

for (const doing of ['hold', 'release', 'rescan', 'adopt'] as const) {
  test(`${doing} of an unknown route: refused with the names of the known ones`, () => {
    const scene = open({ twoRoutes: true });
    for (const name of ['inbox', '__proto__', '', '\u001b[2J']) {
      const why = { kind: 'unknown_route', route: name, routes: ['ingest', 'archive'] };
      assert.equal(refusal(scene.state, action(doing, name)), why);
      const seq = scene.journal.length;
      scene.send({ kind: 'operator_asked', action: action(doing, name), who: ann });
      assert.is(scene.journal.length, seq);
    }
  });
}

test('adopt: the next probe accepts the destination that it finds, which is the known one from then on', () => {
  const scene = wrongDisk();
  const known = scene.route().gate.marker;
  steer(scene, 'adopt');
  const probe = scene.last.effects.find((effect) => effect.kind === 'probe');
  assert.ok(probe?.kind === 'probe');
  assert.equal([probe.expectedMarker, probe.plainFolderMeant], [null, true]);
  const adopted = scene.journal.findLast((record) => record.kind === 'route_fact' && record.key === 'adopted');
  assert.ok(adopted?.kind === 'route_fact');
  assert.equal(adopted.event, { kind: 'destination_adopted', ...ann, before: known, destination: '/mnt/ingest' });
  const marker = '99999999-0000-4000-8000-000000000000';
  scene.online({ marker });
  assert.equal([scene.route().gate.state, scene.route().gate.marker], ['open', marker]);
  scene.restarts().tick();
  const again = scene.last.effects.find((effect) => effect.kind === 'probe');
  assert.is(again === undefined ? scene.route().gate.marker : (again as { expectedMarker: string | null }).expectedMarker, marker);
});

test('adopt: a crash before the next probe does not bring the old marker back', () => {
  const scene = steer(wrongDisk(), 'adopt').restarts();
  assert.is(scene.route().gate.marker, null);
  assert.is(scene.route().gate.plainFolderMeant, true);
});

test('adopt: applies to this destination, not to one that is configured later', () => {
  const scene = steer(wrongDisk(), 'adopt').online({ marker: goodProbe(ingest).marker });
  const routeFacts = scene.journal.filter((record) => record.kind === 'route_fact');
  const image = { nextSeq: scene.journal.length + 1, files: [], routeFacts, usedNames: [] };
  const settings = coreSettings({ route: { destination: '/mnt/other' } });
  const state = restoreState({ settings, image, untilIdle: false, at: 0, wall: scene.wall() });
  const gate = state.routes.get(ingest)?.gate;
  assert.equal([gate?.marker, gate?.plainFolderMeant], [null, false]);
});

test('stopRequested: the operator and the reason are journaled once', () => {
  const stop = { kind: 'stop_requested', by: ann.by, reason: ann.reason, mode: 'drain' } as const;
  const scene = open().send(stop);
  const events = scene.last.records.flatMap((record) => (record.kind === 'route_fact' ? [record.event] : []));
  assert.equal(events, [{ ...stop, kind: 'stop_asked' }]);
  assert.equal(scene.send(stop).last.records, []);
});

test('adopt: changes nothing if the known destination comes back meanwhile', () => {
  const scene = close(open());
  const known = scene.route().gate.marker;
  scene.send({ kind: 'operator_asked', action: action('adopt'), who: ann });
  assert.is(scene.route().gate.marker, known);
});

test('a hold, a release and a rescan while the agent stops start nothing', () => {
  const scene = open().send({ kind: 'stop_requested', by: 'ann', mode: 'drain' });
  for (const doing of ['hold', 'release', 'rescan'] as const) {
    ask(scene, action(doing));
    assert.equal(scene.last.asked, []);
  }
});

test.run();
