import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isEnded, type Status, statuses, type TrackedFile } from '../../src/model/file.ts';
import { type FileId } from '../../src/model/ids.ts';
import { viewGate, viewRoute } from '../../src/snapshot/route-view.ts';
import { putFile } from '../../src/state/state.ts';
import { fileOf } from '../fixtures/file.ts';
import {
  answerProbe,
  badProbe,
  createTestCore,
  entryOf,
  epoch,
  goodProbe,
  ingest,
  list,
  see,
  type TestCore,
} from '../support/test-core.ts';

/**
 * A route as the contract with users defines it, without the gate, whose texts are made elsewhere. The journal counts
 * `recovered`.
 */
const contract = `{ "name": "ingest", "source": "…", "destination": "…",
  "sourceState": { "state": "ok", "since": "…", "lastListingAt": "…", "freeBytes": 0, "fullInMs": null },
  "gate": { "state": "open", "since": "…", "cause": null, "code": null, "destination": "…", "finding": {} },
  "space": { "totalBytes": 0, "freeBytes": 0, "level": "ok" },
  "counts": { "DISCOVERED": 0, "GROWING": 0, "READY": 0 }, "needsYou": 0,
  "bytesPerSecond": 0, "hold": null }`;
const expected = JSON.parse(contract) as Record<string, object>;

function put(core: TestCore, status: Status, over: object = {}): TrackedFile {
  const number = String(core.state.files.size + 1).padStart(8, '0');
  const file = fileOf(status, { id: `${number}-0000-4000-8000-000000000000` as FileId, source: `${number}.mov`, ...over });
  putFile(core.state, file);
  return file;
}

const view = (core: TestCore) => viewRoute(core.state, core.route);
const source = (core: TestCore, freeBytes: number, state: 'ok' | 'missing' = 'ok') =>
  core.send({
    kind: 'source_state',
    route: ingest,
    state,
    code: null,
    unreadPath: null,
    freeBytes,
    cacheMs: 0,
    description: '(LOCAL DISK)',
  });

test('viewRoute: every key of the contract, none undefined, nothing lost in JSON', () => {
  const core = createTestCore();
  answerProbe(core);
  const shown = view(core);
  for (const [key, value] of Object.entries(expected)) {
    assert.ok(key in shown, key);
    if (typeof value !== 'object' || value === null || key === 'counts') continue;
    assert.equal(Object.keys(shown[key as keyof typeof shown] as object), Object.keys(value), key);
  }
  assert.equal(Object.keys(shown.counts), statuses);
  assert.equal(JSON.parse(JSON.stringify(shown)), shown);
});

test('viewRoute: the folders and their descriptions', () => {
  const core = createTestCore();
  source(core, 5);
  answerProbe(core);
  const { name, source: from, destination, sourceDescription, destinationDescription } = view(core);
  assert.equal([name, from, destination], ['ingest', '/in', '/mnt/nas']);
  assert.equal([sourceDescription, destinationDescription], ['(LOCAL DISK)', '(nfs4 nas01:/ingest)']);
});

test('viewRoute: before anything is known a source is ok, a gate closed (unknown), space unknown', () => {
  const { sourceState, gate, space } = view(createTestCore());
  assert.equal(sourceState, { state: 'ok', since: '2023-11-14T22:13:20.000Z', lastListingAt: null, freeBytes: null, fullInMs: null });
  assert.equal([gate.state, gate.cause], ['closed', 'unknown']);
  assert.equal(space, { totalBytes: null, freeBytes: null, level: 'unknown' });
});

test('viewGate: state, since, cause, code, destination and finding', () => {
  const core = createTestCore();
  core.advanceClock(1_500);
  answerProbe(core, badProbe);
  assert.equal(viewGate(core.route), {
    state: 'closed',
    since: '2023-11-14T22:13:21.500Z',
    cause: 'unreachable',
    code: 'EHOSTDOWN',
    destination: '/mnt/nas',
    finding: badProbe.finding,
  });
  answerProbe(core);
  const { state, since, cause, code, finding } = viewGate(core.route);
  assert.equal([state, since, cause, code, finding], ['open', '2023-11-14T22:13:22.500Z', null, null, { kind: 'answers' }]);
});

test('viewRoute: how long until the source is full is reported only while the destination is offline', () => {
  const core = createTestCore();
  answerProbe(core);
  source(core, 15_000);
  core.advanceClock(60_000);
  see(core, entryOf('a.mxf', 6_000));
  source(core, 9_000);
  assert.is(view(core).sourceState.fullInMs, null);
  answerProbe(core, badProbe);
  assert.is(view(core).sourceState.fullInMs, 90_000);
  assert.is(view(core).sourceState.freeBytes, 9_000);
});

