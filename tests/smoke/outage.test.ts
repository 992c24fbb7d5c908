import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { assertCopied, assertInterrupted, bytesThere, failureOf, gateIs, isClosed } from '../bed/outage.ts';
import { reported, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('an outage');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

test('a destination that vanishes fails the running copy; the file waits under a new name and is copied when it returns', async ({
  folders,
}) => {
  const { source: from, destination: to, stateDir } = folders;
  await makeFile(join(from, 'clip.mxf'), 8_000_000);
  const agent = startAgent({ from, to, stateDir, args: ['--max-rate', '4MB'] });
  await until(() => bytesThere(to, 'clip.mxf') > 0, 20_000);
  const away = `${to}.away`;
  await rename(to, away);
  // An unmounted share leaves this behind: an empty folder on the system disk.
  await mkdir(to);
  const failure = await failureOf(agent, 'clip.mxf');
  assertInterrupted(failure, { name: 'clip_1.mxf', codes: ['ENOENT', 'MARKER'] });
  await gateIs(agent, isClosed);
  await rename(to, `${to}.empty`);
  await rename(away, to);
  await reported(agent, ({ status, destination }) => status === 'COMPLETED' && destination === 'clip_1.mxf');
  await assertCopied(from, to, { 'clip_1.mxf': 'clip.mxf' });
  assert.is(await agent.stop(), 143);
});

test.run();
