// timeout: 300s
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StatusJson } from '@sluice/control';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, sluice, startAgent, startConfigured, stopAgents } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { until } from '../bed/wait.ts';

const test = stories<{ folders: Folders }>('removal at the source', 2, {
  make: async () => ({ folders: await makeFolders() }),
  remove: async ({ folders }) => {
    await stopAgents();
    await folders.remove();
  },
});

type RemovalsJson = NonNullable<StatusJson['routes'][number]['removals']>;

const deleting = ['--after-copy', 'delete', '--after-copy-wait', '0'] as const;

function start({ source: from, destination: to, stateDir }: Folders, ...args: readonly string[]): Agent {
  return startAgent({ from, to, stateDir, args });
}

async function logOf({ stateDir }: Folders): Promise<string> {
  return await readFile(join(stateDir, 'sluice.log'), 'utf8');
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

test('after_copy_wait: --until-idle does not wait for it, and says what is left', async ({ folders }) => {
  await makeFile(join(folders.source, 'a.bin'), 1_001);
  const agent = start(folders, '--after-copy', 'delete', '--after-copy-wait', '1h', '--until-idle');
  assert.is(await agent.ended, 0, agent.complaints());
  assert.equal(await readdir(folders.source), ['a.bin']);
  assert.match(
    agent.complaints() + JSON.stringify(agent.notes) + (await logOf(folders)),
    /1 copied file to be removed at the source later/,
  );
});

test('verify = "size": nothing is removed without proof, but with after_copy_proof = "weak"', async ({ folders }) => {
  await makeFile(join(folders.source, 'a.bin'), 1_001);
  const strict = start(folders, ...deleting, '--verify', 'size', '--until-idle');
  assert.is(await strict.ended, 0, strict.complaints());
  assert.equal(await readdir(folders.source), ['a.bin']);
  await makeFile(join(folders.source, 'b.bin'), 1_001);
  const weak = start(folders, ...deleting, '--verify', 'size', '--after-copy-proof', 'weak', '--until-idle');
  assert.is(await weak.ended, 0, weak.complaints());
  assert.equal(await readdir(folders.source), ['a.bin'], 'what was copied before stays');
});

test('an archive that cannot be made: the source stays, status says why, and it is tried again', async ({ folders }) => {
  const { source, stateDir } = folders;
  await makeFile(join(source, 'a.bin'), 1_001);
  const parent = `${source}-later`;
  const agent = start(folders, '--after-copy', 'archive', '--archive-dir', join(parent, 'old'), '--after-copy-wait', '0');
  await until(async () => (await removals(agent))?.failed?.code === 'ENOENT', 20_000);
  const status = await sluice(['status', '--state', stateDir]);
  assert.match(status.stdout, /archiving fails at the source: .*: a\.bin/);
  await mkdir(parent);
  await sluice(['retry', 'a.bin', '--state', stateDir]);
  await until(async () => existsSync(join(parent, 'old/a.bin')), 60_000);
  await until(async () => (await readdir(source)).length === 0, 10_000);
  await agent.stop();
});

test('two routes: a source stays until the other destination has it too', async ({ folders }) => {
  const { source, destination, stateDir } = folders;
  await makeFile(join(source, 'a.bin'), 1_001);
  const [first, second] = [join(destination, 'first'), join(destination, 'second')];
  await mkdir(first);
  const config = join(destination, 'sluice.toml');
  const route = (name: string, to: string): string =>
    `[[route]]\nname = "${name}"\nsource = "${source}"\ndestination = "${to}"\nstable_after = "500ms"\nscan_every = "500ms"\nspace.keep_free = "1MB"\nprobe.closed = "300ms"\n`;
  const policy = 'after_copy = "delete"\nafter_copy_wait = "0"\n';
  await writeFile(config, `${route('first', first)}${policy}${route('second', second)}`);
  const agent = startConfigured(config, stateDir);
  await until(async () => (await removals(agent))?.waiting?.route === 'second', 30_000);
  assert.ok(existsSync(join(first, 'a.bin')));
  assert.equal(await readdir(source), ['a.bin']);
  await mkdir(second);
  await until(async () => (await readdir(source)).length === 0, 40_000);
  assert.ok(existsSync(join(second, 'a.bin')));
  await agent.stop();
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
