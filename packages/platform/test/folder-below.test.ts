import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Awaitable } from '../src/awaitable.ts';
import { type FolderBelow, foldersDown, openFolderBelow } from '../src/open-folders.ts';
import { errnoOf } from '../src/system-calls.ts';

const test = suite<{ folder: string; root: string; outside: string }>('a folder below a root');

test.before.each(async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-below-'));
  const [root, outside] = [join(folder, 'root'), join(folder, 'outside')];
  await mkdir(join(root, 'a', 'b'), { recursive: true });
  await mkdir(outside);
  await writeFile(join(root, 'a', 'b', 'clip.mxf'), 'ours');
  await writeFile(join(outside, 'clip.mxf'), 'secret');
  Object.assign(context, { folder, root, outside });
});
test.after.each(({ folder }) => rm(folder, { recursive: true }));

async function refusal(opening: () => Awaitable<unknown>): Promise<string> {
  try {
    await opening();
    return 'opened';
  } catch (error) {
    return errnoOf(error);
  }
}

/** Returns how many folders were reached, and what ended the walk. */
async function countAndRefusal(down: AsyncIterable<FolderBelow>): Promise<readonly [number, string]> {
  let count = 0;
  const goDown = async (): Promise<void> => {
    for await (const _ of down) count += 1;
  };
  const end = await refusal(goDown);
  return [count, end];
}

const ways = process.platform === 'linux' ? [true, false] : [false];

for (const hasDescriptorPaths of ways) {
  const by = hasDescriptorPaths ? 'by descriptors' : 'by real paths';

  test(`${by}: names in the folder can be read, listed and created`, async ({ root }) => {
    const folder = await openFolderBelow(root, ['a', Buffer.from('b')], { hasDescriptorPaths });
    assert.is(await readFile(folder.pathOf('clip.mxf'), 'utf8'), 'ours');
    await writeFile(folder.pathOf(Buffer.from('new.mxf')), '');
    assert.equal((await readdir(folder.path)).sort(), ['clip.mxf', 'new.mxf']);
    await folder.close();
    assert.ok((await lstat(join(root, 'a', 'b', 'new.mxf'))).isFile());
  });

  test(`${by}: a link in place of any folder on the way is refused, wherever it leads`, async ({ root, outside }) => {
    await symlink(outside, join(root, 'link'));
    await symlink(join(root, 'a'), join(root, 'inside'));
    await symlink(outside, join(root, 'a', 'b', 'deep'));
    for (const parts of [['link'], ['inside'], ['inside', 'b'], ['a', 'b', 'deep']]) {
      assert.is(await refusal(() => openFolderBelow(root, parts, { hasDescriptorPaths })), 'LINKED', parts.join('/'));
    }
  });

  test(`${by}: a file on the way fails with ENOTDIR, a missing folder with ENOENT`, async ({ root }) => {
    assert.is(await refusal(() => openFolderBelow(root, ['a', 'b', 'clip.mxf'], { hasDescriptorPaths })), 'ENOTDIR');
    assert.is(await refusal(() => openFolderBelow(root, ['a', 'none'], { hasDescriptorPaths })), 'ENOENT');
  });

  test(`${by}: the root is trusted, and may be a link`, async ({ folder, root }) => {
    const link = join(folder, 'ingest');
    await symlink(root, link);
    const found = await openFolderBelow(link, ['a', 'b'], { hasDescriptorPaths });
    assert.is(await readFile(found.pathOf('clip.mxf'), 'utf8'), 'ours');
    await found.close();
  });

  test(`${by}: each folder on the way is reached, from the root down`, async ({ root }) => {
    const names: (readonly string[])[] = [];
    for await (const folder of foldersDown(root, ['a', 'b'], { hasDescriptorPaths })) names.push(await readdir(folder.path));
    assert.equal(names, [['a'], ['b'], ['clip.mxf']]);
  });

  test(`${by}: the walk down ends at a link`, async ({ root, outside }) => {
    await symlink(outside, join(root, 'a', 'link'));
    const down = foldersDown(root, ['a', 'link', 'deeper'], { hasDescriptorPaths });
    assert.equal(await countAndRefusal(down), [2, 'LINKED']);
  });

  test(`${by}: the root itself needs no descriptor`, async ({ root }) => {
    const found = await openFolderBelow(root, [], { hasDescriptorPaths });
    assert.is(found.pathOf('a'), join(root, 'a'));
  });
}

if (process.platform === 'linux') {
  test('by descriptors: a folder that is replaced after it was opened leads no call out of the root', async ({ root, outside }) => {
    const folder = await openFolderBelow(root, ['a', 'b']);
    await rename(join(root, 'a'), join(root, 'aside'));
    await mkdir(join(root, 'a'));
    await symlink(outside, join(root, 'a', 'b'));
    assert.is(await readFile(folder.pathOf('clip.mxf'), 'utf8'), 'ours');
    await writeFile(folder.pathOf('made.mxf'), '');
    await folder.close();
    assert.equal(await readdir(outside), ['clip.mxf']);
    assert.ok((await lstat(join(root, 'aside', 'b', 'made.mxf'))).isFile());
  });

  test('by descriptors: every descriptor is closed, whatever happens', async ({ root, outside }) => {
    await symlink(outside, join(root, 'link'));
    const before = (await readdir('/proc/self/fd')).length;
    for (let round = 0; round < 20; round += 1) {
      await (await openFolderBelow(root, ['a', 'b'])).close();
      await refusal(() => openFolderBelow(root, ['a', 'none']));
      await refusal(() => openFolderBelow(root, ['link']));
      for await (const _ of foldersDown(root, ['a', 'b'])) if (round % 2 === 0) break;
      assert.equal(await countAndRefusal(foldersDown(root, ['a', 'none'])), [2, 'ENOENT']);
    }
    assert.is((await readdir('/proc/self/fd')).length, before);
  });
}

test.run();
