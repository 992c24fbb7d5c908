import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { statRoot } from '../../src/scan/root.ts';

test('statRoot: a link stands for the folder it leads to, and for the filesystem of that folder', async () => {
  const parent = await realpath(await mkdtemp(join(tmpdir(), 'sluice-root-')));
  try {
    await mkdir(join(parent, 'share'));
    await symlink(join(parent, 'share'), join(parent, 'source'));
    const [linked, plain] = [await statRoot(join(parent, 'source')), await statRoot(join(parent, 'share'))];
    assert.equal(linked, plain);
    assert.is(linked.realPath, join(parent, 'share'));
  } finally {
    await rm(parent, { recursive: true });
  }
});

test.run();
