import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { bytesThere } from '../bed/outage.ts';
import { assertPromises } from '../bed/promises.ts';
import { startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('a crash');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

test('kill -9 in the middle of a copy: the next run completes everything and breaks no promise', async ({ folders }) => {
  const { source: from, destination: to, stateDir } = folders;
  for (const name of ['a.mxf', 'b.mov']) await makeFile(join(from, name), 6_000_000);
  const killed = startAgent({ from, to, stateDir, args: ['--max-rate', '4MB'] });
  await until(() => bytesThere(to, 'a.mxf') > 0, 20_000);
  killed.kill('SIGKILL');
  assert.is(await killed.ended, null);
  const next = startAgent({ from, to, stateDir, args: ['--until-idle'] });
  assert.is(await next.ended, 0, next.complaints());
  await assertPromises(folders, {});
});

test.run();
