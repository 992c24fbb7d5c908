import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ProbeResult } from '../../src/model/probe.ts';
import type { StepResult } from '../../src/step/step.ts';
import {
  answerProbe,
  badProbe,
  beginCopy,
  copyingCore,
  createTestCore,
  entryOf,
  finish,
  ingest,
  live,
  report,
  settle,
  type TestCore,
} from '../support/test-core.ts';

const count = (core: TestCore, status: 'COPYING' | 'IN_QUEUE' | 'READY' | 'WAITING_FOR_NETWORK' | 'VERIFYING'): number =>
  core.route.byStatus[status].size;
const kinds = ({ effects }: StepResult): readonly string[] => effects.map(({ kind }) => kind);
const bad = (cause: 'timeout' | 'unreachable' | 'hung' | 'denied'): ProbeResult => ({ ...badProbe, cause });

function waitingCore(files: number, lanes = 8): TestCore {
  const core = createTestCore({ lanes });
  answerProbe(core, badProbe);
  settle(core, ...Array.from({ length: files }, (_, index) => entryOf(`${index}.mov`, 1_000)));
  return core;
}

/** Files in preflight, which hold a lane. */
const usedLanes = (core: TestCore): readonly string[] =>
  [...core.state.files.values()].flatMap((file) => ('copyId' in file && file.copyId !== null ? [file.source] : []));

test('closeGate: all running copies fail in the same batch, queued files wait, and the carrier is ended', () => {
  const core = copyingCore(['a.mov', 'b.mov'], { lanes: 2 });
  settle(core, entryOf('c.mov', 1_000));
  assert.is(core.file('c.mov').status, 'IN_QUEUE');
  const result = answerProbe(core, badProbe);
  assert.equal([count(core, 'COPYING'), count(core, 'IN_QUEUE'), count(core, 'READY')], [0, 0, 3]);
  assert.equal(
    result.records.flatMap((record) => (record.kind === 'gate' ? [record.event] : [])),
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
    kinds(result).filter((kind) => kind === 'end_carrier'),
    ['end_carrier'],
  );
  assert.equal(result.records.flatMap((record) => (record.kind === 'transition' ? [`${record.file.source} ${record.to}`] : [])).sort(), [
    'a.mov DISCOVERED',
    'a.mov FAILED',
    'a.mov READY',
    'b.mov DISCOVERED',
    'b.mov FAILED',
    'b.mov READY',
    'c.mov READY',
  ]);
});

test('closeGate: the carrier of a queued file receives `forget`', () => {
  const core = waitingCore(1);
  answerProbe(core);
  assert.equal(usedLanes(core), ['0.mov']);
  const result = answerProbe(core, badProbe);
  assert.ok(kinds(result).includes('forget'));
  assert.equal(usedLanes(core), []);
});

test('openGate: every waiting file moves on, and the opening is journaled', () => {
  const core = waitingCore(5);
  assert.is(count(core, 'READY'), 5);
  const result = answerProbe(core);
  assert.equal([count(core, 'READY'), count(core, 'IN_QUEUE')], [0, 5]);
  assert.is(usedLanes(core).length, 5);
  const [opening] = result.records.filter(({ kind }) => kind === 'gate');
  assert.equal(opening?.kind === 'gate' && opening.event, { kind: 'gate_opened', destination: '/mnt/nas' });
  assert.equal([core.route.gate.cause, core.route.gate.code], [null, null]);
});

test('openGate: a destination that returns with a warning moves every waiting file too', () => {
  const core = waitingCore(3);
  answerProbe(core, { ...badProbe, cause: 'denied' });
  const { mount, space, isFull, description } = {
    mount: { path: '/mnt/nas', mountId: null },
    space: { totalBytes: 100e9, freeBytes: 4e9 },
    isFull: false,
    description: '(a folder)',
  };
  answerProbe(core, { kind: 'good', mount, space, isFull, description, marker: null });
  assert.is(core.route.space.level, 'warn');
  assert.is(count(core, 'IN_QUEUE'), 3);
});

test('openGate: a file that could not reach the destination starts counting its tries again', () => {
  const core = waitingCore(1);
  answerProbe(core);
  const failure = { side: 'destination', code: 'EIO', operation: 'stat', message: 'EIO' } as const;
  for (let tries = 1; tries <= 2; tries += 1) {
    report(core, '0.mov', { kind: 'failed', fault: failure, syncedBytes: 0, sizeBytes: 0 });
    assert.is(core.file('0.mov').status, 'WAITING_FOR_NETWORK');
    if (tries === 1) answerProbe(core);
  }
  const paused = core.file('0.mov');
  assert.ok(paused.status === 'WAITING_FOR_NETWORK' && paused.networkTries === 2);
  answerProbe(core, badProbe);
  answerProbe(core);
  const again = core.file('0.mov');
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
    const core = waitingCore(10);
    answerProbe(core);
    for (const cause of causes) answerProbe(core, bad(cause));
    answerProbe(core);
    assert.is(core.route.gate.state, 'open');
    assert.is(usedLanes(core).length, lanes);
  });
}

test('openGate: the lane limit of one after a silence doubles with every finished file, and an outage by an error lifts the limit', () => {
  const core = waitingCore(40);
  answerProbe(core, bad('timeout'));
  answerProbe(core);
  for (const lanes of [1, 2, 4, 8, 8]) {
    const taken = usedLanes(core);
    assert.is(taken.length, lanes);
    const source = taken[0] ?? '';
    beginCopy(core, source);
    finish(core, source);
    core.send({ kind: 'tick' });
  }
  answerProbe(core, bad('timeout'));
  answerProbe(core);
  assert.is(usedLanes(core).length, 1);
  answerProbe(core, bad('unreachable'));
  while (core.route.gate.state === 'closed') live(core, 1_000);
  assert.is(usedLanes(core).length, 8);
});

test('openGate: at start-up, a silent first probe limits the lanes too', () => {
  const core = createTestCore({ lanes: 8 });
  settle(core, ...['a', 'b', 'c'].map((source) => entryOf(source, 1_000)));
  assert.is(core.route.gate.cause, 'timeout');
  answerProbe(core);
  assert.is(usedLanes(core).length, 1);
});

test('closeGate, openGate: a flapping destination leaves one record for each opening and closing', () => {
  const core = createTestCore();
  const gates: string[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    for (const result of [undefined, undefined, bad('unreachable'), bad('unreachable')]) {
      const { records } = answerProbe(core, result);
      gates.push(...records.flatMap((record) => (record.kind === 'gate' ? [record.event.kind] : [])));
    }
    core.advanceClock(61_000);
  }
  assert.equal(
    gates,
    [1, 2, 3, 4].flatMap(() => ['gate_opened', 'gate_closed']),
  );
  assert.is(core.route.settings.name, ingest);
});

test.run();
