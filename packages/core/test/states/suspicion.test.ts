import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOfReason, type Side } from '../../src/model/fault.ts';
import type { TrackedFile } from '../../src/model/file.ts';
import { answerProbe, badProbe, copyingWorld, ingest, list, report, toPublishing, toVerifying, type World } from '../gate/world.ts';

const stalled = (world: World, source: string, side: Side = 'destination', sinceMs = 2_000) =>
  report(world, source, { kind: 'stalled', side, operation: `write ${source}`, sinceMs });
const failed = (world: World, source: string, code = 'EIO') =>
  report(world, source, {
    kind: 'failed',
    fault: { side: 'destination', code, operation: `write ${source}`, message: code },
    syncedBytes: 10,
    sizeBytes: 1_000,
  });
const progress = (world: World, source: string, syncedBytes: number) =>
  report(world, source, { kind: 'progress', syncedBytes, sizeBytes: 1_000, phase: null, phaseDone: null });

function loseCarrier(world: World, source: string): void {
  const file = world.file(source);
  assert.ok('copyId' in file && file.copyId !== null);
  world.tell({ kind: 'carrier_lost', route: ingest, copyIds: [file.copyId], code: 'SIGKILL' });
}

const suspicionOf = (file: TrackedFile) => ('suspicion' in file ? file.suspicion : undefined);
const endOf = (told: { records: readonly { kind: string }[] }): readonly string[] =>
  told.records.flatMap((record) => {
    const { to, file } = record as unknown as { to?: string; file?: TrackedFile };
    return to === 'FAILED' && file?.status === 'FAILED' ? [`${file.source} ${file.error.kind} ${codeOfReason(file.error.reason)}`] : [];
  });

test('suspect: a silence of the destination asks for a probe, and a good answer ends the doubt', () => {
  const world = copyingWorld(['a.mov']);
  stalled(world, 'a.mov');
  assert.is(suspicionOf(world.file('a.mov'))?.isFinal, false);
  assert.ok(world.route.gate.outstanding);
  assert.equal(endOf(answerProbe(world)), []);
  assert.is(suspicionOf(world.file('a.mov')), null);
  assert.is(world.file('a.mov').status, 'COPYING');
});

test('suspect: progress ends the doubt too', () => {
  const world = copyingWorld(['a.mov']);
  stalled(world, 'a.mov');
  progress(world, 'a.mov', 500);
  assert.is(suspicionOf(world.file('a.mov')), null);
});

test('suspect: a silence and a bad answer fail every copy of the destination at once', () => {
  const world = copyingWorld(['a.mov', 'b.mov']);
  stalled(world, 'a.mov');
  assert.equal(endOf(answerProbe(world, badProbe)), ['a.mov network_interruption SILENT', 'b.mov network_interruption EHOSTDOWN']);
});

test('suspect: a silence at the source closes no gate, and is failed only after stall_max', () => {
  const world = copyingWorld(['a.mov']);
  world.skip(119_999);
  stalled(world, 'a.mov', 'source', 119_999);
  assert.is(world.file('a.mov').status, 'COPYING');
  assert.is(suspicionOf(world.file('a.mov')), null);
  assert.is(world.route.gate.askedAt, null);
  world.skip(1);
  assert.equal(endOf(stalled(world, 'a.mov', 'source', 120_000)), ['a.mov source_unreadable SILENT']);
});

for (const [code, kind] of [
  ['ENOSPC', 'destination_full'],
  ['EDQUOT', 'destination_full'],
  ['MISMATCH', 'checksum_mismatch'],
] as const) {
  test(`suspect: ${code} needs no probe`, () => {
    const world = copyingWorld(['a.mov']);
    assert.equal(endOf(failed(world, 'a.mov', code)), [`a.mov ${kind} ${code}`]);
  });
}

test('suspect: a probe under way when the error came is no judge; the next one is', () => {
  const world = copyingWorld(['a.mov']);
  world.pass(5_000);
  assert.ok(world.route.gate.outstanding);
  world.skip(10);
  failed(world, 'a.mov');
  assert.equal(endOf(answerProbe(world)), []);
  assert.is(world.file('a.mov').status, 'COPYING');
  assert.is(world.route.gate.outstanding?.sentAt, world.at(), 'asked anew at once');
  assert.equal(endOf(answerProbe(world)), ['a.mov destination_error EIO']);
});

test('suspect: a final failure is neither softened by a silence told after it nor replaced by the loss of its carrier', () => {
  const world = copyingWorld(['a.mov']);
  failed(world, 'a.mov');
  const since = world.at();
  world.skip(10);
  stalled(world, 'a.mov');
  loseCarrier(world, 'a.mov');
  const suspicion = suspicionOf(world.file('a.mov'));
  assert.equal([suspicion?.isFinal, suspicion?.fault.code, suspicion?.since], [true, 'EIO', since]);
});

test('suspect: a lost carrier is judged by the probe like a failed call', () => {
  for (const [answer, end] of [
    [undefined, 'a.mov destination_error CHILD_LOST'],
    [badProbe, 'a.mov network_interruption CHILD_LOST'],
  ] as const) {
    const world = copyingWorld(['a.mov']);
    loseCarrier(world, 'a.mov');
    assert.is(world.file('a.mov').status, 'COPYING');
    assert.equal(endOf(answerProbe(world, answer)), [end]);
  }
});

test('interrupt: what is being published stays, asked for again when the destination is back', () => {
  const world = copyingWorld(['a.mov', 'b.mov', 'c.mov']);
  toVerifying(world, 'b.mov');
  toPublishing(world, 'c.mov');
  stalled(world, 'c.mov');
  assert.equal(endOf(answerProbe(world, badProbe)), ['a.mov network_interruption EHOSTDOWN', 'b.mov network_interruption EHOSTDOWN']);
  assert.is(world.file('c.mov').status, 'VERIFYING');
  assert.is(suspicionOf(world.file('c.mov')), null);
  const { effects } = answerProbe(world);
  assert.equal(
    effects.flatMap((effect) => (effect.kind === 'publish' ? [effect.order.destination] : [])),
    ['c.mov'],
  );
});

test('suspect: what is being published while the gate is closed is not doubted', () => {
  const world = copyingWorld(['c.mov']);
  toPublishing(world, 'c.mov');
  answerProbe(world, badProbe);
  failed(world, 'c.mov');
  assert.is(world.file('c.mov').status, 'VERIFYING');
  assert.is(suspicionOf(world.file('c.mov')), null);
});

test('interrupt: a copy whose source is gone fails, and nothing follows', () => {
  const world = copyingWorld(['a.mov']);
  toVerifying(world, 'a.mov');
  const before = world.file('a.mov');
  world.state.files.set(before.id, { ...before, sourceGone: true });
  answerProbe(world, badProbe);
  const failedFile = world.file('a.mov');
  assert.equal(failedFile.status === 'FAILED' && failedFile.error, {
    kind: 'network_interruption',
    percent: 100,
    reason: { kind: 'gate', code: 'EHOSTDOWN', destination: '/mnt/nas', finding: badProbe.finding },
    follows: { kind: 'nothing' },
  });
  list(world);
  assert.is(world.state.files.size, 1);
});

test.run();
