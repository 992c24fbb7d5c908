// group: storage
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mountedFolder } from '../../src/mounted/folder.ts';
import { codeOfFailure } from '../support/marker-folder.ts';

const nobody = 65_534;

test('Storage.open: a file without rights is denied to a user who is not root', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sluice-folder-'));
  try {
    await chmod(root, 0o755);
    await writeFile(join(root, 'a'), 'x');
    await chmod(join(root, 'a'), 0);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(nobody);
    const opening = codeOfFailure(async () => await mountedFolder(root).open('a', 'read'));
    const code = await opening.finally(() => isRoot && process.seteuid?.(0));
    assert.is(code, 'EACCES');
  } finally {
    await rm(root, { recursive: true });
  }
});

test.run();