test('viewRoute: a source that is missing is reported with the time since when', () => {
  const core = createTestCore();
  core.advanceClock(3_000);
  source(core, 0, 'missing');
  assert.equal([view(core).sourceState.state, view(core).sourceState.since], ['missing', '2023-11-14T22:13:23.000Z']);
});

test('viewRoute: the files that the last complete listing left alone', () => {
  const core = createTestCore();
  assert.equal(view(core).selection, { leftAlone: [], unmatched: [] });
  const row = { rule: 'excluded', pattern: 'old/', count: 2, folders: 2, examples: ['archive/old', 'old'] } as const;
  const found = { leftAlone: [row], unmatched: [{ setting: 'include', pattern: '*.mfx' }] } as const;
  list(core, [], 0, found);
  assert.equal(view(core).selection, found);
  source(core, 0, 'missing');
  assert.equal(view(core).selection, found);
  source(core, 0);
  list(core);
  assert.equal(view(core).selection, { leftAlone: [], unmatched: [] });
});

test('viewRoute: an operator`s hold, with its fields by, since, until and reason', () => {
  const core = createTestCore();
  assert.is(view(core).hold, null);
  core.route.hold = { by: 'ada', since: epoch, until: null, reason: 'archive night' };
  assert.equal(view(core).hold, { by: 'ada', since: '2023-11-14T22:13:20.000Z', until: null, reason: 'archive night' });
  core.route.hold = { ...core.route.hold, until: epoch + 60_000 };
  assert.is(view(core).hold?.until, '2023-11-14T22:14:20.000Z');
});

test('viewRoute: the rate is that of the copies that move bytes', () => {
  const core = createTestCore();
  put(core, 'COPYING', { bytesPerSecond: 100 });
  put(core, 'GROWING_COPY', { bytesPerSecond: 20 });
  put(core, 'VERIFYING', { bytesPerSecond: 3 });
  assert.is(view(core).bytesPerSecond, 120);
});

test('viewRoute: the space is from the last good probe', () => {
  const core = createTestCore();
  answerProbe(core, { ...goodProbe, space: { totalBytes: 100e9, freeBytes: 3e9 } });
  assert.equal(view(core).space, { totalBytes: 100e9, freeBytes: 3e9, level: 'warn' });
});

for (const [what, over, shown] of [
  ['READY without a hold', ['READY', {}], 'waiting'],
  ['READY with a pause', ['READY', { hold: 'backoff' }], 'waiting'],
  ['READY by an operator`s word', ['READY', { hold: 'operator' }], 'waiting'],
  ['READY and failed too often', ['READY', { hold: 'needs_you' }], 'needsYou'],
  ['GROWING', ['GROWING', {}], 'recording'],
  ['GROWING without an end', ['GROWING', { stuck: true }], 'needsYou'],
  ['DISCOVERED', ['DISCOVERED', {}], 'waiting'],
  ['IN_QUEUE', ['IN_QUEUE', {}], 'waiting'],
  ['WAITING_FOR_SPACE', ['WAITING_FOR_SPACE', {}], 'waiting'],
  ['WAITING_FOR_NETWORK', ['WAITING_FOR_NETWORK', {}], 'waiting'],
  ['VERIFYING, asked to publish', ['VERIFYING', { publishing: { step: 'link' } }], 'copying'],
  ['COPYING', ['COPYING', {}], 'copying'],
  ['GROWING_COPY', ['GROWING_COPY', {}], 'recording'],
] as const) {
  test(`viewRoute: ${what} is counted once, as ${shown}, while the gate is open and closed`, () => {
    const core = createTestCore();
    put(core, over[0], over[1]);
    for (const state of ['closed', 'open'] as const) {
      core.route.gate.state = state;
      const { needsYou, recording, copying, waiting, counts } = view(core);
      assert.equal({ needsYou, recording, copying, waiting }, { needsYou: 0, recording: 0, copying: 0, waiting: 0, [shown]: 1 });
      assert.is(counts[over[0]], 1);
    }
  });
}

test('viewRoute: counts are those of its live files', () => {
  const core = createTestCore();
  for (const status of statuses) put(core, status);
  const { counts } = view(core);
  for (const status of statuses) assert.is(counts[status], isEnded(status) ? 0 : 1, status);
});

test.run();
