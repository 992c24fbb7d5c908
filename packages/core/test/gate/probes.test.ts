import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gateWake } from '../../src/gate/when-to-probe.ts';
import { type Event } from '../../src/messages/event.ts';
import { type GateEvent } from '../../src/messages/route-event.ts';
import { gateCauses, type ProbeResult } from '../../src/model/probe.ts';
import { askProbe } from '../../src/state/work.ts';
import { nextWake, type StepResult } from '../../src/step/step.ts';
import {
  answerProbe,
  badProbe,
  copyingCore,
  createTestCore,
  entryOf,
  epoch,
  finish,
  goodProbe,
  ingest,
  live,
  report,
  see,
  type settingsOf,
  settle,
  type TestCore,
} from '../support/test-core.ts';

const probesIn = ({ effects }: StepResult): number => effects.filter(({ kind }) => kind === 'probe').length;
const gateTexts = ({ records }: StepResult): readonly string[] =>
  records.flatMap((record) =>
    record.kind === 'gate' ? [gateText(record.event)] : record.kind === 'route_fact' && record.key !== 'called' ? [record.event.kind] : [],
  );
const gateText = (event: GateEvent): string => (event.kind === 'gate_opened' ? 'open' : `closed ${event.cause}`);
const late = (core: TestCore, result: ProbeResult): StepResult =>
  core.send({ kind: 'probe_answered', route: ingest, probeId: 'late' as never, result });

test('the gate begins closed (unknown), and a probe is sent at once', () => {
  const core = createTestCore();
  const { gate } = core.route;
  assert.equal([gate.state, gate.cause], ['closed', 'unknown']);
  assert.equal(gate.outstanding?.sentAt, 0);
  assert.equal(gate.finding, { kind: 'not_probed' });
});

for (const [state, answer, ms] of [
  ['open', goodProbe, 5_000],
  ['closed', badProbe, 1_000],
] as const) {
  test(`pursueGate: ${state}, the next probe is sent after ${ms} ms, not before`, () => {
    const core = createTestCore();
    answerProbe(core, answer);
    assert.is(gateWake(core.route), ms);
    assert.is(probesIn(core.pass(ms - 1)), 0);
    assert.is(probesIn(core.pass(1)), 1);
  });
}

/** Returns whether the next probe creates a file. Time passes until it is due. */
function nextWrites(core: TestCore): boolean | undefined {
  if (core.route.gate.outstanding !== null) answerProbe(core);
  return core.pass(gateWake(core.route) - core.at()).effects.find((effect) => effect.kind === 'probe')?.writes;
}

function openCore(route: Parameters<typeof settingsOf>[0] = {}): TestCore {
  const core = createTestCore({ route });
  answerProbe(core);
  return core;
}

/** A file whose size was seen to change twice. */
function changing(core: TestCore): TestCore {
  for (const size of [1, 2, 3]) {
    see(core, entryOf('a.log', 1_000 * size, size));
    core.advanceClock(1_000);
  }
  return core;
}

/** A file that waits for space, and the room that the last probe found. */
function waitingForSpace(freeBytes: number): TestCore {
  const core = openCore();
  settle(core, entryOf('a.mxf', 1_000));
  const { fingerprint } = core.file('a.mxf');
  const found = { sourceFingerprint: fingerprint, isOther: false, existingSizeBytes: null, freeBytes: 10 };
  report(core, 'a.mxf', { kind: 'preflight', preflight: found });
  answerProbe(core, { ...goodProbe, space: { totalBytes: 1e12, freeBytes } });
  return core;
}

