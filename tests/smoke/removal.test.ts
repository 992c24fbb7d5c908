import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StatusJson } from '@sluice/control';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('removal at the source');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

type RemovalsJson = NonNullable<StatusJson['routes'][number]['removals']>;

const deleting = ['--after-copy', 'delete', '--after-copy-wait', '0'] as const;

function start({ source: from, destination: to, stateDir }: Folders, ...args: readonly string[]): Agent {
  return startAgent({ from, to, stateDir, args });
}

/** Returns the removals in the answer of `status`. Undefined while the agent starts. */
async function removals(agent: Agent): Promise<RemovalsJson | undefined> {
  try {
    return (await agent.status()).routes[0]?.removals;
  } catch {
    return undefined;
  }
}

test('delete: files that are copied and verified are removed at the source, with its empty folders', async ({ folders }) => {
  const { source } = folders;
  await makeFile(join(source, 'day1/cam/a.bin'), 300_001);
  await makeFile(join(source, 'b.bin'), 1_001);
  const sent = await hashTree(source);
  const agent = start(folders, ...deleting, '--remove-empty-dirs', '--until-idle');
  assert.is(await agent.ended, 0, agent.complaints());
  assert.equal(await readdir(source), []);
  assert.equal(await hashCopies(folders.destination), sent);
});

test('keep: the source stays, and a later configuration removes nothing of it', async ({ folders }) => {
  const { source } = folders;
  await makeFile(join(source, 'old.bin'), 1_001);
  const keeping = start(folders, '--until-idle');
  assert.is(await keeping.ended, 0, keeping.complaints());
  await makeFile(join(source, 'new.bin'), 1_001);
  const second = start(folders, ...deleting, '--until-idle');
  assert.is(await second.ended, 0, second.complaints());
  assert.equal(await readdir(source), ['old.bin']);
});

test('archive: the source is moved into the archive, and never replaces a file there', async ({ folders }) => {
  const { source } = folders;
  const archive = `${source}-archive`;
  await mkdir(join(archive, 'day1'), { recursive: true });
  await writeFile(join(archive, 'day1/a.bin'), 'earlier');
  await makeFile(join(source, 'day1/a.bin'), 1_001);
  const before = await readFile(join(source, 'day1/a.bin'));
  const agent = start(folders, '--after-copy', 'archive', '--archive-dir', archive, '--after-copy-wait', '0', '--until-idle');
  assert.is(await agent.ended, 0, agent.complaints());
  assert.equal(await readdir(join(source, 'day1')), []);
  assert.is(await readFile(join(archive, 'day1/a.bin'), 'utf8'), 'earlier');
  assert.equal(await readFile(join(archive, 'day1/a_1.bin')), before);
});

test('a file that a program has open for writing stays, and status says so', async ({ folders }) => {
  const { source } = folders;
  await makeFile(join(source, 'a.bin'), 1_001);
  const recorder = await open(join(source, 'a.bin'), 'a');
  const agent = start(folders, ...deleting);
  try {
    await until(async () => (await removals(agent))?.waiting?.wait === 'open_for_writing', 20_000);
    const status = await sluice(['status', '--state', folders.stateDir]);
    assert.match(status.stdout, /not removed at the source yet, such as a\.bin: a program has it open for writing/);
    assert.ok(existsSync(join(source, 'a.bin')));
  } finally {
    await recorder.close();
  }
  await until(async () => (await readdir(source)).length === 0, 40_000);
});

test('a new file with the same name stays until it is copied too', async ({ folders }) => {
  const { source, destination } = folders;
  const path = join(source, 'a.bin');
  await makeFile(path, 1_001);
  const agent = start(folders, ...deleting, '--stable-after', '1500ms');
  await until(async () => (await readdir(source)).some((name) => name.endsWith('.sluice-done')), 20_000);
  await writeFile(path, 'the next recording');
  await until(async () => existsSync(join(destination, 'a_1.bin')), 30_000);
  assert.is(await readFile(join(destination, 'a_1.bin'), 'utf8'), 'the next recording');
  await until(async () => (await readdir(source)).length === 0, 30_000);
  assert.is((await stat(join(destination, 'a.bin'))).size, 1_001);
  await agent.stop();
});

test.run();
