import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import type { GateCause } from '@sluice/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOf, gateCauseOf, toCallFault, withCode } from '../../src/storage/classify.ts';

const thrown = (code: string, errno: number): Error => Object.assign(new Error(`${code}: write`), { code, errno });

test('codeOf: the name of the errno, also where libuv has none for it', () => {
  assert.is(codeOf(thrown('EIO', -constants.errno.EIO)), 'EIO');
  for (const name of ['ESTALE', 'EDQUOT'] as const) {
    const errno = -constants.errno[name];
    assert.is(codeOf(thrown(`Unknown system error ${errno}`, errno)), name);
  }
});

test('codeOf: UNKNOWN for what has no name', () => {
  assert.is(codeOf(thrown('Unknown system error -9999', -9999)), 'UNKNOWN');
  assert.is(codeOf(thrown('UNKNOWN', -4094)), 'UNKNOWN');
  assert.is(codeOf(new Error('no code')), 'UNKNOWN');
  assert.is(codeOf('text'), 'UNKNOWN');
});

test('toCallFault: the side, what was tried, the code, and the words of the system', () => {
  const fault = toCallFault('destination', 'write a.mxf', thrown('EIO', -5));
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
    test(`toCallFault: ${code} at the ${side} keeps its side, code, call and words`, () => {
      const fault = toCallFault(side, 'write a.mxf', withCode(code, 'words'));
      assert.equal(fault, { side, code, operation: 'write a.mxf', message: `${code}: words` });
    });
  }
}

test('codeOf: of what the system really throws', async () => {
  const error = await readFile('/nowhere/at/all').catch((thrown: unknown) => thrown);
  assert.is(codeOf(error), 'ENOENT');
});

for (const [what, thrown] of [
  ['an error without a code', new Error('EIO: only in its words')],
  ['an error whose code is a number', Object.assign(new Error('x'), { code: 5 })],
  ['no error at all', 'EIO'],
  ['a mere object with a code', { code: 'EIO' }],
  ['nothing', undefined],
] as const) {
  test(`codeOf: ${what} is unknown, whatever its words say`, () => {
    assert.is(codeOf(thrown), 'UNKNOWN');
  });
}

test('toCallFault: what is no error has its text as words', () => {
  assert.is(toCallFault('source', 'read', 'gone').message, 'gone');
});

test.run();
