import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lookAtRoot } from '../src/root.ts';

test('lookAtRoot: a link is the folder it leads to, and what that one lies on is asked of', async () => {
  const parent = await realpath(await mkdtemp(join(tmpdir(), 'sluice-root-')));
  try {
    await mkdir(join(parent, 'share'));
    await symlink(join(parent, 'share'), join(parent, 'source'));
    const [linked, plain] = [await lookAtRoot(join(parent, 'source')), await lookAtRoot(join(parent, 'share'))];
    assert.equal(linked, plain);
    assert.is(linked.realPath, join(parent, 'share'));
  } finally {
    await rm(parent, { recursive: true });
  }
});

test.run();
