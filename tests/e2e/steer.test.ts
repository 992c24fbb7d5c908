import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileJson } from '@sluice/control';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOn, journaled, statusOn } from '../bed/ask.ts';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, type CommandEnd, describe, reported, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('actions of an operator');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

function run({ source, destination, stateDir }: Folders, ...args: readonly string[]): Agent {
  return startAgent({ from: source, to: destination, stateDir, args });
}

async function online(folders: Folders, ...args: readonly string[]): Promise<Agent> {
  const agent = run(folders, ...args);
  await until(
    async () => (await statusOn(folders.stateDir))?.routes[0]?.gate.state === 'open',
    10_000,
    () => describe(agent),
  );
  return agent;
}

const steer = ({ stateDir }: Folders, word: string, ...args: readonly string[]): Promise<CommandEnd> =>
  sluice([word, ...args, '--state', stateDir]);

async function ended(end: Promise<CommandEnd>, code: number): Promise<CommandEnd> {
  const result = await end;
  assert.is(result.code, code, `${result.stdout}${result.stderr}`);
  return result;
}

async function fileOn({ stateDir }: Folders, source: string): Promise<FileJson | undefined> {
  return (await filesOn(stateDir)).find((file) => file.source === source);
}

test('hold: nothing new is copied, it survives a crash and is shown; --until-idle ends with 1; release resumes copying', async ({
  folders,
}) => {
  const agent = await online(folders);
  await ended(steer(folders, 'hold', 'default', '--reason', 'the switch is changed'), 0);
  await makeFile(join(folders.source, 'a.mxf'), 100_000);
  await until(async () => (await fileOn(folders, 'a.mxf'))?.status === 'READY', 10_000);
  assert.is((await fileOn(folders, 'a.mxf'))?.hold, 'operator');
  assert.match((await steer(folders, 'status')).stdout, /HELD by .+ \(the switch is changed\)/);
  agent.kill('SIGKILL');
  await agent.ended;
  const idle = run(folders, '--until-idle');
  assert.is(await idle.ended, 1, describe(idle));
  assert.equal(await readdir(folders.destination), ['.sluice-destination']);
  const again = await online(folders);
  const hold = (await statusOn(folders.stateDir))?.routes[0]?.hold;
  assert.equal([hold?.until, hold?.reason], [null, 'the switch is changed']);
  await ended(steer(folders, 'release', '--all'), 0);
  await reported(again, ({ status }) => status === 'COMPLETED');
  const twice = await ended(steer(folders, 'release', 'default'), 1);
  assert.match(twice.stderr, 'cannot release "default": it is not held');
});

test('hold --for: ends by itself', async ({ folders }) => {
  const agent = await online(folders);
  await ended(steer(folders, 'hold', '--all', '--for', '3s'), 0);
  await makeFile(join(folders.source, 'a.mxf'), 100_000);
  await until(async () => (await fileOn(folders, 'a.mxf'))?.hold === 'operator', 10_000);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  assert.is((await statusOn(folders.stateDir))?.routes[0]?.hold, null);
});

test('an unknown route is a mistake in the command: exit 2', async ({ folders }) => {
  await online(folders);
  for (const [word, ...args] of [
    ['hold'],
    ['release'],
    ['rescan'],
    ['adopt'],
    ['leftovers', '--route'],
    ['leftovers', 'remove', '--route'],
  ] as const) {
    const { stderr } = await ended(steer(folders, word, ...args, 'standard'), 2);
    assert.is(stderr, 'sluice: no route is called "standard"; the routes are default\n');
  }
});

test('skip, retry and first, by name and by glob; what cannot be done is reported and gives 1', async ({ folders }) => {
  const agent = await online(folders);
  await ended(steer(folders, 'hold', 'default'), 0);
  for (const name of ['a.mxf', 'b.mxf', 'c.bin']) await makeFile(join(folders.source, name), 10_000);
  await until(async () => (await statusOn(folders.stateDir))?.routes[0]?.counts.READY === 3, 10_000);
  const skipped = await ended(steer(folders, 'skip', '*.mxf', 'nothing.wav', '--reason', 'wrong take'), 1);
  assert.equal(skipped.stdout.split('\n').sort(), ['', 'a.mxf: skipped until it is retried', 'b.mxf: skipped until it is retried']);
  assert.is(skipped.stderr, 'sluice: cannot skip "nothing.wav": there is no tracked file with this name or id\n');
  await ended(steer(folders, 'first', 'c.bin'), 0);
  await ended(steer(folders, 'release', 'default'), 0);
  await reported(agent, ({ source, status }) => source === 'c.bin' && status === 'COMPLETED');
  assert.equal((await filesOn(folders.stateDir)).filter(({ hold }) => hold === 'operator').length, 2);
  const refused = await ended(steer(folders, 'skip', 'c.bin'), 1);
  assert.match(refused.stderr, 'it is already copied and verified');
  await ended(steer(folders, 'retry', 'a.mxf'), 0);
  await reported(agent, ({ source, status }) => source === 'a.mxf' && status === 'COMPLETED');
  const shown = await steer(folders, 'show', 'a.mxf', '--json');
  const { timeline } = JSON.parse(shown.stdout) as { timeline: { event: string; detail: { action?: string; reason?: string } }[] };
  assert.is(timeline.find(({ event, detail }) => event === 'asked' && detail.action === 'skip')?.detail.reason, 'wrong take');
});

