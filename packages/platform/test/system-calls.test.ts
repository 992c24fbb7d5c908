import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { closeQuietly, errnoOf, statOrNull } from '../src/system-calls.ts';

const thrown = (code: string, errno: number): Error => Object.assign(new Error(`${code}: write`), { code, errno });

test('errnoOf: returns the name of the errno, even if libuv has none for it', () => {
  assert.is(errnoOf(thrown('EIO', -constants.errno.EIO)), 'EIO');
  for (const name of ['ESTALE', 'EDQUOT'] as const) {
    const errno = -constants.errno[name];
    assert.is(errnoOf(thrown(`Unknown system error ${errno}`, errno)), name);
  }
});

test('errnoOf: returns UNKNOWN for an error without an errno', () => {
  assert.is(errnoOf(thrown('Unknown system error -9999', -9999)), 'UNKNOWN');
  assert.is(errnoOf(thrown('UNKNOWN', -4094)), 'UNKNOWN');
  assert.is(errnoOf(new Error('no code')), 'UNKNOWN');
  assert.is(errnoOf('text'), 'UNKNOWN');
});

test('errnoOf: reads the errors that the system really throws', async () => {
  const error = await readFile('/nowhere/at/all').catch((thrown: unknown) => thrown);
  assert.is(errnoOf(error), 'ENOENT');
});

for (const [what, thrown] of [
  ['an error without a code', new Error('EIO: only in its words')],
  ['an error whose code is a number', Object.assign(new Error('x'), { code: 5 })],
  ['no error at all', 'EIO'],
  ['a mere object with a code', { code: 'EIO' }],
  ['nothing', undefined],
] as const) {
  test(`errnoOf: ${what} is UNKNOWN, whatever its message says`, () => {
    assert.is(errnoOf(thrown), 'UNKNOWN');
  });
}

test('statOrNull: finds a file and a link that leads nowhere, and returns null for a missing name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-stat-'));
  try {
    await writeFile(join(folder, 'file'), 'text');
    await symlink('nowhere', join(folder, 'link'));
    assert.is((await statOrNull(join(folder, 'file')))?.isFile(), true);
    assert.is((await statOrNull(join(folder, 'link')))?.isSymbolicLink(), true);
    assert.is(await statOrNull(join(folder, 'missing')), null);
    assert.is(await statOrNull(join(folder, 'file', 'below')), null);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('statOrNull: rejects if it cannot find out', async () => {
  const error = await statOrNull(`/${'x'.repeat(300)}`).catch((thrown: unknown) => thrown);
  assert.is(errnoOf(error), 'ENAMETOOLONG');
});

test('closeQuietly: ignores a rejection and a thrown error', async () => {
  await closeQuietly({ close: () => Promise.reject(new Error('EIO')) });
  await closeQuietly({
    close: () => {
      throw new Error('EBADF');
    },
  });
});

test.run();
