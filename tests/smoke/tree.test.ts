import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('a tree');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

test('run --until-idle: copies a tree byte for byte, and a second run copies nothing', async ({ folders }) => {
  const { source: from, destination: to, stateDir } = folders;
  await makeFile(join(from, 'top.bin'), 3_000_001);
  await makeFile(join(from, 'a/b/c/deep ünïcode.mov'), 1_234_567);
  await makeFile(join(from, 'a/b/one.byte'), 1);
  await utimes(join(from, 'top.bin'), 1_700_000_000, 1_700_000_000);
  const first = startAgent({ from, to, stateDir, args: ['--until-idle'] });
  assert.is(await first.ended, 0, first.complaints());
  assert.equal(
    reportedFiles(first).map(({ status }) => status),
    ['COMPLETED', 'COMPLETED', 'COMPLETED'],
  );
  const sent = await hashTree(from);
  assert.equal(await hashCopies(to), sent);
  const second = startAgent({ from, to, stateDir, args: ['--until-idle'] });
  assert.is(await second.ended, 0, second.complaints());
  assert.equal(reportedFiles(second), []);
  assert.equal(await hashCopies(to), sent);
});

test('run --until-idle: another destination gets everything, although the journal has it as copied', async ({ folders }) => {
  const { source: from, destination, stateDir } = folders;
  await makeFile(join(from, 'clip.mxf'), 1_000_001);
  const sent = await hashTree(from);
  for (const name of ['first', 'second']) {
    const to = join(destination, name);
    await mkdir(to);
    const agent = startAgent({ from, to, stateDir, args: ['--until-idle'] });
    assert.is(await agent.ended, 0, agent.complaints());
    assert.equal(await hashCopies(to), sent, name);
  }
});

test.run();
