import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ProgrammingError } from '../../src/model/assert.ts';
import { type Status, statuses } from '../../src/model/file.ts';
import { putFile } from '../../src/state/state.ts';
import { ask, create, monotonic, move, note, noteGate, noteRoute, refresh, type Work, wakeAt } from '../../src/state/work.ts';
import { fileOf } from '../fixtures/file.ts';
import { answerProbe, createTestCore, epoch, ingest, type TestCore } from '../support/test-core.ts';
import { anyEvent } from '../support/words.ts';

/** Every change of state, from the table of states. */
const allowed: { readonly [From in Status]: readonly Status[] } = {
  DISCOVERED: ['GROWING', 'READY', 'REMOVED'],
  GROWING: ['READY', 'REMOVED'],
  READY: ['IN_QUEUE', 'DISCOVERED', 'GROWING', 'REMOVED'],
  WAITING_FOR_NETWORK: ['READY', 'REMOVED'],
  WAITING_FOR_SPACE: ['READY', 'REMOVED'],
  IN_QUEUE: ['COPYING', 'GROWING_COPY', 'WAITING_FOR_NETWORK', 'WAITING_FOR_SPACE', 'READY', 'GROWING', 'FAILED', 'REMOVED'],
  COPYING: ['GROWING_COPY', 'VERIFYING', 'FAILED', 'READY'],
  GROWING_COPY: ['VERIFYING', 'FAILED', 'READY'],
  VERIFYING: ['COMPLETED', 'FAILED', 'GROWING_COPY', 'READY'],
  COMPLETED: ['COMPLETED_DELETE_FAILED'],
  COMPLETED_DELETE_FAILED: ['COMPLETED'],
  FAILED: [],
  REMOVED: [],
};

const found = { kind: 'found' } as const;

const isProgrammingError = (error: unknown): boolean => error instanceof ProgrammingError;

function workWith(status: Status): { readonly core: TestCore; readonly work: Work } {
  const core = createTestCore();
  putFile(core.state, fileOf(status));
  return { core, work: core.work() };
}

for (const from of statuses) {
  for (const to of statuses) {
    const isAllowed = allowed[from].includes(to);
    test(`move: ${from} ${isAllowed ? 'becomes' : 'cannot become'} ${to}`, () => {
      const { core, work } = workWith(from);
      if (!isAllowed) {
        assert.throws(() => move(work, fileOf(to), anyEvent), isProgrammingError);
        assert.is(core.state.files.get(fileOf(from).id)?.status, from);
        assert.equal(work.records, []);
        return;
      }
      const event = { kind: 'destination_not_reached', code: 'EIO' } as const;
      move(work, fileOf(to), event);
      assert.is(core.state.files.get(fileOf(from).id)?.status, to);
      const [record] = work.records;
      assert.equal(record, {
        kind: 'transition',
        seq: work.firstSeq,
        at: work.wall,
        event,
        from,
        to,
        file: fileOf(to),
      });
    });
  }
}

test('move: an unknown file is a programming error', () => {
  assert.throws(() => move(createTestCore().work(), fileOf('READY'), anyEvent), isProgrammingError);
});

test('create: a tracked file begins as DISCOVERED, once', () => {
  for (const status of statuses) {
    const work = createTestCore().work();
    if (status !== 'DISCOVERED') assert.throws(() => create(work, fileOf(status), found), isProgrammingError);
  }
  const work = createTestCore().work();
  create(work, fileOf('DISCOVERED'), found);
  assert.is(work.records[0]?.kind === 'transition' && work.records[0].from, null);
  assert.throws(() => create(work, fileOf('DISCOVERED'), found), isProgrammingError);
});

test('note, refresh: keep the state; only a note is journaled', () => {
  const { core, work } = workWith('COPYING');
  refresh(work, fileOf('COPYING', { copiedBytes: 500 }));
  assert.equal(work.records, []);
  const event = { kind: 'created', part: 'x', identity: { device: '41', inode: '7' } } as const;
  note(work, fileOf('COPYING', { copiedBytes: 600 }), event);
  const [record] = work.records;
  assert.equal(record?.kind === 'file_fact' && record.event, event);
  const file = core.file('day1/clip.mxf');
  assert.is('copiedBytes' in file && file.copiedBytes, 600);
  for (const write of [note, refresh]) assert.throws(() => write(work, fileOf('READY'), anyEvent), isProgrammingError);
});

