import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveSuspicions } from '../../src/gate/resolve-suspicions.ts';
import { type Effect } from '../../src/messages/effect.ts';
import { type CallFault } from '../../src/model/fault.ts';
import { isRunning, type Suspicion, type TrackedFile } from '../../src/model/file.ts';
import { answerProbe, copyingCore, ingest, report, type TestCore, toPublishing, toVerifying } from '../support/test-core.ts';

const fault = (code: string): CallFault => ({ side: 'destination', code, operation: 'write a.mov', message: code });

/** A suspicion since monotonic 10 000. The copy was last alive then. */
function suspected(core: TestCore, suspicion: Partial<Suspicion>): void {
  const file = core.file('a.mov');
  if (!isRunning(file)) throw new Error(`it is ${file.status}`);
  const about = { fault: fault('EIO'), isFinal: false, since: core.at(), ...suspicion };
  core.state.files.set(file.id, { ...file, suspicion: about });
}

/** @returns the file after a good answer to a probe that was sent at `sentAt` */
function judged(
  core: TestCore,
  sentAt: number,
): { readonly effects: readonly Effect[]; readonly error: string | null; readonly file: TrackedFile } {
  const work = core.work();
  resolveSuspicions(work, core.route, sentAt);
  const ended = work.records.flatMap((record) =>
    record.kind === 'transition' && record.file.status === 'FAILED' ? [record.file.error.kind] : [],
  );
  return { effects: work.effects, error: ended[0] ?? null, file: core.file('a.mov') };
}

test('resolveSuspicions: a suspicion that is younger than the probe stays', () => {
  const core = copyingCore(['a.mov']);
  suspected(core, { isFinal: true });
  const { error, file } = judged(core, core.at() - 1);
  assert.is(error, null);
  assert.ok('suspicion' in file && file.suspicion !== null);
});

test('resolveSuspicions: a suspicion of the moment at which the probe was sent is judged', () => {
  const core = copyingCore(['a.mov']);
  suspected(core, { isFinal: true });
  assert.is(judged(core, core.at()).error, 'destination_error');
});

for (const [what, silentMs, error] of [
  ['before stall_max it goes on', 119_999, null],
  ['from stall_max on it is the copy that fails', 120_000, 'destination_error'],
] as const) {
  test(`resolveSuspicions: slow storage that answers is waited for: ${what}`, () => {
    const core = copyingCore(['a.mov']);
    core.advanceClock(silentMs);
    suspected(core, { fault: fault('SILENT') });
    assert.is(judged(core, core.at()).error, error);
  });
}

for (const [what, disk, isFull, error] of [
  ['room for all that is missing', { totalBytes: 5_000, freeBytes: 600 }, false, 'destination_error'],
  ['a byte less than that', { totalBytes: 5_000, freeBytes: 599 }, false, 'destination_full'],
  ['nothing at all', { totalBytes: 5_000, freeBytes: 0 }, false, 'destination_full'],
  ['a refused create', { totalBytes: 5_000, freeBytes: 600 }, true, 'destination_full'],
  ['a statfs that says nothing', { totalBytes: null, freeBytes: null }, false, 'destination_error'],
] as const) {
  test(`resolveSuspicions: EIO is compared with statfs: ${what}`, () => {
    const core = copyingCore(['a.mov']);
    report(core, 'a.mov', { kind: 'progress', syncedBytes: 400, sizeBytes: 1_000, phase: null, phaseDone: null });
    Object.assign(core.route.space, { disk, isFull });
    suspected(core, { isFinal: true });
    assert.is(judged(core, core.at()).error, error);
  });
}

test('resolveSuspicions: a copy whose bytes are all written needs one free byte, and no more', () => {
  for (const [freeBytes, error] of [
    [1, 'destination_error'],
    [0, 'destination_full'],
  ] as const) {
    const core = copyingCore(['a.mov']);
    toVerifying(core, 'a.mov');
    Object.assign(core.route.space, { disk: { totalBytes: 5_000, freeBytes } });
    suspected(core, { isFinal: true });
    assert.is(judged(core, core.at()).error, error);
  }
});

test('resolveSuspicions: after the loss of a publishing carrier, the destination is asked about the file; the copy does not fail', () => {
  const core = copyingCore(['a.mov']);
  toPublishing(core, 'a.mov');
  suspected(core, { isFinal: true, fault: fault('CHILD_LOST') });
  const { effects, error, file } = judged(core, core.at());
  assert.is(error, null);
  assert.equal(
    effects.map(({ kind }) => kind),
    ['publish'],
  );
  assert.is('suspicion' in file && file.suspicion, null);
});

test('resolveSuspicions: any other failure during publishing fails the copy', () => {
  const core = copyingCore(['a.mov']);
  toPublishing(core, 'a.mov');
  suspected(core, { isFinal: true, fault: fault('EACCES') });
  assert.is(judged(core, core.at()).error, 'destination_denied');
});

test('resolveSuspicions: a fresh process reads back after a probe that was sent at or after the refusal', () => {
  const core = copyingCore(['a.mov']);
  core.pass(5_000);
  toVerifying(core, 'a.mov');
  core.advanceClock(5);
  report(core, 'a.mov', { kind: 'direct_refused' });
  const kinds = (effects: readonly Effect[]) => effects.filter(({ kind }) => kind === 'read_back_fresh').length;
  assert.is(kinds(answerProbe(core).effects), 0, 'that probe was sent before the refusal');
  assert.is(kinds(answerProbe(core).effects), 1);
  assert.is(kinds(answerProbe(core).effects), 0, 'once');
});

test('resolveSuspicions: copies without a suspicion stay unchanged', () => {
  const core = copyingCore(['a.mov', 'b.mov']);
  const before = [...core.state.files.values()];
  assert.equal(core.send({ kind: 'tick' }).effects, []);
  assert.is(judged(core, core.at()).error, null);
  assert.equal([...core.state.files.values()], before);
  assert.is(core.route.settings.name, ingest);
});

test.run();
