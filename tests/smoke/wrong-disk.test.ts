import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { sluice, startAgent, stopAgents } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('another folder at the path of the destination');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

test('check says WRONG DISK as status does, and is good again with the right one', async ({ folders }) => {
  const { source: from, destination: to, stateDir } = folders;
  await makeFile(join(from, 'a.mxf'), 1_000);
  const first = startAgent({ from, to, stateDir, args: ['--until-idle'] });
  assert.is(await first.ended, 0, first.complaints());
  const check = () => sluice(['check', '--from', from, '--to', to, '--state', stateDir]);
  assert.is((await check()).code, 0);
  await rename(to, `${to}.right`);
  await mkdir(to, { mode: 0o555 });
  const wrong = await check();
  assert.is(wrong.code, 1);
  assert.match(wrong.stdout, /destination .* WRONG DISK: the marker file that Sluice left in .* is missing/);
  await rename(to, `${to}.wrong`);
  await rename(`${to}.right`, to);
  assert.is((await check()).code, 0);
});

test.run();
