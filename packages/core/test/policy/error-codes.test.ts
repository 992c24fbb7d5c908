import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CallFault, codeOfReason, type ErrorKind, type Side } from '../../src/model/fault.ts';
import type { TrackedFile } from '../../src/model/file.ts';
import type { ProbeResult } from '../../src/model/probe.ts';
import { isFullCode, isNetworkCode, kindOfSource, kindWhileReachable } from '../../src/policy/error-codes.ts';
import { answerProbe, badProbe, copyingCore, goodProbe, report, type TestCore } from '../support/test-core.ts';

const networkCodes = [
  ...['ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENOTCONN', 'ECONNRESET', 'ECONNABORTED', 'ECONNREFUSED'],
  ...['EPIPE', 'ESHUTDOWN', 'ETIMEDOUT', 'ESTALE', 'ENXIO', 'ENODEV'],
];
const probeCodes = ['EIO', 'UNKNOWN', 'ENOENT', 'EACCES', 'EPERM', 'EINVAL', 'EBADF', 'EROFS', 'EEXIST'];
const neverNetworkCodes = ['ENOSPC', 'EDQUOT', 'EBUSY', 'ENAMETOOLONG', 'EMFILE', 'ELOOP'];
const ownCodes = ['SILENT', 'SHORT', 'DIVERTED', 'CHANGED', 'MISMATCH', 'LOST', 'CHILD_LOST'];

for (const code of networkCodes) {
  test(`isNetworkCode: ${code} is always a network error`, () => {
    assert.ok(isNetworkCode(code));
    assert.not(isFullCode(code));
  });
}

for (const code of [...probeCodes, ...neverNetworkCodes, ...ownCodes, '', 'eio', 'EHOST']) {
  test(`isNetworkCode: ${code} is not always a network error`, () => {
    assert.not(isNetworkCode(code));
    assert.is(isFullCode(code), code === 'ENOSPC' || code === 'EDQUOT');
  });
}

/** What an error means if a later probe is answered well. All others are `destination_error`. */
const reachable: Readonly<Record<string, ErrorKind>> = {
  ENOSPC: 'destination_full',
  EDQUOT: 'destination_full',
  EACCES: 'destination_denied',
  EPERM: 'destination_denied',
  EROFS: 'destination_denied',
  MISMATCH: 'checksum_mismatch',
};
const reachableKind = (code: string): ErrorKind => reachable[code] ?? 'destination_error';
/** Behind sshfs a full disk is `EIO`. */
const withoutRoom = (code: string): ErrorKind => (code === 'EIO' ? 'destination_full' : reachableKind(code));

const noRoom: ProbeResult = { ...goodProbe, space: { totalBytes: 1e12, freeBytes: 0 } };
const refusedCreate: ProbeResult = { ...goodProbe, isFull: true };

const faultOf = (side: Side, code: string): CallFault => ({ side, code, operation: 'write a.mov', message: code });

function failedWith(core: TestCore, side: Side, code: string): void {
  const fault = faultOf(side, code);
  report(core, 'a.mov', { kind: 'failed', fault, syncedBytes: 452, sizeBytes: 1_000 });
}

/** @returns the attempt that ended, or null if it continues */
function endedAs(side: Side, code: string, answer: ProbeResult): Extract<TrackedFile, { status: 'FAILED' }> | null {
  const core = copyingCore(['a.mov']);
  const { id } = core.file('a.mov');
  const records: TrackedFile[] = [];
  const fault = faultOf(side, code);
  for (const sent of [
    () => report(core, 'a.mov', { kind: 'failed', fault, syncedBytes: 452, sizeBytes: 1_000 }),
    () => answerProbe(core, answer),
  ]) {
    for (const record of sent().records) if (record.kind === 'transition') records.push(record.file);
  }
  const failed = records.find((file) => file.id === id && file.status === 'FAILED');
  return failed?.status === 'FAILED' ? failed : null;
}

for (const code of [...networkCodes, ...probeCodes, ...neverNetworkCodes, ...ownCodes]) {
  test(`${code} at the destination: the probe decides`, () => {
    assert.is(kindWhileReachable(code, true), reachableKind(code));
    assert.is(kindWhileReachable(code, false), withoutRoom(code));
    const isCertain = ['ENOSPC', 'EDQUOT', 'MISMATCH'].includes(code);
    for (const [answer, kind] of [
      [goodProbe, reachableKind(code)],
      [noRoom, withoutRoom(code)],
      [refusedCreate, withoutRoom(code)],
      [badProbe, isCertain ? reachableKind(code) : 'network_interruption'],
    ] as const) {
      const failed = endedAs('destination', code, answer);
      assert.is(failed?.error.kind, kind, answer.kind);
      assert.ok(failed);
      assert.is(codeOfReason(failed.error.reason), code);
      assert.equal(failed.error.reason, { kind: 'call', fault: faultOf('destination', code) });
      assert.is(failed.error.percent, 45.2);
      assert.is(failed.countedAttempts, kind === 'network_interruption' ? 0 : 1, 'an outage does not count');
    }
  });

  test(`${code} at the source: no probe is sent`, () => {
    const kind = code === 'CHANGED' ? 'source_changed' : 'source_unreadable';
    assert.is(kindOfSource(code), kind);
    const core = copyingCore(['a.mov']);
    failedWith(core, 'source', code);
    assert.is(core.route.gate.askedAt, null);
    assert.is(core.route.gate.outstanding, null);
    assert.is(endedAs('source', code, badProbe)?.error.kind, kind);
  });
}

test('an error of the destination: no copy fails before the probe is answered', () => {
  const core = copyingCore(['a.mov']);
  failedWith(core, 'destination', 'EIO');
  assert.is(core.file('a.mov').status, 'COPYING');
  assert.ok(core.route.gate.outstanding);
});

test('an unknown amount of free space counts as enough', () => {
  const unknown: ProbeResult = { ...goodProbe, space: { totalBytes: null, freeBytes: null } };
  assert.is(endedAs('destination', 'EIO', unknown)?.error.kind, 'destination_error');
});

test.run();