for (const [what, writes, make] of [
  ['nothing waits', false, () => openCore()],
  [
    'a file was copied',
    false,
    () => {
      const core = copyingCore(['a.mxf']);
      finish(core, 'a.mxf');
      return core;
    },
  ],
  [
    'a file was found',
    true,
    () => {
      const core = openCore();
      see(core, entryOf('a.mxf', 1_000));
      return core;
    },
  ],
  ['a file is copied', true, () => copyingCore(['a.mxf'])],
  [
    'the route is held',
    false,
    () => {
      const core = openCore();
      core.route.hold = { by: 'ina', since: 0, until: null, reason: '' };
      settle(core, entryOf('a.mxf', 1_000));
      return core;
    },
  ],
  ['a file changes and changes', true, () => changing(openCore())],
  ['a file never comes to rest, and a person knows', false, () => changing(openCore({ stuckAfterMs: 1 }))],
  ['a file waits for space', false, () => waitingForSpace(10)],
  ['a file waits for space although there is room for its bytes', true, () => waitingForSpace(1e12)],
  [
    'no file could be created',
    true,
    () => {
      const core = createTestCore();
      answerProbe(core, { ...goodProbe, isFull: true });
      return core;
    },
  ],
  [
    'the gate is closed',
    true,
    () => {
      const core = openCore();
      nextWrites(core);
      answerProbe(core, badProbe);
      return core;
    },
  ],
] as const satisfies readonly (readonly [string, boolean, () => TestCore])[]) {
  test(`pursueGate: when ${what}, a probe ${writes ? 'creates a file' : 'only reads'}`, () => {
    assert.is(nextWrites(make()), writes);
  });
}

test('pursueGate: a requested probe creates a file even if no file waits', () => {
  const core = openCore();
  askProbe(core.work(), core.route);
  assert.is(nextWrites(core), true);
  assert.is(nextWrites(core), false);
});

test('pursueGate: a probe that was sent before a stall of the journal gets its whole deadline after it', () => {
  const core = createTestCore();
  answerProbe(core);
  core.pass(5_000);
  core.advanceClock(60_000);
  assert.equal(gateTexts(core.send({ kind: 'journal_resumed' })), []);
  assert.equal(gateTexts(core.pass(9_999)), []);
  assert.equal(gateTexts(core.pass(1)), ['closed timeout']);
});

test('pursueGate: one probe at a time', () => {
  const core = createTestCore();
  assert.is(probesIn(core.pass(9_999)), 0);
});

test('pursueGate: a probe that is silent past its deadline closes the gate, and the next one is sent after a second', () => {
  const core = createTestCore();
  answerProbe(core);
  assert.equal(gateTexts(core.pass(14_999)), []);
  const silent = core.pass(1);
  assert.equal(gateTexts(silent), ['closed timeout']);
  assert.is(core.route.gate.code, 'SILENT');
  assert.equal(core.route.gate.finding, { kind: 'no_answer', deadlineMs: 10_000 });
  assert.is(probesIn(silent), 0);
  assert.is(probesIn(core.pass(1_000)), 1);
  assert.equal(gateTexts(core.pass(60_000)), [], 'the same reason is recorded once');
});

test('pursueGate: while a copy gets answers from the destination, a slow probe does not close the gate', () => {
  const core = copyingCore(['a.mov']);
  let syncedBytes = 0;
  for (let second = 0; second < 60; second += 1) {
    assert.equal(gateTexts(core.pass(1_000)), []);
    report(core, 'a.mov', { kind: 'progress', syncedBytes: (syncedBytes += 1), sizeBytes: 1_000, phase: null, phaseDone: null });
  }
  assert.is(core.route.gate.state, 'open');
  assert.equal(gateTexts(core.pass(9_999)), []);
  assert.equal(gateTexts(core.pass(1)), ['closed timeout']);
});

test('pursueGate: reports without a new byte are not a sign of life', () => {
  const core = copyingCore(['a.mov']);
  for (let second = 0; second < 15; second += 1) {
    core.pass(1_000);
    if (core.file('a.mov').status !== 'COPYING') break;
    report(core, 'a.mov', { kind: 'progress', syncedBytes: 0, sizeBytes: 1_000, phase: null, phaseDone: null });
  }
  assert.is(core.route.gate.cause, 'timeout');
});

for (const cause of gateCauses) {
  test(`bad: ${cause} closes an open gate with its cause, its code and its finding, and journals them`, () => {
    const core = createTestCore();
    answerProbe(core);
    const { records } = answerProbe(core, { ...badProbe, cause });
    const [record] = records.filter(({ kind }) => kind === 'gate');
    assert.ok(record?.kind === 'gate');
    const { finding } = badProbe;
    assert.equal(record.event, { kind: 'gate_closed', destination: '/mnt/nas', cause, code: 'EHOSTDOWN', finding });
    assert.equal([core.route.gate.state, core.route.gate.cause, core.route.gate.code], ['closed', cause, 'EHOSTDOWN']);
    assert.equal(core.route.gate.finding, finding);
  });
}

