import type { GateCause } from '@sluice/core/model';
import { errnoError } from '@sluice/platform';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gateCauseOf, toCallFault } from '../../src/storage/storage.ts';

test('toCallFault: has the side, the call, the code, and the message of the system', () => {
  const fault = toCallFault('destination', 'write a.mxf', errnoError('EIO', 'write'));
  assert.equal(fault, { side: 'destination', code: 'EIO', operation: 'write a.mxf', message: 'EIO: write' });
});

/** What a refused probe means for the whole destination, by the code of the call. */
const causes: Readonly<Record<string, GateCause>> = {
  EROFS: 'read_only',
  EACCES: 'denied',
  EPERM: 'denied',
  ...Object.fromEntries(
    [
      // The network's at once, on Linux and what libuv makes of Windows' codes.
      ...['ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENOTCONN', 'ECONNRESET', 'ECONNABORTED', 'ECONNREFUSED'],
      ...['EPIPE', 'ESHUTDOWN', 'ETIMEDOUT', 'ESTALE', 'ENXIO', 'ENODEV'],
      // What a probe decides: here it is the probe itself that was refused.
      ...['EIO', 'UNKNOWN', 'ENOENT', 'EINVAL', 'EBADF', 'EEXIST', 'ENOTDIR', 'EAGAIN'],
      // Not the network, but no answer either.
      ...['EBUSY', 'ENAMETOOLONG', 'EMFILE', 'ELOOP', 'REMOUNTED'],
    ].map((code) => [code, 'unreachable' as const]),
  ),
};

for (const [code, cause] of Object.entries(causes)) {
  test(`gateCauseOf: ${code} is ${cause}`, () => {
    assert.is(gateCauseOf(code), cause);
  });
  for (const side of ['source', 'destination'] as const) {
    test(`toCallFault: ${code} at the ${side} keeps its side, code, call and message`, () => {
      const fault = toCallFault(side, 'write a.mxf', errnoError(code, 'words'));
      assert.equal(fault, { side, code, operation: 'write a.mxf', message: `${code}: words` });
    });
  }
}

test('toCallFault: a thrown value that is not an Error is reported by its text', () => {
  assert.is(toCallFault('source', 'read', 'gone').message, 'gone');
});

test.run();
