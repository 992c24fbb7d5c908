import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { journaled } from '../bed/ask.ts';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, describe, reported, reportedFiles, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('files and folders that are renamed at the source');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

function start({ source, destination, stateDir }: Folders, onRename: 'copy' | 'link', args: readonly string[] = []): Agent {
  return startAgent({ from: source, to: destination, stateDir, args: ['--on-rename', onRename, ...args] });
}

/** Starts an agent that has copied three files. */
async function copied(folders: Folders, onRename: 'copy' | 'link'): Promise<Agent> {
  for (const name of ['clip.mxf', 'day1/a.mxf', 'day1/sound/b.wav']) await makeFile(join(folders.source, name), 600_000);
  const agent = start(folders, onRename);
  await until(
    () => reportedFiles(agent).filter(({ status }) => status === 'COMPLETED').length === 3,
    20_000,
    () => describe(agent),
  );
  return agent;
}

async function renameAll({ source }: Folders): Promise<void> {
  await rename(join(source, 'clip.mxf'), join(source, 'take.mxf'));
  await rename(join(source, 'day1'), join(source, 'day2'));
}

const newNames = ['day2/a.mxf', 'day2/sound/b.wav', 'take.mxf'];

/** Waits until all files are copied under their new names, and recognized as renamed. */
async function renamed(agent: Agent): Promise<void> {
  for (const name of newNames) await reported(agent, ({ source, status }) => source === name && status === 'COMPLETED');
  await until(
    async () => (await agent.status()).routes[0]?.renamed?.count === 3,
    20_000,
    () => describe(agent),
  );
}

const inode = async ({ destination }: Folders, name: string): Promise<number> => (await stat(join(destination, name))).ino;

/** Asserts that the destination has the source's content under the new names. */
async function assertCopied(folders: Folders): Promise<void> {
  const copies = await hashCopies(folders.destination);
  assert.equal(Object.keys(copies).sort(), ['clip.mxf', 'day1/a.mxf', 'day1/sound/b.wav', ...newNames].sort());
  const sources = await hashTree(folders.source);
  for (const [name, hash] of Object.entries(sources)) assert.is(copies[name], hash, name);
}

test('on_rename = copy, the default: they are named in status, log and show, and copied again', async ({ folders }) => {
  const agent = await copied(folders, 'copy');
  await renameAll(folders);
  await renamed(agent);
  await assertCopied(folders);
  assert.is.not(await inode(folders, 'clip.mxf'), await inode(folders, 'take.mxf'));
  const state = ['--state', folders.stateDir];
  const log = (await sluice(['log', ...state])).stdout;
  assert.match(log, 'clip.mxf was renamed to take.mxf: it is copied again under the new name');
  assert.match(log, 'the folder day1 was renamed to day2 (2 files): they are copied again under the new names');
  assert.match((await sluice(['status', ...state])).stdout, /was renamed to/);
  assert.match((await sluice(['show', 'take.mxf', ...state])).stdout, 'renamed from clip.mxf at the source');
  assert.match((await sluice(['show', 'day1/sound/b.wav', ...state])).stdout, 'renamed to day2/sound/b.wav at the source');
});

test('on_rename = link: their copies get the new names too, and nothing is written', async ({ folders }) => {
  const agent = await copied(folders, 'link');
  await renameAll(folders);
  await renamed(agent);
  await assertCopied(folders);
  for (const [before, now] of [
    ['clip.mxf', 'take.mxf'],
    ['day1/sound/b.wav', 'day2/sound/b.wav'],
  ] as const) {
    assert.is(await inode(folders, before), await inode(folders, now), now);
  }
  const files = await agent.files();
  assert.equal(
    newNames.map((name) => files.find(({ source }) => source === name)?.copied),
    [false, false, false],
  );
});

test('on_rename = link: renamed while no agent ran, and one copy changed at the destination', async ({ folders }) => {
  const agent = await copied(folders, 'link');
  assert.is(await agent.stop(), 143);
  await renameAll(folders);
  await rename(join(folders.destination, 'clip.mxf'), join(folders.root, 'clip.mxf'));
  await makeFile(join(folders.destination, 'clip.mxf'), 600_000);
  await mkdir(join(folders.source, 'empty'));
  const next = start(folders, 'link', ['--until-idle']);
  assert.is(await next.ended, 0, describe(next));
  const copies = await hashCopies(folders.destination);
  for (const [name, hash] of Object.entries(await hashTree(folders.source))) assert.is(copies[name], hash, name);
  assert.is(await inode(folders, 'day1/a.mxf'), await inode(folders, 'day2/a.mxf'));
  assert.is.not(await inode(folders, 'clip.mxf'), await inode(folders, 'take.mxf'));
  const take = journaled(folders.stateDir).find(({ source }) => source === 'take.mxf');
  assert.equal([take?.status, take?.copied], ['COMPLETED', true]);
});

test.run();
