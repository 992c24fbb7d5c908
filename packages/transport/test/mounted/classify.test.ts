import { constants } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOf, gateCauseOf, toCallFault } from '../../src/mounted/classify.ts';

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

test('gateCauseOf: what may not be written to, and what cannot be reached', () => {
  assert.equal(['EROFS', 'EACCES', 'EPERM', 'EIO', 'ENOENT', 'UNKNOWN'].map(gateCauseOf), [
    'read_only',
    'denied',
    'denied',
    'unreachable',
    'unreachable',
    'unreachable',
  ]);
});

test.run();
