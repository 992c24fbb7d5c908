import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commonOf } from '../../src/model/common.ts';
import { type CallFault, type ErrorKind, errorKinds } from '../../src/model/fault.ts';
import { type Hold, type TrackedFile } from '../../src/model/file.ts';
import { fileError, percentOf, whatFollows } from '../../src/policy/sentences.ts';
import { createWorld, entryOf, see } from '../gate/world.ts';
import { isForOperators } from './words.ts';

const fault = (code: string, side: CallFault['side'] = 'destination'): CallFault => ({
  side,
  code,
  operation: 'write day1/clip.mxf',
  message: `${code}: it went wrong`,
});

for (const [copied, size, percent] of [
  [0, 1_000, 0],
  [452, 1_000, 45.2],
  [4_529, 10_000, 45.2],
  [1, 3, 33.3],
  [2, 3, 66.6],
  [999_999, 1_000_000, 99.9],
  [1_000, 1_000, 100],
  [1_001, 1_000, 100],
  [0, 0, 0],
  [5, 0, 0],
  [57, 100, 57],
  [7e15, 9e15, 77.7],
] as const) {
  test(`percentOf: ${copied} of ${size} is ${percent}`, () => {
    assert.is(percentOf(copied, size), percent);
  });
}

test('percentOf: one decimal, 0 to 100, 100 only where all is there', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1 }), (copied, size) => {
      const percent = percentOf(copied, size);
      assert.match(String(percent), /^\d{1,3}(\.\d)?$/);
      assert.is(percent === 100, copied >= size);
      assert.ok(percentOf(copied + 1, size) >= percent);
    }),
  );
});

const sentences: readonly (readonly [ErrorKind, CallFault, string])[] = [
  ['network_interruption', fault('EIO'), 'the destination went away at 45.2%'],
  ['network_interruption', fault('SILENT'), 'the destination went away at 45.2%'],
  ['destination_full', fault('ENOSPC'), 'the destination is full, at 45.2%'],
  ['destination_denied', fault('EACCES'), 'the destination refused the file (EACCES), at 45.2%'],
  ['destination_error', fault('EINVAL'), 'the destination failed on this file (EINVAL), at 45.2%'],
  ['destination_error', fault('ENAMETOOLONG'), 'its name is too long for the destination'],
  ['destination_error', fault('ENOTDIR'), 'at the destination a file stands where a folder of this name is wanted; move it away'],
  ['destination_error', fault('SILENT'), 'the destination took too long over this file, at 45.2%'],
  ['source_unreadable', fault('EIO', 'source'), 'the source could not be read (EIO), at 45.2%'],
  ['source_unreadable', fault('SILENT', 'source'), 'the source stopped answering, at 45.2%'],
  ['source_changed', fault('CHANGED', 'source'), 'the source was replaced by another file, at 45.2%'],
  ['checksum_mismatch', fault('MISMATCH'), 'what was read back is not what was written'],
  ['agent_stopped', fault('STOPPED'), 'Sluice was stopped while it was being carried, at 45.2%'],
  ['skipped', fault('SKIPPED'), 'it was skipped on request'],
];

test('fileError: every kind of error is in the table below', () => {
  assert.equal(new Set(sentences.map(([kind]) => kind)), new Set(errorKinds));
});

for (const [kind, from, operator] of sentences) {
  test(`fileError: ${kind} (${from.code}) says what it means, what follows, and technically what failed on what`, () => {
    assert.equal(fileError(kind, from, 45.2, 'day1/clip.mxf', 'what follows'), {
      kind,
      code: from.code,
      percent: 45.2,
      operator: `${operator}; what follows`,
      technical: `write day1/clip.mxf on the ${from.side}: ${from.code} (${from.code}: it went wrong)`,
    });
    assert.ok(isForOperators(operator), operator);
  });
}

const world = createWorld();
see(world, entryOf('clip.mxf', 10));
const found: TrackedFile = { ...world.file('clip.mxf'), destination: 'clip_1.mxf' };
const common = commonOf(found);
const bound = { growing: false, networkTries: 0 };
const ready = (hold: Exclude<Hold, 'network' | 'space'> | null): TrackedFile => ({
  ...common,
  ...bound,
  status: 'READY',
  movedAt: 0,
  hold,
  retryAt: null,
});
const waiting = (status: 'WAITING_FOR_NETWORK' | 'WAITING_FOR_SPACE'): TrackedFile => ({ ...common, ...bound, status, retryAt: 0 });

for (const [what, next, isClosed, sentence] of [
  ['nothing', null, false, 'its source is gone, nothing follows'],
  ['space', waiting('WAITING_FOR_SPACE'), false, 'a fresh copy (clip_1.mxf) waits for room'],
  ['space, and offline too', waiting('WAITING_FOR_SPACE'), true, 'a fresh copy (clip_1.mxf) waits for room'],
  ['needs_you', ready('needs_you'), false, 'a fresh copy (clip_1.mxf) needs you: it failed too often'],
  ['operator', ready('operator'), false, 'a fresh copy (clip_1.mxf) waits until it is retried by hand'],
  ['backoff', ready('backoff'), false, 'a fresh copy (clip_1.mxf) is made after a pause'],
  ['network', ready(null), true, 'a fresh copy (clip_1.mxf) waits and is made when the destination is back'],
  ['network, not settled', found, true, 'a fresh copy (clip_1.mxf) waits and is made when the destination is back'],
  ['no hold', ready(null), false, 'a fresh copy (clip_1.mxf) follows'],
] as const) {
  test(`whatFollows: ${what}: ${sentence}`, () => {
    assert.is(whatFollows(next, isClosed), sentence);
    assert.ok(isForOperators(sentence));
  });
}

test.run();
