import { stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { reportedFiles, startAgent } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('copy');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(({ folders }) => folders.remove());

async function copyAll(folders: Folders, stateDir = folders.stateDir) {
  const agent = startAgent({ from: folders.source, to: folders.destination, stateDir, args: ['--until-idle'] });
  return { code: await agent.ended, files: reportedFiles(agent), complaints: agent.complaints() };
}

test('run --until-idle: copies a tree of any depth, byte for byte, with its times', async ({ folders }) => {
  await makeFile(join(folders.source, 'top.bin'), 3_000_001);
  await makeFile(join(folders.source, 'a/b/c/d/e/f/deep ünïcode.mov'), 1_234_567);
  await makeFile(join(folders.source, 'a/b/one.byte'), 1);
  await utimes(join(folders.source, 'top.bin'), 1_700_000_000, 1_700_000_000);
  const { code, files, complaints } = await copyAll(folders);
  assert.is(code, 0, complaints);
  assert.is(complaints, '');
  assert.equal(
    files.map(({ status }) => status),
    ['COMPLETED', 'COMPLETED', 'COMPLETED'],
  );
  assert.equal(await hashCopies(folders.destination), await hashTree(folders.source));
  assert.is((await stat(join(folders.destination, 'top.bin'))).mtimeMs, 1_700_000_000_000);
});

test('a second run copies nothing, even after the state folder was lost', async ({ folders }) => {
  await makeFile(join(folders.source, 'x/clip.mxf'), 500_000);
  assert.is((await copyAll(folders)).code, 0);
  const second = await copyAll(folders);
  assert.equal([second.code, second.files], [0, []]);
  const third = await copyAll(folders, join(folders.root, 'new-state'));
  assert.is(third.code, 0);
  assert.equal(
    third.files.map(({ status, copied }) => [status, copied]),
    [['COMPLETED', false]],
  );
  assert.equal(Object.keys(await hashCopies(folders.destination)), ['x/clip.mxf']);
});

test.run();
