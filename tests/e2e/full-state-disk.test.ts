// timeout: 300s
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { type LoopMount, makeLoopMount, whyNoLoopMount } from '../bed/loop-mount.ts';
import { type Agent, reported, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

interface Context {
  readonly folders: Folders;
  readonly disk: LoopMount;
  readonly stateDir: string;
}

const test = suite<Context>('a state folder on a full disk');

test.before.each(async (context) => {
  const disk = await makeLoopMount(16);
  await disk.mount('state');
  Object.assign(context, { disk, folders: await makeFolders(), stateDir: join(disk.path, 'state') });
});
test.after.each(async ({ disk, folders }) => {
  await stopAgents();
  await disk.remove();
  await folders.remove();
});

const stallText = /the journal cannot be written/;

/** Returns an agent in the middle of a copy whose journal cannot be written any more. */
async function stalledAgent({ folders, disk, stateDir }: Context): Promise<Agent> {
  const args = ['--max-rate', '2MB', '--stop-after', '2s'];
  const agent = startAgent({ from: folders.source, to: folders.destination, stateDir, args });
  await makeFile(join(folders.source, 'big.bin'), 200_000_000);
  await reported(agent, ({ status }) => status === 'COPYING');
  // The journal may first use up the space that its files have already.
  let made = 0;
  await until(async () => {
    await fill(disk.path, made);
    for (const last = made + 40; made < last; made += 1) await makeFile(join(folders.source, `more${made}.bin`), 1_000);
    return stallText.test((await agent.status()).verdict.text);
  }, 60_000);
  return agent;
}

/** Fills the disk so that not one byte is free. */
async function fill(path: string, round: number): Promise<void> {
  for (let sizeBytes = 16_000_000; sizeBytes >= 1_000; sizeBytes /= 4) {
    await writeFile(join(path, `filler${round}-${sizeBytes}`), Buffer.alloc(sizeBytes, 1)).catch(() => undefined);
  }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends the agent and its children, with exit code 4`, async (context) => {
    const agent = await stalledAgent(context);
    agent.kill(signal);
    assert.is(await agent.ended, 4);
    const left = (await readdir(context.folders.destination)).filter((name) => !name.startsWith('.'));
    assert.not(left.includes('big.bin'), 'what was not finished has no final name');
  });
}

test('sluice stop ends it, and once there is room the next agent copies everything', async (context) => {
  const { disk, folders, stateDir } = context;
  const agent = await stalledAgent(context);
  const stopped = await sluice(['stop', '--state', stateDir]);
  assert.is(stopped.code, 0, stopped.stderr);
  assert.is(await agent.ended, 4);
  for (const name of await readdir(disk.path)) if (name.startsWith('filler')) await rm(join(disk.path, name));
  const next = await sluice([
    'run',
    '--from',
    folders.source,
    '--to',
    folders.destination,
    '--state',
    stateDir,
    '--until-idle',
    '--stable-after',
    '500ms',
  ]);
  assert.is(next.code, 0, next.stderr);
  const more = (names: readonly string[]): number => names.filter((name) => name.startsWith('more')).length;
  assert.is(more(await readdir(folders.destination)), more(await readdir(folders.source)));
});

const whyNot = whyNoLoopMount();
if (whyNot === null) test.run();
else console.log(`skipped: a state folder on a full disk: ${whyNot}`);
