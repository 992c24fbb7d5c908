import { join } from 'node:path';
import { env } from 'node:process';
import { createPrng, type Prng } from '@sluice/testkit';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { childrenOf, killWhileCopying, lives } from '../bed/children.ts';
import { type Folders, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { assertPromises } from '../bed/promises.ts';
import { record } from '../bed/recorder.ts';
import { type Agent, describe, reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';
import { pause, until } from '../bed/wait.ts';

const test = suite<{ folders: Folders; random: Prng }>('crashes');

test.before.each(async (context) => {
  const seed = Number(env['SLUICE_SEED'] ?? Math.floor(Math.random() * 1e9));
  console.log(`SLUICE_SEED=${seed}`);
  context.random = createPrng(seed);
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

const kills = 15;
/** Slow enough that most crashes happen during copies. Every crash counts as an attempt. */
const paced = ['--until-idle', '--max-rate', '12MB', '--max-attempts', '100'];

function start({ source, destination, stateDir }: Folders): Agent {
  return startAgent({ from: source, to: destination, stateDir, args: paced });
}

/** Creates some thirty files, and files of other programs under names that copies need. */
async function fill({ source, destination }: Folders, random: Prng): Promise<Readonly<Record<string, string>>> {
  for (let file = 0; file < 30; file += 1) {
    const name = `${random.pick(['', 'day1/', 'day2/a/'])}file-${file}.${random.pick(['mxf', 'bin', 'wav'])}`;
    await makeFile(join(source, name), random.between(1, 3_000_000));
    if (file % 6 === 0) await makeFile(join(destination, name), random.between(1, 1_000));
    if (file % 10 === 0) await makeFile(join(destination, name.replace(/\.(\w+)$/, '_1.$1')), random.between(1, 1_000));
  }
  return await hashTree(destination);
}

test('the agent is killed repeatedly: everything is copied, files of other programs are not touched, nothing hidden is left', async ({
  folders,
  random,
}) => {
  const theirs = await fill(folders, random);
  const recording = record({ path: join(folders.source, 'take.mxf'), bytesPerSecond: 1_500_000 });
  const ids = new Map<string, string>();
  for (let kill = 0; kill < kills; kill += 1) {
    const agent = start(folders);
    await until(
      () => agent.notes.length > 0,
      10_000,
      () => describe(agent),
    );
    await pause(random.between(0, 1_800));
    const children = await childrenOf(agent.pid);
    agent.kill('SIGKILL');
    await agent.ended;
    noteIds(ids, agent);
    await until(async () => !(await Promise.all(children.map(({ pid }) => lives(pid)))).includes(true), 10_000);
  }
  const last = start(folders);
  await until(
    () => recording.isOver() || reportedFiles(last).some(({ status }) => status === 'GROWING_COPY'),
    30_000,
    () => describe(last),
  );
  await recording.end();
  assert.is(await last.ended, 0, describe(last));
  noteIds(ids, last);
  const files = await assertPromises(folders, theirs);
  for (const file of files) assert.is(ids.get(file.id) ?? file.source, file.source);
  const failed = files.filter(({ status }) => status === 'FAILED');
  assert.equal([...new Set(failed.map(({ error }) => error?.kind))], ['agent_stopped']);
  assert.ok(failed.length > 0, 'some of the kills fell into copies');
});

/** Asserts that an id stands for one attempt on one source, through all lives. */
function noteIds(ids: Map<string, string>, agent: Agent): void {
  for (const { id, source } of reportedFiles(agent)) {
    assert.is(ids.get(id) ?? source, source);
    ids.set(id, source);
  }
}

test('the carrier is killed repeatedly: the agent continues, and everything is copied', async ({ folders, random }) => {
  const theirs = await fill(folders, random);
  const recording = record({ path: join(folders.source, 'take.mxf'), bytesPerSecond: 1_500_000 });
  const agent = start(folders);
  for (let kill = 0; kill < 6; kill += 1) {
    const carrier = await until(
      async () => (await childrenOf(agent.pid)).find(({ kind }) => kind === 'carrier'),
      20_000,
      () => describe(agent),
    );
    await pause(random.between(0, 1_500));
    process.kill(carrier.pid, 'SIGKILL');
    await until(async () => !(await lives(carrier.pid)), 10_000);
  }
  await recording.end();
  assert.is(await agent.ended, 0, describe(agent));
  const files = await assertPromises(folders, theirs);
  const failed = files.filter(({ status }) => status === 'FAILED');
  assert.equal([...new Set(failed.map(({ error }) => error?.code))], ['CHILD_LOST']);
});

test('one of two carriers is killed, and then the other: all small files are copied, and at rest there is one again', async ({
  folders,
}) => {
  const { source, destination, stateDir } = folders;
  let count = 0;
  const makeMore = async (files: number): Promise<void> => {
    for (const end = count + files; count < end; count += 1) await makeFile(join(source, `d${count % 20}/sub/f${count}.xml`), 100 + count);
  };
  await makeMore(3_000);
  const agent = startAgent({ from: source, to: destination, stateDir });
  const carriers = async (): Promise<readonly number[]> =>
    (await childrenOf(agent.pid)).filter(({ kind }) => kind === 'carrier').map(({ pid }) => pid);
  const two = async (): Promise<readonly number[]> =>
    await until(
      async () => {
        const pids = await carriers();
        return pids.length === 2 ? pids : undefined;
      },
      30_000,
      () => describe(agent),
    );
  // There are always files to copy until both are killed, however fast the disk is.
  let isArriving = true;
  const arriving = (async () => {
    while (isArriving && count < 20_000) {
      await makeMore(100);
      await pause(50);
    }
  })();
  const [first, second] = await two();
  for (const pid of [second, first]) {
    assert.ok(pid !== undefined);
    await killWhileCopying(pid, destination);
    await pause(200);
  }
  isArriving = false;
  await arriving;
  const done = (): number =>
    new Set(
      reportedFiles(agent)
        .filter(({ status }) => status === 'COMPLETED')
        .map(({ source: path }) => path),
    ).size;
  await until(
    () => done() === count,
    120_000,
    () => describe(agent),
  );
  await until(async () => (await carriers()).length === 1, 30_000);
  await agent.stop();
  const files = await assertPromises(folders, {});
  const failed = files.filter(({ status }) => status === 'FAILED');
  assert.ok(failed.length > 0, 'the kills fell into copies');
  assert.equal([...new Set(failed.map(({ error }) => error?.code))], ['CHILD_LOST']);
});

test.run();
