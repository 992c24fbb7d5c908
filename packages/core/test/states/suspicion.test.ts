import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOfReason, type Side } from '../../src/model/fault.ts';
import type { TrackedFile } from '../../src/model/file.ts';
import {
  answerProbe,
  badProbe,
  copyingCore,
  ingest,
  list,
  report,
  type TestCore,
  toPublishing,
  toVerifying,
} from '../support/test-core.ts';

const stalled = (core: TestCore, source: string, side: Side = 'destination', sinceMs = 2_000) =>
  report(core, source, { kind: 'stalled', side, operation: `write ${source}`, sinceMs });
const failed = (core: TestCore, source: string, code = 'EIO') =>
  report(core, source, {
    kind: 'failed',
    fault: { side: 'destination', code, operation: `write ${source}`, message: code },
    syncedBytes: 10,
    sizeBytes: 1_000,
  });
const progress = (core: TestCore, source: string, syncedBytes: number) =>
  report(core, source, { kind: 'progress', syncedBytes, sizeBytes: 1_000, phase: null, phaseDone: null });

function loseCarrier(core: TestCore, source: string): void {
  const file = core.file(source);
  assert.ok('copyId' in file && file.copyId !== null);
  core.send({ kind: 'carrier_lost', route: ingest, copyIds: [file.copyId], code: 'SIGKILL' });
}

const suspicionOf = (file: TrackedFile) => ('suspicion' in file ? file.suspicion : undefined);
const endOf = (result: { records: readonly { kind: string }[] }): readonly string[] =>
  result.records.flatMap((record) => {
    const { to, file } = record as unknown as { to?: string; file?: TrackedFile };
    return to === 'FAILED' && file?.status === 'FAILED' ? [`${file.source} ${file.error.kind} ${codeOfReason(file.error.reason)}`] : [];
  });

test('suspect: a silence of the destination requests a probe, and a good answer ends the suspicion', () => {
  const core = copyingCore(['a.mov']);
  stalled(core, 'a.mov');
  assert.is(suspicionOf(core.file('a.mov'))?.isFinal, false);
  assert.ok(core.route.gate.outstanding);
  assert.equal(endOf(answerProbe(core)), []);
  assert.is(suspicionOf(core.file('a.mov')), null);
  assert.is(core.file('a.mov').status, 'COPYING');
});

test('suspect: progress ends the suspicion too', () => {
  const core = copyingCore(['a.mov']);
  stalled(core, 'a.mov');
  progress(core, 'a.mov', 500);
  assert.is(suspicionOf(core.file('a.mov')), null);
});

test('suspect: a silence and a bad answer fail every copy of the destination at once', () => {
  const core = copyingCore(['a.mov', 'b.mov']);
  stalled(core, 'a.mov');
  assert.equal(endOf(answerProbe(core, badProbe)), ['a.mov network_interruption SILENT', 'b.mov network_interruption EHOSTDOWN']);
});

test('suspect: a silence at the source closes no gate, and fails the copy only after stall_max', () => {
  const core = copyingCore(['a.mov']);
  core.advanceClock(119_999);
  stalled(core, 'a.mov', 'source', 119_999);
  assert.is(core.file('a.mov').status, 'COPYING');
  assert.is(suspicionOf(core.file('a.mov')), null);
  assert.is(core.route.gate.askedAt, null);
  core.advanceClock(1);
  assert.equal(endOf(stalled(core, 'a.mov', 'source', 120_000)), ['a.mov source_unreadable SILENT']);
});

for (const [code, kind] of [
  ['ENOSPC', 'destination_full'],
  ['EDQUOT', 'destination_full'],
  ['MISMATCH', 'checksum_mismatch'],
] as const) {
  test(`suspect: ${code} needs no probe`, () => {
    const core = copyingCore(['a.mov']);
    assert.equal(endOf(failed(core, 'a.mov', code)), [`a.mov ${kind} ${code}`]);
  });
}

test('suspect: a probe that was sent before the error does not decide; the next one does', () => {
  const core = copyingCore(['a.mov']);
  core.pass(5_000);
  assert.ok(core.route.gate.outstanding);
  core.advanceClock(10);
  failed(core, 'a.mov');
  assert.equal(endOf(answerProbe(core)), []);
  assert.is(core.file('a.mov').status, 'COPYING');
  assert.is(core.route.gate.outstanding?.sentAt, core.at(), 'the next probe is sent at once');
  assert.equal(endOf(answerProbe(core)), ['a.mov destination_error EIO']);
});

test('suspect: a final failure is not replaced by a later silence or by the loss of its carrier', () => {
  const core = copyingCore(['a.mov']);
  failed(core, 'a.mov');
  const since = core.at();
  core.advanceClock(10);
  stalled(core, 'a.mov');
  loseCarrier(core, 'a.mov');
  const suspicion = suspicionOf(core.file('a.mov'));
  assert.equal([suspicion?.isFinal, suspicion?.fault.code, suspicion?.since], [true, 'EIO', since]);
});

test('suspect: a lost carrier is judged by the probe like a failed call', () => {
  for (const [answer, end] of [
    [undefined, 'a.mov destination_error CHILD_LOST'],
    [badProbe, 'a.mov network_interruption CHILD_LOST'],
  ] as const) {
    const core = copyingCore(['a.mov']);
    loseCarrier(core, 'a.mov');
    assert.is(core.file('a.mov').status, 'COPYING');
    assert.equal(endOf(answerProbe(core, answer)), [end]);
  }
});

test('interrupt: a file that is being published stays, and the request is repeated when the destination is back', () => {
  const core = copyingCore(['a.mov', 'b.mov', 'c.mov']);
  toVerifying(core, 'b.mov');
  toPublishing(core, 'c.mov');
  stalled(core, 'c.mov');
  assert.equal(endOf(answerProbe(core, badProbe)), ['a.mov network_interruption EHOSTDOWN', 'b.mov network_interruption EHOSTDOWN']);
  assert.is(core.file('c.mov').status, 'VERIFYING');
  assert.is(suspicionOf(core.file('c.mov')), null);
  const { effects } = answerProbe(core);
  assert.equal(
    effects.flatMap((effect) => (effect.kind === 'publish' ? [effect.order.destination] : [])),
    ['c.mov'],
  );
});

test('suspect: a file that is being published while the gate is closed is not suspected', () => {
  const core = copyingCore(['c.mov']);
  toPublishing(core, 'c.mov');
  answerProbe(core, badProbe);
  failed(core, 'c.mov');
  assert.is(core.file('c.mov').status, 'VERIFYING');
  assert.is(suspicionOf(core.file('c.mov')), null);
});

test('interrupt: a copy whose source is gone fails, and nothing follows', () => {
  const core = copyingCore(['a.mov']);
  toVerifying(core, 'a.mov');
  const before = core.file('a.mov');
  core.state.files.set(before.id, { ...before, sourceGone: true });
  answerProbe(core, badProbe);
  const failedFile = core.file('a.mov');
  assert.equal(failedFile.status === 'FAILED' && failedFile.error, {
    kind: 'network_interruption',
    percent: 100,
    reason: { kind: 'gate', code: 'EHOSTDOWN', destination: '/mnt/nas', finding: badProbe.finding },
    follows: { kind: 'nothing' },
  });
  list(core);
  assert.is(core.state.files.size, 1);
});

test.run();