test('records are numbered without gaps, in the order in which they are made', () => {
  const core = createTestCore();
  core.advanceClock(250);
  const work = core.work();
  create(work, fileOf('DISCOVERED'), found);
  noteRoute(work, core.route, { kind: 'hold_expired' });
  noteGate(work, core.route);
  note(work, fileOf('DISCOVERED'), { kind: 'stuck' });
  move(work, fileOf('READY'), { kind: 'settled' });
  assert.equal(
    work.records.map(({ kind, seq, at }) => [kind, seq - work.firstSeq, at - epoch]),
    [
      ['transition', 0, 250],
      ['route_fact', 1, 250],
      ['gate', 2, 250],
      ['file_fact', 3, 250],
      ['transition', 4, 250],
    ],
  );
});

test('step: the numbers continue after those of the previous step', () => {
  const core = createTestCore();
  const first = answerProbe(core).records;
  const second = core.send({ kind: 'prober_hung', route: ingest, pids: [] }).records;
  const seqs = [...first, ...second].map(({ seq }) => seq);
  assert.equal(
    seqs,
    seqs.map((_, index) => (seqs[0] ?? 0) + index),
  );
  assert.ok(seqs.length >= 3);
});

test('noteGate: a closed gate with its destination, cause, code and finding', () => {
  const core = createTestCore();
  const work = core.work();
  Object.assign(core.route.gate, { cause: 'denied', code: 'EACCES', finding: { kind: 'call_failed', operation: 'mkdir' } });
  noteGate(work, core.route);
  const { cause, code, finding } = core.route.gate;
  const event = { kind: 'gate_closed', destination: '/mnt/nas', cause, code, finding };
  assert.equal(work.records, [{ kind: 'gate', seq: work.firstSeq, at: epoch, route: ingest, event }]);
});

test('noteGate: an open gate with its destination', () => {
  const core = createTestCore();
  answerProbe(core);
  const work = core.work();
  noteGate(work, core.route);
  const event = { kind: 'gate_opened', destination: '/mnt/nas' };
  assert.equal(work.records, [{ kind: 'gate', seq: work.firstSeq, at: epoch, route: ingest, event }]);
});

test('noteRoute: a route fact under the key of its event', () => {
  const core = createTestCore();
  const work = core.work();
  const released = { kind: 'released', by: 'ann', reason: null } as const;
  const rescan = { kind: 'rescan_asked', by: 'ann', reason: null } as const;
  for (const event of [released, rescan]) noteRoute(work, core.route, event);
  const common = { kind: 'route_fact', at: epoch, route: ingest };
  assert.equal(work.records, [
    { ...common, seq: work.firstSeq, key: 'hold', event: released },
    { ...common, seq: work.firstSeq + 1, key: 'note', event: rescan },
  ]);
});

test('move: clears the alarm, and the route is no longer quiet', () => {
  const { core, work } = workWith('DISCOVERED');
  wakeAt(work, fileOf('DISCOVERED').id, 77);
  assert.is(core.state.alarms.earliest(), 77);
  move(work, fileOf('READY'), { kind: 'settled' });
  assert.is(core.state.alarms.earliest(), null);
  assert.is(core.route.quiet.lastChangeAt, work.at);
});

test('ask: effects are kept in order', () => {
  const work = createTestCore().work();
  ask(work, { kind: 'end_carrier', route: ingest });
  ask(work, { kind: 'stopped' });
  assert.equal(
    work.effects.map(({ kind }) => kind),
    ['end_carrier', 'stopped'],
  );
});

test('monotonic: a wall-clock moment, never in the past and never later than the limit, whatever the clock was set to', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat({ max: 600_000 }), fc.nat({ max: 100_000 }), (offset, maxMs, at) => {
      const core = createTestCore();
      core.advanceClock(at);
      const work = core.work();
      const moment = monotonic(work, work.wall + offset, maxMs);
      assert.ok(moment >= at && moment <= at + maxMs);
      if (offset >= 0 && offset <= maxMs) assert.is(moment, at + offset);
    }),
  );
});

test.run();
