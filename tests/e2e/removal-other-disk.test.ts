// timeout: 240s
import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type LoopMount, makeLoopMount, whyNoLoopMount } from '../bed/loop-mount.ts';
import { type Agent, reported, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

interface Context {
  folders: Folders;
  disk: LoopMount;
}

const test = suite<Context>('removal at a source whose disk is swapped');

test.before.each(async (context) => {
  const disk = await makeLoopMount(64);
  await disk.mount('first');
  Object.assign(context, { disk, folders: await makeFolders() });
});
test.after.each(async ({ folders, disk }) => {
  await stopAgents();
  await disk.remove();
  await folders.remove();
});

const source = ({ disk }: Context): string => join(disk.path, 'in');

function start(context: Context): Agent {
  const { destination: to, stateDir } = context.folders;
  return startAgent({ from: source(context), to, stateDir, args: ['--after-copy', 'delete', '--after-copy-wait', '8s'] });
}

async function waitOf(agent: Agent): Promise<string | undefined> {
  const status = await agent.status().catch(() => null);
  return status?.routes[0]?.removals?.waiting?.wait;
}

test('a clone of the disk is another disk: nothing is removed on it, and adopt ends the waiting for the first one', async (context) => {
  const { disk, folders } = context;
  const path = join(source(context), 'a.mxf');
  await mkdir(source(context));
  await makeFile(path, 300_001);
  const sent = await hashTree(source(context));
  const [bytes, { atime, mtime }] = [await readFile(path), await stat(path)];
  const agent = start(context);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  await disk.unmount();
  await disk.mount('second');
  await mkdir(source(context));
  await writeFile(path, bytes);
  await utimes(path, atime, mtime);
  await until(async () => (await waitOf(agent)) === 'other_source', 60_000);
  const adopted = await sluice(['adopt', 'default', '--yes', '--reason', 'next card', '--state', folders.stateDir]);
  assert.is(adopted.code, 0, adopted.stderr);
  assert.match(adopted.stdout, /default: the disk at .*\/in is the source from now on; what was copied from an earlier one is not removed/);
  await until(async () => (await agent.status()).routes[0]?.removals === undefined, 20_000);
  assert.equal(await hashTree(source(context)), sent, 'the clone keeps its file');
  await disk.unmount();
  await disk.mount('first');
  await until(async () => (await agent.status()).routes[0]?.sourceState.state === 'ok', 20_000);
  assert.equal(await hashTree(source(context)), sent, 'so does the first disk');
  const { stdout } = await sluice(['log', '--state', folders.stateDir]);
  assert.match(stdout, /adopted the source as it is now; 1 file of an earlier disk is not removed any more: next card/);
  const again = await sluice(['adopt', 'default', '--yes', '--state', folders.stateDir]);
  assert.is(again.code, 1);
  assert.match(again.stderr, /there is nothing to adopt/);
  await agent.stop();
});

const reason = whyNoLoopMount();
if (reason === null) test.run();
else console.log(`SKIPPED tests/e2e/removal-other-disk.test.ts: ${reason}`);
