// group: storage
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProcess } from '../../scripts/run-process.ts';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { shortWaits } from '../bed/sluice.ts';

const main = fileURLToPath(new URL('../../apps/sluice/src/main.ts', import.meta.url));
const test = suite<{ folders: Folders }>('the sources');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(({ folders }) => folders.remove());

// The other end-to-end tests start a bundle of the sources, because it starts faster.
test('the sources run unchanged, with their child processes, and copy a file', async ({ folders }) => {
  const { source, destination, stateDir } = folders;
  await makeFile(`${source}/a/clip.mxf`, 300_000);
  const words = ['run', '--from', source, '--to', destination, '--state', stateDir, ...shortWaits, '--until-idle'];
  const { code, output } = await runProcess(execPath, ['--disable-warning=ExperimentalWarning', main, ...words], { timeoutMs: 60_000 });
  assert.is(code, 0, output);
  assert.equal(await hashCopies(destination), await hashTree(source));
});

test.run();
