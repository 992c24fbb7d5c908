import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isEnded, type Status, statuses, type TrackedFile } from '../../src/model/file.ts';
import { type FileId } from '../../src/model/ids.ts';
import { viewGate, viewRoute } from '../../src/snapshot/route-view.ts';
import { putFile } from '../../src/state/state.ts';
import { fileOf } from '../fixtures/file.ts';
import { answerProbe, badProbe, createWorld, epoch, goodProbe, ingest, type World } from '../gate/world.ts';

/** A route as the contract with the users has it, but for the gate, whose texts are made elsewhere; `recovered` is counted by the journal. */
const contract = `{ "name": "ingest", "source": "…", "destination": "…",
  "sourceState": { "state": "ok", "since": "…", "lastListingAt": "…", "freeBytes": 0, "fullInMs": null },
  "gate": { "state": "open", "since": "…", "cause": null, "code": null, "destination": "…", "finding": {} },
  "space": { "totalBytes": 0, "freeBytes": 0, "level": "ok" },
  "counts": { "DISCOVERED": 0, "GROWING": 0, "READY": 0 }, "needsYou": 0,
  "bytesPerSecond": 0, "hold": null }`;
const wanted = JSON.parse(contract) as Record<string, object>;

function put(world: World, status: Status, over: object = {}): TrackedFile {
  const number = String(world.state.files.size + 1).padStart(8, '0');
  const file = fileOf(status, { id: `${number}-0000-4000-8000-000000000000` as FileId, source: `${number}.mov`, ...over });
  putFile(world.state, file);
  return file;
}

const view = (world: World) => viewRoute(world.state, world.route);
const source = (world: World, freeBytes: number, state: 'ok' | 'missing' = 'ok') =>
  world.tell({
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
  const world = createWorld();
  answerProbe(world);
  const told = view(world);
  for (const [key, value] of Object.entries(wanted)) {
    assert.ok(key in told, key);
    if (typeof value !== 'object' || value === null || key === 'counts') continue;
    assert.equal(Object.keys(told[key as keyof typeof told] as object), Object.keys(value), key);
  }
  assert.equal(Object.keys(told.counts), statuses);
  assert.equal(JSON.parse(JSON.stringify(told)), told);
});

test('viewRoute: the places, and what they are', () => {
  const world = createWorld();
  source(world, 5);
  answerProbe(world);
  const { name, source: from, destination, sourceDescription, destinationDescription } = view(world);
  assert.equal([name, from, destination], ['ingest', '/in', '/mnt/nas']);
  assert.equal([sourceDescription, destinationDescription], ['(LOCAL DISK)', '(nfs4 nas01:/ingest)']);
});

test('viewRoute: before anything is known a source is ok, a gate closed (unknown), space unknown', () => {
  const { sourceState, gate, space } = view(createWorld());
  assert.equal(sourceState, { state: 'ok', since: '2023-11-14T22:13:20.000Z', lastListingAt: null, freeBytes: null, fullInMs: null });
  assert.equal([gate.state, gate.cause], ['closed', 'unknown']);
  assert.equal(space, { totalBytes: null, freeBytes: null, level: 'unknown' });
});

test('viewGate: state, since when, cause and code, of what destination, and what was found', () => {
  const world = createWorld();
  world.skip(1_500);
  answerProbe(world, badProbe);
  assert.equal(viewGate(world.route), {
    state: 'closed',
    since: '2023-11-14T22:13:20.000Z',
    cause: 'unreachable',
    code: 'EHOSTDOWN',
    destination: '/mnt/nas',
    finding: badProbe.finding,
  });
  answerProbe(world);
  const { state, since, cause, code, finding } = viewGate(world.route);
  assert.equal([state, since, cause, code, finding], ['open', '2023-11-14T22:13:22.500Z', null, null, { kind: 'answers' }]);
});

test('viewRoute: how long until the source is full is told while the destination is away, and only then', () => {
  const world = createWorld();
  answerProbe(world);
  source(world, 10_000);
  world.skip(10_000);
  source(world, 9_000);
  assert.is(view(world).sourceState.fullInMs, null);
  answerProbe(world, badProbe);
  assert.is(view(world).sourceState.fullInMs, 90_000);
  assert.is(view(world).sourceState.freeBytes, 9_000);
});

test('viewRoute: a source that is missing is told as such, since when', () => {
  const world = createWorld();
  world.skip(3_000);
  source(world, 0, 'missing');
  assert.equal([view(world).sourceState.state, view(world).sourceState.since], ['missing', '2023-11-14T22:13:23.000Z']);
});

test('viewRoute: an operator`s hold, with who, since, until and why', () => {
  const world = createWorld();
  assert.is(view(world).hold, null);
  world.route.hold = { by: 'ada', since: epoch, until: null, reason: 'archive night' };
  assert.equal(view(world).hold, { by: 'ada', since: '2023-11-14T22:13:20.000Z', until: null, reason: 'archive night' });
  world.route.hold = { ...world.route.hold, until: epoch + 60_000 };
  assert.is(view(world).hold?.until, '2023-11-14T22:14:20.000Z');
});

test('viewRoute: the rate is that of the copies that move bytes', () => {
  const world = createWorld();
  put(world, 'COPYING', { bytesPerSecond: 100 });
  put(world, 'GROWING_COPY', { bytesPerSecond: 20 });
  put(world, 'VERIFYING', { bytesPerSecond: 3 });
  assert.is(view(world).bytesPerSecond, 120);
});

test('viewRoute: space is what the last good probe said', () => {
  const world = createWorld();
  answerProbe(world, { ...goodProbe, space: { totalBytes: 100e9, freeBytes: 3e9 } });
  assert.equal(view(world).space, { totalBytes: 100e9, freeBytes: 3e9, level: 'warn' });
});

for (const [what, over, told] of [
  ['READY without a hold', ['READY', {}], 'waiting'],
  ['READY with a pause', ['READY', { hold: 'backoff' }], 'waiting'],
  ['READY by an operator`s word', ['READY', { hold: 'operator' }], 'waiting'],
  ['READY and given up', ['READY', { hold: 'needs_you' }], 'needsYou'],
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
  test(`viewRoute: ${what} is counted once, as ${told}, while the gate is open and closed`, () => {
    const world = createWorld();
    put(world, over[0], over[1]);
    for (const state of ['closed', 'open'] as const) {
      world.route.gate.state = state;
      const { needsYou, recording, copying, waiting, counts } = view(world);
      assert.equal({ needsYou, recording, copying, waiting }, { needsYou: 0, recording: 0, copying: 0, waiting: 0, [told]: 1 });
      assert.is(counts[over[0]], 1);
    }
  });
}

test('viewRoute: counts are those of its live files', () => {
  const world = createWorld();
  for (const status of statuses) put(world, status);
  const { counts } = view(world);
  for (const status of statuses) assert.is(counts[status], isEnded(status) ? 0 : 1, status);
});

test.run();
