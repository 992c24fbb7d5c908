import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FileId, holdOf, isEnded, type Status, statuses, type TrackedFile, viewGate, viewRoute } from '../../src/mod.ts';
import { putFile } from '../../src/state.ts';
import { answerProbe, badProbe, createWorld, epoch, goodProbe, ingest, type World } from '../gate/world.ts';
import { fileOf } from './files.ts';

/** A route as the contract with the users has it; `recovered` is counted by the journal. */
const contract = `{ "name": "ingest", "source": "…", "destination": "…",
  "sourceState": { "state": "ok", "since": "…", "lastListingAt": "…", "freeBytes": 0, "fullInMs": null },
  "gate": { "state": "open", "since": "…", "cause": null, "code": null, "operator": "…", "technical": "…" },
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

test('viewGate: state, since when, cause and code, both sentences', () => {
  const world = createWorld();
  world.skip(1_500);
  answerProbe(world, badProbe);
  assert.equal(viewGate(world.route), {
    state: 'closed',
    since: '2023-11-14T22:13:20.000Z',
    cause: 'unreachable',
    code: 'EHOSTDOWN',
    operator: badProbe.operator,
    technical: badProbe.technical,
  });
  answerProbe(world);
  const { state, since, cause, code } = viewGate(world.route);
  assert.equal([state, since, cause, code], ['open', '2023-11-14T22:13:22.500Z', null, null]);
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

for (const [what, over, open, closed] of [
  ['READY without a hold', ['READY', {}], [0, 0], [1, 0]],
  ['READY with a pause', ['READY', { hold: 'backoff' }], [1, 0], [1, 0]],
  ['READY by an operator`s word', ['READY', { hold: 'operator' }], [1, 0], [1, 0]],
  ['READY and given up', ['READY', { hold: 'needs_you' }], [0, 1], [0, 1]],
  ['GROWING without an end', ['GROWING', { stuck: true }], [0, 1], [0, 1]],
  ['WAITING_FOR_SPACE', ['WAITING_FOR_SPACE', {}], [1, 0], [1, 0]],
  ['WAITING_FOR_NETWORK', ['WAITING_FOR_NETWORK', {}], [1, 0], [1, 0]],
  ['VERIFYING, asked to publish', ['VERIFYING', { publishing: { step: 'link' } }], [0, 0], [1, 0]],
  ['COPYING', ['COPYING', {}], [0, 0], [0, 0]],
] as const) {
  test(`viewRoute: ${what}: how many wait and how many need you, while the gate is open and closed`, () => {
    const world = createWorld();
    put(world, over[0], over[1]);
    const told = view(world);
    assert.equal([told.waiting, told.needsYou], closed);
    world.route.gate.state = 'open';
    const opened = view(world);
    assert.equal([opened.waiting, opened.needsYou], open);
    assert.is(opened.counts[over[0]], 1);
  });
}

test('viewRoute: counts, waiting and needsYou are those of its live files, by their holds', () => {
  const stories = fc.array(
    fc.record({
      status: fc.constantFrom(...statuses),
      hold: fc.constantFrom(null, 'backoff', 'operator', 'needs_you'),
      stuck: fc.boolean(),
      step: fc.constantFrom('none', 'link'),
    }),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(stories, fc.boolean(), fc.boolean(), (story, isOpen, isHeld) => {
      const world = createWorld();
      world.route.gate.state = isOpen ? 'open' : 'closed';
      if (isHeld) world.route.hold = { by: 'ada', since: epoch, until: null, reason: 'archive night' };
      const files = story.map(({ status, hold, stuck, step }) => {
        if (status === 'READY') return put(world, status, { hold });
        if (status === 'GROWING') return put(world, status, { stuck });
        return put(world, status, status === 'VERIFYING' ? { publishing: { step } } : {});
      });
      const told = view(world);
      const held = files.map((file) => holdOf(file, isOpen, isHeld));
      assert.is(told.needsYou, held.filter((hold) => hold === 'needs_you').length);
      assert.is(told.waiting, held.filter((hold) => hold !== null && hold !== 'needs_you').length);
      for (const status of statuses) {
        const count = files.filter((file) => file.status === status).length;
        assert.is(told.counts[status], isEnded(status) ? 0 : count, status);
      }
    }),
    { numRuns: 150 },
  );
});

test.run();
