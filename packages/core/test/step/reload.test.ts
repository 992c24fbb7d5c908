import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RouteAction } from '../../src/messages/action.ts';
import type { JournalImage, JournalRecord } from '../../src/messages/record.ts';
import { routeName } from '../../src/model/ids.ts';
import type { RouteSettings } from '../../src/model/settings.ts';
import { refusal } from '../../src/operator/refusal.ts';
import type { RouteState } from '../../src/state/state.ts';
import { nextWake, type StepResult } from '../../src/step/step.ts';
import {
  answerProbe,
  copyingCore,
  createTestCore,
  entryOf,
  finish,
  goodProbe,
  ingest,
  live,
  report,
  see,
  settingsOf,
  settle,
  type TestCore,
} from '../support/test-core.ts';

const other = routeName('other');
const otherSettings = settingsOf({ name: other, source: '/src/other', destination: '/mnt/other' });

/** Other settings are in force from now on. */
function reload(core: TestCore, routes: readonly RouteSettings[], by = 'ann'): StepResult {
  return core.send({ kind: 'reloaded', settings: { ...core.state.settings, routes }, by });
}

function notesOf({ records }: StepResult): readonly unknown[] {
  return records.flatMap((record) => {
    if (record.kind !== 'route_fact') return [];
    const { event } = record;
    if (event.kind === 'configured') return [[record.route, 'configured', event.changed, event.by]];
    return event.kind === 'unconfigured' ? [[record.route, 'unconfigured', event.by]] : [[record.route, event.kind]];
  });
}

const kindsOf = ({ effects }: StepResult): readonly string[] => effects.map(({ kind }) => kind);

function leftRoute(core: TestCore): RouteState | undefined {
  return core.state.routes.get(ingest);
}

test('reloaded: the settings are in force, and journaled with who asked', () => {
  const core = copyingCore(['a']);
  core.send({ kind: 'configured' });
  const done = reload(core, [settingsOf({ maxRateBytesPerSecond: 5, stableAfterMs: 7 })]);
  assert.equal(notesOf(done), [[ingest, 'configured', ['stableAfterMs', 'maxRateBytesPerSecond'], 'ann']]);
  assert.is(core.route.settings.stableAfterMs, 7);
  assert.is(kindsOf(done)[0], 'configure_routes');
  assert.is(core.file('a').status, 'COPYING', 'the running copy goes on');
});

test('reloaded: the same settings write nothing', () => {
  const core = copyingCore(['a']);
  core.send({ kind: 'configured' });
  assert.equal(reload(core, [settingsOf()]).records, []);
});

test('reloaded: a shorter stable_after applies to files that are settling', () => {
  const core = createTestCore({ route: { stableAfterMs: 3_600_000, growing: { enabled: false } } });
  answerProbe(core);
  see(core, entryOf('a', 10));
  live(core, 10_000);
  const due = core.at() + 1_000;
  assert.ok(core.state.alarms.earliest() === null || (core.state.alarms.earliest() ?? 0) > due);
  reload(core, [settingsOf({ stableAfterMs: 11_000, growing: { enabled: false } })]);
  assert.ok((core.state.alarms.earliest() ?? Number.POSITIVE_INFINITY) <= due);
});

test('reloaded: shorter pauses between probes and scans take effect at once', () => {
  const core = createTestCore({ route: { scanEveryMs: 3_600_000, probe: { openMs: 3_600_000 } } });
  answerProbe(core);
  core.route.scanning.listing = null;
  core.route.scanning.nextListingAt = core.at() + 3_600_000;
  reload(core, [settingsOf({ scanEveryMs: 100, probe: { openMs: 200 } })]);
  assert.is(core.route.gate.nextProbeAt, core.at() + 200);
  assert.is(core.route.scanning.nextListingAt, core.at() + 100);
});

test('reloaded: a removed route starts nothing new, and its running copies finish', () => {
  const core = copyingCore(['a', 'b']);
  core.send({ kind: 'configured' });
  settle(core, entryOf('c', 1_000));
  const done = reload(core, [otherSettings]);
  assert.equal(notesOf(done), [
    [ingest, 'unconfigured', 'ann'],
    [other, 'configured', [], 'ann'],
  ]);
  finish(core, 'a');
  assert.equal([core.file('a').status, core.file('b').status, core.file('c').status], ['COMPLETED', 'COPYING', 'READY']);
  assert.equal(core.route.hold, { by: 'ann', since: core.route.hold?.since, until: null, reason: 'removed from sluice.toml' });
  assert.equal([...core.state.routes.keys()], [other, ingest]);
  finish(core, 'b');
  assert.ok(core.route.ending?.isDrained);
  assert.is(core.file('c').status, 'READY');
});

test('route_left: the removed route is forgotten, and later reports about it are ignored', () => {
  const core = copyingCore(['a']);
  reload(core, [otherSettings]);
  assert.is(core.send({ kind: 'route_left', route: ingest }).effects.length, 0, 'not while a copy runs');
  const id = core.file('a').id;
  finish(core, 'a');
  assert.equal(kindsOf(core.send({ kind: 'route_left', route: ingest })).includes('end_route'), true);
  assert.is(leftRoute(core), undefined);
  assert.is(core.state.files.has(id), false);
  assert.equal(see(core, entryOf('a', 5)).records, []);
  assert.ok(nextWake(core.state) > Number.NEGATIVE_INFINITY);
});