test('skip of a running copy: it ends at once, and its leftover is removed when the file is copied after all', async ({ folders }) => {
  await makeFile(join(folders.source, 'a.bin'), 20_000_000);
  const agent = run(folders, '--max-rate', '4MB');
  await reported(agent, ({ status }) => status === 'COPYING');
  await until(async () => (await readdir(folders.destination)).some((name) => name.endsWith('.part')), 5_000);
  await ended(steer(folders, 'skip', 'a.bin'), 0);
  const failed = await reported(agent, ({ status }) => status === 'FAILED');
  assert.is(failed.error?.kind, 'skipped');
  assert.equal([(await filesOn(folders.stateDir))[0]?.status, (await filesOn(folders.stateDir))[0]?.hold], ['READY', 'operator']);
  await agent.stop();
  const next = await online(folders);
  await ended(steer(folders, 'retry', 'a.bin'), 0);
  const done = await reported(next, ({ status }) => status === 'COMPLETED');
  assert.is(done.destination, 'a_1.bin');
  assert.equal(Object.keys(await hashCopies(folders.destination)), ['a_1.bin']);
});

test('a thousand files at once, each by its name', async ({ folders }) => {
  await online(folders);
  await ended(steer(folders, 'hold', 'default'), 0);
  const names = Array.from({ length: 1_000 }, (_, index) => `file-${index}.bin`);
  for (const name of names) await writeFile(join(folders.source, name), name);
  const counts = async () => (await statusOn(folders.stateDir))?.routes[0]?.counts;
  await until(async () => (await counts())?.READY === 1_000, 20_000);
  await ended(steer(folders, 'skip', ...names), 0);
  await ended(steer(folders, 'release', 'default'), 0);
  await ended(steer(folders, 'rescan'), 0);
  assert.is((await counts())?.READY, 1_000);
  assert.equal(await readdir(folders.destination), ['.sluice-destination']);
  await ended(steer(folders, 'retry', '*.bin'), 0);
  await until(async () => (await counts())?.READY !== 1_000, 5_000);
});

const otherMarker = '99999999-8888-4777-8666-555555555555';

test('adopt: shows the evidence and changes nothing without a yes; with one, the destination is the one that is there now', async ({
  folders,
}) => {
  const agent = await online(folders);
  await makeFile(join(folders.source, 'a.mxf'), 10_000);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  const needless = await ended(steer(folders, 'adopt', 'default', '--yes'), 1);
  assert.match(needless.stderr, 'its destination is online and is the known one; there is nothing to adopt');
  await writeFile(join(folders.destination, '.sluice-destination'), `Sluice knows this folder by this file.\n${otherMarker}\n`);
  const gate = async () => (await statusOn(folders.stateDir))?.routes[0]?.gate;
  await until(async () => (await gate())?.cause === 'not_the_destination', 10_000);
  const asked = await ended(steer(folders, 'adopt', 'default'), 2);
  assert.match(asked.stdout, `found there   ${otherMarker}`);
  assert.match(asked.stdout, 'of the last 1 copied files, 1 are there');
  assert.is((await gate())?.state, 'closed');
  const yes = await ended(steer(folders, 'adopt', 'default', '--yes', '--reason', 'a new disk'), 0);
  assert.match(yes.stdout, 'as it is now is its destination');
  await until(async () => (await gate())?.state === 'open', 10_000);
  assert.match(await readFile(join(folders.destination, '.sluice-destination'), 'utf8'), otherMarker);
  assert.match((await steer(folders, 'log')).stdout, /adopted the destination as it is now: a new disk/);
  await agent.stop();
  await online(folders);
  assert.equal(await hashCopies(folders.destination), await hashTree(folders.source));
  assert.equal(
    journaled(folders.stateDir).map(({ status }) => status),
    ['COMPLETED'],
  );
});

test('retry, adopt --again: a copy that is missing at the destination is made again; one that exists is not', async ({ folders }) => {
  const agent = await online(folders);
  for (const name of ['a.mxf', 'b.mxf', 'c.mxf']) await makeFile(join(folders.source, name), 10_000);
  const ends = async (name: string, copied: boolean): Promise<number> =>
    (await filesOn(folders.stateDir)).filter((file) => file.source === name && file.status === 'COMPLETED' && file.copied === copied)
      .length;
  for (const name of ['a.mxf', 'b.mxf', 'c.mxf'])
    await until(
      async () => (await ends(name, true)) === 1,
      10_000,
      () => describe(agent),
    );
  await rm(join(folders.destination, 'a.mxf'));
  assert.match((await ended(steer(folders, 'retry', 'a.mxf', 'b.mxf'), 0)).stdout, 'copies the file again if it is missing there');
  await until(
    async () => (await ends('b.mxf', false)) === 1,
    10_000,
    () => describe(agent),
  );
  await until(
    async () => (await ends('a.mxf', true)) === 2,
    10_000,
    () => describe(agent),
  );
  assert.ok((await readdir(folders.destination)).includes('a.mxf'));
  await rm(folders.destination, { recursive: true });
  await mkdir(folders.destination);
  await until(async () => (await statusOn(folders.stateDir))?.routes[0]?.gate.cause === 'not_the_destination', 10_000);
  const copies = async (): Promise<number> =>
    (await filesOn(folders.stateDir)).filter(({ status, copied }) => status === 'COMPLETED' && copied === true).length;
  const made = await copies();
  const { stdout } = await ended(steer(folders, 'adopt', 'default', '--yes', '--again'), 0);
  assert.match(stdout, 'Sluice copies the 3 missing files again');
  await until(
    async () => (await copies()) === made + 3,
    10_000,
    () => describe(agent),
  );
  assert.equal(await hashCopies(folders.destination), await hashTree(folders.source));
});

test.run();
