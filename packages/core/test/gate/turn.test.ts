import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ProbeResult } from '../../src/model/probe.ts';
import type { StepResult } from '../../src/step/step.ts';
import {
  answerProbe,
  badProbe,
  beginCopy,
  copyingWorld,
  createWorld,
  entryOf,
  finish,
  ingest,
  live,
  report,
  settle,
  type World,
} from './world.ts';

const count = (world: World, status: 'COPYING' | 'IN_QUEUE' | 'READY' | 'WAITING_FOR_NETWORK' | 'VERIFYING'): number =>
  world.route.byStatus[status].size;
const kinds = ({ effects }: StepResult): readonly string[] => effects.map(({ kind }) => kind);
const bad = (cause: 'timeout' | 'unreachable' | 'hung' | 'denied'): ProbeResult => ({ ...badProbe, cause });

function waitingWorld(files: number, lanes = 8): World {
  const world = createWorld({ lanes });
  answerProbe(world, badProbe);
  settle(world, ...Array.from({ length: files }, (_, index) => entryOf(`${index}.mov`, 1_000)));
  return world;
}

/** Files that a carrier looks at now: those whose lane is taken. */
const lanesTaken = (world: World): readonly string[] =>
  [...world.state.files.values()].flatMap((file) => ('copyId' in file && file.copyId !== null ? [file.source] : []));

test('closeGate: all running copies fail in the same batch, what was queued waits, the carrier is ended', () => {
  const world = copyingWorld(['a.mov', 'b.mov'], { lanes: 2 });
  settle(world, entryOf('c.mov', 1_000));
  assert.is(world.file('c.mov').status, 'IN_QUEUE');
  const told = answerProbe(world, badProbe);
  assert.equal([count(world, 'COPYING'), count(world, 'IN_QUEUE'), count(world, 'READY')], [0, 0, 3]);
  assert.equal(
    told.records.flatMap((record) => (record.kind === 'gate' ? [record.event] : [])),
    [
      {
        kind: 'gate_closed',
        destination: '/mnt/nas',
        cause: 'unreachable',
        code: 'EHOSTDOWN',
        finding: { kind: 'call_failed', operation: 'statfs /mnt/nas' },
      },
    ],
  );
  assert.equal(
    kinds(told).filter((kind) => kind === 'end_carrier'),
    ['end_carrier'],
  );
  assert.equal(told.records.flatMap((record) => (record.kind === 'transition' ? [`${record.file.source} ${record.to}`] : [])).sort(), [
    'a.mov DISCOVERED',
    'a.mov FAILED',
    'a.mov READY',
    'b.mov DISCOVERED',
    'b.mov FAILED',
    'b.mov READY',
    'c.mov READY',
  ]);
});

test('closeGate: a queued file that a carrier looks at is told to be forgotten', () => {
  const world = waitingWorld(1);
  answerProbe(world);
  assert.equal(lanesTaken(world), ['0.mov']);
  const told = answerProbe(world, badProbe);
  assert.ok(kinds(told).includes('forget'));
  assert.equal(lanesTaken(world), []);
});

test('openGate: every waiting file moves on, and the opening is journaled', () => {
  const world = waitingWorld(5);
  assert.is(count(world, 'READY'), 5);
  const told = answerProbe(world);
  assert.equal([count(world, 'READY'), count(world, 'IN_QUEUE')], [0, 5]);
  assert.is(lanesTaken(world).length, 5);
  const [opening] = told.records.filter(({ kind }) => kind === 'gate');
  assert.equal(opening?.kind === 'gate' && opening.event, { kind: 'gate_opened', destination: '/mnt/nas' });
  assert.equal([world.route.gate.cause, world.route.gate.code], [null, null]);
});

test('openGate: it returns with a warning, and every waiting file moves all the same', () => {
  const world = waitingWorld(3);
  answerProbe(world, { ...badProbe, cause: 'denied' });
  const { mount, space, isFull, description } = {
    mount: { path: '/mnt/nas', mountId: null },
    space: { totalBytes: 100e9, freeBytes: 4e9 },
    isFull: false,
    description: '(a folder)',
  };
  answerProbe(world, { kind: 'good', mount, space, isFull, description, marker: null });
  assert.is(world.route.space.level, 'warn');
  assert.is(count(world, 'IN_QUEUE'), 3);
});

test('openGate: a file that could not reach the destination forgets its tries', () => {
  const world = waitingWorld(1);
  answerProbe(world);
  const failure = { side: 'destination', code: 'EIO', operation: 'stat', message: 'EIO' } as const;
  for (let tries = 1; tries <= 2; tries += 1) {
    report(world, '0.mov', { kind: 'failed', fault: failure, syncedBytes: 0, sizeBytes: 0 });
    assert.is(world.file('0.mov').status, 'WAITING_FOR_NETWORK');
    if (tries === 1) answerProbe(world);
  }
  const paused = world.file('0.mov');
  assert.ok(paused.status === 'WAITING_FOR_NETWORK' && paused.networkTries === 2);
  answerProbe(world, badProbe);
  answerProbe(world);
  const again = world.file('0.mov');
  assert.ok(again.status === 'IN_QUEUE');
  assert.is(again.networkTries, 0);
});

for (const [what, causes, lanes] of [
  ['a silence', ['timeout'], 1],
  ['calls that hung', ['hung'], 1],
  ['an error', ['unreachable'], 8],
  ['a silence that became an error', ['timeout', 'unreachable'], 1],
  ['an error that became a silence', ['unreachable', 'timeout'], 1],
] as const) {
  test(`openGate: after ${what} copies start on ${lanes} of 8 lanes`, () => {
    const world = waitingWorld(10);
    answerProbe(world);
    for (const cause of causes) answerProbe(world, bad(cause));
    answerProbe(world);
    assert.is(world.route.gate.state, 'open');
    assert.is(lanesTaken(world).length, lanes);
  });
}

test('openGate: the one lane after a silence doubles with every finished file, and an outage by an error lifts the limit', () => {
  const world = waitingWorld(40);
  answerProbe(world, bad('timeout'));
  answerProbe(world);
  for (const lanes of [1, 2, 4, 8, 8]) {
    const taken = lanesTaken(world);
    assert.is(taken.length, lanes);
    const source = taken[0] ?? '';
    beginCopy(world, source);
    finish(world, source);
    world.tell({ kind: 'tick' });
  }
  answerProbe(world, bad('timeout'));
  answerProbe(world);
  assert.is(lanesTaken(world).length, 1);
  answerProbe(world, bad('unreachable'));
  while (world.route.gate.state === 'closed') live(world, 1_000);
  assert.is(lanesTaken(world).length, 8);
});

test('openGate: at start-up too, after the first probe was silent', () => {
  const world = createWorld({ lanes: 8 });
  settle(world, ...['a', 'b', 'c'].map((source) => entryOf(source, 1_000)));
  assert.is(world.route.gate.cause, 'timeout');
  answerProbe(world);
  assert.is(lanesTaken(world).length, 1);
});

test('closeGate, openGate: a destination that comes and goes leaves one record for each turn', () => {
  const world = createWorld();
  const gates: string[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    for (const result of [undefined, undefined, bad('unreachable'), bad('unreachable')]) {
      const { records } = answerProbe(world, result);
      gates.push(...records.flatMap((record) => (record.kind === 'gate' ? [record.event.kind] : [])));
    }
    world.skip(61_000);
  }
  assert.equal(
    gates,
    [1, 2, 3, 4].flatMap(() => ['gate_opened', 'gate_closed']),
  );
  assert.is(world.route.settings.name, ingest);
});

test.run();