test('bad: a gate that is closed records a new cause, kind of finding or error, not the same again', () => {
  const core = createTestCore();
  assert.equal(gateTexts(answerProbe(core, badProbe)), ['closed unreachable']);
  assert.equal(gateTexts(answerProbe(core, badProbe)), []);
  assert.equal(gateTexts(answerProbe(core, { ...badProbe, cause: 'denied' })), ['closed denied']);
  const unclear = { ...badProbe, cause: 'denied', finding: { kind: 'marker_unclear', operation: 'read' } } as const;
  assert.equal(gateTexts(answerProbe(core, unclear)), ['closed denied']);
  assert.equal(gateTexts(answerProbe(core, { ...unclear, finding: { ...unclear.finding, operation: 'open' } })), []);
  assert.equal(core.route.gate.finding, { kind: 'marker_unclear', operation: 'open' }, 'the newest finding is shown');
  assert.equal(gateTexts(answerProbe(core, { ...unclear, code: 'EPERM' })), [], 'storage that denies may alternate between two codes');
  assert.is(core.route.gate.code, 'EPERM', 'the newest code is shown');
  assert.equal(gateTexts(answerProbe(core, badProbe)), ['closed unreachable']);
  assert.equal(gateTexts(answerProbe(core, { ...badProbe, code: 'EIO' })), ['closed unreachable']);
  assert.equal(gateTexts(answerProbe(core, { ...badProbe, code: 'EIO' })), []);
});

test('bad: the known description of the path is kept if the probe has none', () => {
  const core = createTestCore();
  answerProbe(core);
  answerProbe(core, badProbe);
  assert.is(core.route.gate.description, goodProbe.description);
  answerProbe(core, { ...badProbe, description: '(LOCAL DISK, same as system)' });
  assert.is(core.route.gate.description, '(LOCAL DISK, same as system)');
});

test('good: mount, space and marker are learned; the marker is journaled once and expected from then on', () => {
  const core = createTestCore();
  assert.equal(gateTexts(answerProbe(core)), ['destination_known', 'open']);
  const { gate, space } = core.route;
  assert.equal([gate.mount, gate.marker], [goodProbe.mount, goodProbe.marker]);
  assert.equal([space.disk, space.level, space.isFull], [goodProbe.space, 'ok', false]);
  const { effects } = core.pass(5_000);
  const probe = effects.find(({ kind }) => kind === 'probe');
  assert.is(probe?.kind === 'probe' && probe.expectedMarker, goodProbe.marker);
  assert.equal(gateTexts(answerProbe(core)), []);
});

test('good: a marker from the journal is expected by the first probe', () => {
  const event = { kind: 'destination_known', marker: 'known', destination: '/mnt/nas' } as const;
  const fact = { kind: 'route_fact', seq: 1, at: 0, route: ingest, key: 'marker', event } as const;
  const elsewhere = { ...fact, event: { ...event, destination: '/mnt/other' } };
  assert.is(createTestCore({ image: { routeFacts: [fact] } }).route.gate.marker, 'known');
  assert.is(createTestCore({ image: { routeFacts: [elsewhere] } }).route.gate.marker, null, 'the marker is of another destination');
});

test('bad: an outage that an earlier agent saw begin has lasted since then; another one begins with the first bad probe', () => {
  const outages = (destination: string) => ({ outages: [{ route: ingest, destination, since: epoch - 60_000 }] });
  const sinceOf = (image: Parameters<typeof createTestCore>[0]): number => {
    const core = createTestCore(image);
    core.pass(700);
    answerProbe(core, badProbe);
    core.pass(1_000);
    answerProbe(core, badProbe);
    return core.route.gate.since - epoch;
  };
  assert.is(sinceOf({ image: outages('/mnt/nas') }), -60_000);
  assert.is(sinceOf({ image: outages('/mnt/other') }), 700, 'the outage was of another destination');
  assert.is(sinceOf({}), 700);
});