test('reloaded: a route without running copies leaves at once', () => {
  const core = createTestCore();
  assert.equal(kindsOf(reload(core, [otherSettings])).includes('route_drained'), true);
});

test('reloaded: a running copy that fails is not started again while its route is being removed', () => {
  const core = copyingCore(['a']);
  reload(core, [otherSettings]);
  const fault = { side: 'destination', code: 'EIO', operation: 'write', message: 'x' } as const;
  report(core, 'a', { kind: 'failed', fault, syncedBytes: 0, sizeBytes: 1_000 });
  const later = live(core, 600_000);
  assert.equal(
    later.effects.filter(({ kind }) => kind === 'preflight' || kind === 'copy'),
    [],
  );
  assert.ok(core.route.ending?.isDrained);
});

test('reloaded: a route that is added again before its last copy has ended continues', () => {
  const core = copyingCore(['a']);
  core.send({ kind: 'configured' });
  core.send({ kind: 'operator_asked', action: { do: 'hold', route: ingest, until: null }, who: { by: 'bob', reason: 'lunch' } });
  reload(core, [otherSettings]);
  assert.is(core.route.hold?.by, 'ann');
  const done = reload(core, [settingsOf(), otherSettings]);
  assert.equal(notesOf(done), [[ingest, 'configured', [], 'ann']]);
  assert.equal([core.route.ending, core.route.hold?.by, core.route.hold?.reason], [null, 'bob', 'lunch']);
  assert.is(core.file('a').status, 'COPYING');
  assert.equal(core.send({ kind: 'route_left', route: ingest }).effects, []);
  assert.is(core.state.routes.get(ingest), core.route);
});

test('reloaded: a route that is added again later has all of its files from the journal', () => {
  const core = copyingCore(['a']);
  settle(core, entryOf('b', 1_000));
  const waiting = core.file('b');
  const running = core.file('a');
  const image: JournalImage = { nextSeq: 1, files: [waiting, running], routeFacts: [], usedNames: [] };
  Object.assign(core.state, { loadImage: () => image });
  reload(core, [otherSettings]);
  finish(core, 'a');
  core.send({ kind: 'route_left', route: ingest });
  reload(core, [otherSettings, settingsOf()]);
  const again = leftRoute(core);
  assert.is(again?.newest.get('b'), waiting.id);
  assert.equal([...(again?.scanning.unconfirmed ?? [])].sort(), ['a', 'b'], 'both are looked for at the source');
  assert.equal([...core.state.routes.keys()], [other, ingest]);
});

test('reloaded: a hold in the journal applies to a route that is added again', () => {
  const core = createTestCore();
  const event = { kind: 'held', by: 'bob', since: 5, until: null, reason: 'lunch' } as const;
  const fact: JournalRecord = { kind: 'route_fact', seq: 1, at: 0, route: other, key: 'hold', event };
  Object.assign(core.state, { loadImage: (): JournalImage => ({ nextSeq: 2, files: [], routeFacts: [fact], usedNames: [] }) });
  reload(core, [settingsOf(), otherSettings]);
  assert.is(core.state.routes.get(other)?.hold?.by, 'bob');
});

test('reloaded: a new route is probed and listed', () => {
  const core = createTestCore();
  const { effects } = reload(core, [settingsOf(), otherSettings]);
  const asked = effects.flatMap((effect) => ('route' in effect && effect.route === other ? [effect.kind] : []));
  assert.equal(asked.toSorted(), ['list_source', 'probe']);
});

test('reloaded: an agent that stops does not wait for a removed route', () => {
  const core = copyingCore(['a']);
  reload(core, [otherSettings]);
  core.send({ kind: 'stop_requested', by: 'ann', mode: 'drain' });
  assert.not(core.state.hasStopped);
  finish(core, 'a');
  assert.ok(core.state.hasStopped);
});

test('refusal: all requests for a route that is being removed are refused, except to skip its copies', () => {
  const core = copyingCore(['a']);
  reload(core, [otherSettings]);
  const unknown = { kind: 'unknown_route', route: ingest, routes: [other] };
  const actions: readonly RouteAction[] = [
    { do: 'hold', route: ingest, until: null },
    { do: 'release', route: ingest },
    { do: 'rescan', route: ingest },
    { do: 'adopt', route: ingest },
    { do: 'acknowledge', route: ingest },
  ];
  for (const action of actions) assert.equal(refusal(core.state, action), unknown);
  assert.is(refusal(core.state, { do: 'skip', route: ingest, source: 'a' }), null);
});

test('pursueGate: the destination of a route that is being removed is still probed', () => {
  const core = copyingCore(['a']);
  reload(core, [otherSettings]);
  const { effects } = live(core, 20_000, goodProbe);
  assert.ok(effects.some((effect) => effect.kind === 'probe' && effect.route === ingest));
});

test.run();
