import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { closeQuietly, errnoOf, statOrNull } from '../src/system-calls.ts';

const thrown = (code: string, errno: number): Error => Object.assign(new Error(`${code}: write`), { code, errno });

test('errnoOf: the name of the errno, also where libuv has none for it', () => {
  assert.is(errnoOf(thrown('EIO', -constants.errno.EIO)), 'EIO');
  for (const name of ['ESTALE', 'EDQUOT'] as const) {
    const errno = -constants.errno[name];
    assert.is(errnoOf(thrown(`Unknown system error ${errno}`, errno)), name);
  }
});

test('errnoOf: UNKNOWN for what has no name', () => {
  assert.is(errnoOf(thrown('Unknown system error -9999', -9999)), 'UNKNOWN');
  assert.is(errnoOf(thrown('UNKNOWN', -4094)), 'UNKNOWN');
  assert.is(errnoOf(new Error('no code')), 'UNKNOWN');
  assert.is(errnoOf('text'), 'UNKNOWN');
});

test('errnoOf: of what the system really throws', async () => {
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
  test(`errnoOf: ${what} is unknown, whatever its words say`, () => {
    assert.is(errnoOf(thrown), 'UNKNOWN');
  });
}

test('statOrNull: a name is a file, a link that leads nowhere, or nothing', async () => {
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

test('statOrNull: rejects where nothing is known', async () => {
  const error = await statOrNull(`/${'x'.repeat(300)}`).catch((thrown: unknown) => thrown);
  assert.is(errnoOf(error), 'ENAMETOOLONG');
});

test('closeQuietly: neither a rejection nor an error is passed on', async () => {
  await closeQuietly({ close: () => Promise.reject(new Error('EIO')) });
  await closeQuietly({
    close: () => {
      throw new Error('EBADF');
    },
  });
});

test.run();