test('good: a destination that came back while no agent ran is online since its first probe', () => {
  const core = createTestCore({ image: { outages: [{ route: ingest, destination: '/mnt/nas', since: epoch - 60_000 }] } });
  core.pass(700);
  answerProbe(core);
  core.pass(5_000);
  answerProbe(core, badProbe);
  assert.is(core.route.gate.since - epoch, 5_700);
});

test('good: a full destination is open; its space is full', () => {
  const core = createTestCore();
  answerProbe(core, { ...goodProbe, isFull: true });
  assert.equal([core.route.gate.state, core.route.space.level], ['open', 'full']);
});

test('unmarked: the intent is journaled before the marker is written, and the gate stays closed until the next probe', () => {
  const core = createTestCore();
  const result = { kind: 'unmarked', mount: goodProbe.mount, description: '(nfs4 nas01:/ingest)' } as const;
  const first = answerProbe(core, result);
  assert.equal(gateTexts(first), ['marker_intended']);
  const order = first.effects.find(({ kind }) => kind === 'write_marker');
  assert.ok(order?.kind === 'write_marker');
  assert.equal(order.mount, goodProbe.mount);
  assert.is(core.route.gate.state, 'closed');
  const written = core.send({ kind: 'marker_written', route: ingest, marker: 'of who was faster' });
  assert.equal(gateTexts(written), ['destination_known']);
  assert.is(core.route.gate.marker, 'of who was faster');
  assert.is(probesIn(written), 1);
  assert.is(core.route.gate.state, 'closed');
});

test('unmarked: a probe from before the marker was known is sent again, and no other marker is written', () => {
  const core = createTestCore();
  const unmarked = { kind: 'unmarked', mount: goodProbe.mount, description: '(ext4 /dev/sdb1)' } as const;
  answerProbe(core, unmarked);
  core.pass(gateWake(core.route) - core.at());
  core.send({ kind: 'marker_written', route: ingest, marker: 'known' });
  const { effects, records } = answerProbe(core, unmarked);
  assert.equal([effects.map(({ kind }) => kind), records], [['probe'], []]);
  assert.is(core.route.gate.marker, 'known');
});

test('unmarked: an adopted disk gets a marker that no disk had before, so that the two differ', () => {
  const core = createTestCore();
  const unmarked = { kind: 'unmarked', mount: goodProbe.mount, description: '(ext4 /dev/sdb1)' } as const;
  const markerIn = ({ effects }: StepResult): string | undefined =>
    effects.flatMap((each) => (each.kind === 'write_marker' ? [each.marker] : []))[0];
  const first = markerIn(answerProbe(core, unmarked));
  assert.ok(first !== undefined);
  core.send({ kind: 'marker_written', route: ingest, marker: first });
  const finding = { kind: 'marker_missing', expected: first } as const;
  answerProbe(core, { ...badProbe, cause: 'not_the_destination', code: 'MARKER', finding });
  core.send({ kind: 'operator_asked', action: { do: 'adopt', route: ingest }, who: { by: 'ann', reason: null } });
  const second = markerIn(answerProbe(core, unmarked));
  assert.ok(second !== undefined && second !== first, second);
});

test('marker_refused: closed with its own cause, recorded once, and tried again with the same marker after a pause', () => {
  const core = createTestCore();
  const unmarked = { kind: 'unmarked', mount: goodProbe.mount, description: '(rclone)' } as const;
  const finding = { kind: 'marker_refused', operation: 'create' } as const;
  const refused = { kind: 'marker_refused', route: ingest, result: { ...badProbe, code: 'EIO', finding } } as const;
  const first = answerProbe(core, unmarked);
  assert.equal(gateTexts(core.send(refused)), ['closed unreachable']);
  assert.equal([core.route.gate.state, core.route.gate.finding], ['closed', finding]);
  assert.is(core.route.gate.nextProbeAt - core.at(), 15_000);
  const second = answerProbe(core, unmarked);
  assert.equal(gateTexts(second), [], 'the intent is in the journal already');
  const markersOf = ({ effects }: typeof first): unknown[] =>
    effects.flatMap((each) => (each.kind === 'write_marker' ? [each.marker] : []));
  assert.equal(markersOf(second), markersOf(first));
  assert.equal(gateTexts(core.send(refused)), []);
});

test('probeAnswered: a late bad answer is ignored; a late good one causes a new probe, unless a young probe is open', () => {
  const core = createTestCore();
  answerProbe(core, badProbe);
  assert.is(probesIn(late(core, badProbe)), 0);
  assert.is(probesIn(late(core, goodProbe)), 1, 'no probe was open');
  const young = core.route.gate.outstanding?.probeId;
  assert.is(probesIn(late(core, goodProbe)), 0);
  assert.is(core.route.gate.outstanding?.probeId, young);
  core.advanceClock(1_000);
  assert.is(probesIn(late(core, goodProbe)), 1, 'the open probe may be stuck behind the late one');
  assert.is.not(core.route.gate.outstanding?.probeId, young);
  assert.is(core.route.gate.state, 'closed', 'a late answer opens nothing');
});

test('probeAnswered: a late answer changes nothing at an open gate', () => {
  const core = createTestCore();
  answerProbe(core);
  assert.is(probesIn(late(core, goodProbe)), 0);
  assert.equal(gateTexts(late(core, badProbe)), []);
  assert.is(core.route.gate.state, 'open');
});

test('proberHung: closes the gate, names the processes, and is recorded once', () => {
  const core = createTestCore();
  answerProbe(core);
  const hung: Event = { kind: 'prober_hung', route: ingest, pids: [17, 4711] };
  assert.equal(gateTexts(core.send(hung)), ['closed hung']);
  assert.equal(core.route.gate.finding, { kind: 'calls_hang', pids: [17, 4711] });
  assert.equal(gateTexts(core.send(hung)), []);
});

test('a destination that hangs for hours is recorded once', () => {
  const core = createTestCore();
  answerProbe(core);
  core.pass(60_000);
  const hung: Event = { kind: 'prober_hung', route: ingest, pids: [17, 4711] };
  assert.equal(gateTexts(core.send(hung)), ['closed hung']);
  const said = [];
  for (let time = 0; time < 100; time += 1) said.push(...gateTexts(core.pass(20_000)), ...gateTexts(core.send(hung)));
  assert.equal(said, []);
  assert.is(core.route.gate.cause, 'hung');
});

test('the finding of a gate without a result: not probed yet, answers, no answer', () => {
  const core = createTestCore();
  const findings = [core.route.gate.finding];
  answerProbe(core);
  findings.push(core.route.gate.finding);
  core.pass(20_000);
  findings.push(core.route.gate.finding);
  assert.equal(findings, [{ kind: 'not_probed' }, { kind: 'answers' }, { kind: 'no_answer', deadlineMs: 10_000 }]);
});

test('nextWake: the gate always has a wake-up, whatever answers are late or lost', () => {
  const answers = fc.constantFrom<ProbeResult[]>(goodProbe, badProbe, { ...badProbe, cause: 'hung' });
  const moves = fc.oneof(
    answers.map((result) => ({ kind: 'answer', result }) as const),
    answers.map((result) => ({ kind: 'late', result }) as const),
    fc.nat({ max: 12_000 }).map((ms) => ({ kind: 'pass', ms }) as const),
    fc.constant({ kind: 'hung' } as const),
  );
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 30 }), (story) => {
      const core = createTestCore();
      for (const move of story) {
        if (move.kind === 'answer') answerProbe(core, move.result);
        else if (move.kind === 'late') late(core, move.result);
        else if (move.kind === 'pass') core.pass(move.ms);
        else core.send({ kind: 'prober_hung', route: ingest, pids: [1] });
        const { gate } = core.route;
        assert.is(gate.state === 'open', gate.cause === null);
        assert.ok(nextWake(core.state) - core.at() <= 10_000, 'a probe is due within the deadline');
        assert.is(gate.finding.kind === 'answers', gate.state === 'open');
      }
      live(core, 40_000);
      assert.is(core.route.gate.state, 'open', 'the gate opens for a destination that answers');
    }),
    { numRuns: 80 },
  );
});

test.run();
