// timeout: 400s
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { childrenOf, lives } from '../bed/children.ts';
import { type DiskFolders, makeDiskFolders, removeDiskFolders, startOnDisk } from '../bed/disk-folders.ts';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { type FaultyCall, whyNoFaultMount } from '../bed/fault-mount.ts';
import { type Folders, hashCopies, makeFile } from '../bed/folders.ts';
import { whyNoLoopMount } from '../bed/loop-mount.ts';
import { gateIs, isClosed, isOpen } from '../bed/outage.ts';
import { assertPromises } from '../bed/promises.ts';
import { type Agent, describe, reportedFiles } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { until } from '../bed/wait.ts';

const sizeBytes = 16_384;

/** Writes a batch of small files in five folders. @returns their names */
async function writeBatch(folder: string, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, number) => `d${number % 5}/f${number}.dat`);
  for (const name of names) await makeFile(join(folder, name), sizeBytes);
  return names;
}

const completed = (agent: Agent): number => reportedFiles(agent).filter(({ status }) => status === 'COMPLETED').length;

async function untilCompleted(agent: Agent, count: number, withinMs = 60_000): Promise<void> {
  await until(
    () => completed(agent) >= count,
    withinMs,
    () => `${completed(agent)} of ${count}\n${describe(agent).slice(0, 2_000)}`,
  );
}

const share = stories<FaultFolders>('a batch of small files', 2, { make: makeFaultFolders, remove: removeFaultFolders });

/** The folders as the promises see them: what the destination really holds. */
const onBacking = ({ folders, mount }: FaultFolders): Folders => ({ ...folders, destination: mount.backing });

for (const call of ['create', 'write', 'fsync', 'read', 'link', 'utimens', 'unlink'] as const satisfies readonly FaultyCall[]) {
  share(`kill -9 in a ${call} of one file in the middle of a batch: the next run completes all and breaks no promise`, async (context) => {
    const { folders, mount } = context;
    const names = await writeBatch(folders.source, 100);
    const theirs = 'd0/f5.dat';
    await makeFile(join(mount.backing, theirs), sizeBytes);
    const before = await hashCopies(mount.backing);
    await mount.hang(call, 'f50.dat');
    const killed = startOnMount(context, []);
    await until(
      async () => (await mount.hanging()) > 0,
      60_000,
      () => describe(killed),
    );
    const children = await childrenOf(killed.pid);
    killed.kill('SIGKILL');
    assert.is(await killed.ended, null);
    await mount.heal();
    await until(async () => !(await Promise.all(children.map(({ pid }) => lives(pid)))).includes(true), 10_000);
    const next = startOnMount(context, ['--until-idle']);
    assert.is(await next.ended, 0, describe(next));
    const files = await assertPromises(onBacking(context), before);
    assert.is(new Set(files.map(({ source }) => source)).size, names.length);
  });
}

share('an outage in the middle of a batch: every file arrives once it is over, and none is left half', async (context) => {
  const { folders, mount } = context;
  await writeBatch(folders.source, 400);
  const agent = startOnMount(context, ['--until-idle']);
  await untilCompleted(agent, 40);
  await mount.fail('*', 'EIO');
  await gateIs(agent, isClosed);
  const before = completed(agent);
  assert.ok(before < 400, 'it came in the middle');
  await mount.heal();
  await gateIs(agent, isOpen);
  assert.is(await agent.ended, 0, describe(agent));
  const files = await assertPromises(onBacking(context), {});
  assert.ok(
    files.every(({ error }) => error === null || error.kind === 'network_interruption'),
    'no file was blamed for it',
  );
});

share('one bad file among a thousand good ones: they arrive at their first attempt, and only it needs a person', async (context) => {
  const { folders, mount } = context;
  const names = await writeBatch(folders.source, 1_000);
  // With the folder: the random part of a temporary name may have "f500".
  await mount.fail('write', 'EINVAL', 'd0/.f500');
  const agent = startOnMount(context, ['--max-attempts', '2']);
  await untilCompleted(agent, names.length - 1);
  const good = reportedFiles(agent).filter(({ source }) => source !== 'd0/f500.dat');
  assert.equal([good.length, [...new Set(good.map(({ status }) => status))]], [names.length - 1, ['COMPLETED']]);
  await until(
    async () => (await agent.status()).routes[0]?.needsYou === 1,
    30_000,
    () => describe(agent),
  );
  assert.is((await agent.status()).routes[0]?.gate.state, 'open', 'it is not an outage');
  await mount.heal();
});

share('a batch whose names are taken by other files: they are not touched, and each file gets the next name once', async (context) => {
  const { folders, mount } = context;
  const names = await writeBatch(folders.source, 100);
  for (const [index, name] of names.entries()) {
    if (index % 2 === 0) await makeFile(join(mount.backing, name), sizeBytes);
    if (index % 4 === 0) await makeFile(join(mount.backing, name.replace('.dat', '_1.dat')), sizeBytes);
  }
  const theirs = await hashCopies(mount.backing);
  const agent = startOnMount(context, ['--until-idle']);
  assert.is(await agent.ended, 0, describe(agent));
  const files = await assertPromises(onBacking(context), theirs);
  const numberOf = (source: string): number => Number(/f(\d+)\.dat$/.exec(source)?.[1]);
  for (const { source, destination } of files) {
    const suffix = numberOf(source) % 4 === 0 ? '_2.dat' : numberOf(source) % 2 === 0 ? '_1.dat' : '.dat';
    assert.is(destination, source.replace('.dat', suffix));
  }
});

const disk = suite<DiskFolders>('a batch of small files on a disk that becomes full');

disk.before.each(async (context) => {
  Object.assign(context, await makeDiskFolders(32));
});
disk.after.each(removeDiskFolders);

disk('what fits is copied, the rest waits for room and is copied when there is some', async (context) => {
  const { folders, disk: mounted } = context;
  await makeFile(join(mounted.path, 'theirs.bin'), 20_000_000);
  const names = await writeBatch(folders.source, 800);
  const agent = startOnDisk(context, ['--space-retry-every', '500ms', '--space-keep-free', '1MB']);
  await until(
    () => reportedFiles(agent).some(({ status, hold }) => status === 'WAITING_FOR_SPACE' && hold === 'space'),
    40_000,
    () => describe(agent).slice(0, 2_000),
  );
  assert.is((await agent.status()).routes[0]?.gate.state, 'open', 'full is not offline');
  const before = completed(agent);
  assert.ok(before < names.length, 'it became full in the middle');
  await rm(join(mounted.path, 'theirs.bin'));
  await untilCompleted(agent, names.length);
  await agent.stop();
  await rm(join(mounted.path, 'lost+found'), { recursive: true });
  await assertPromises({ ...folders, destination: mounted.path }, {});
});

const whyNot = { share: whyNoFaultMount(), disk: whyNoLoopMount() };
if (whyNot.share === null) share.run();
else console.log(`skipped: a batch of small files: ${whyNot.share}`);
if (whyNot.disk === null) disk.run();
else console.log(`skipped: a batch of small files on a disk that becomes full: ${whyNot.disk}`);
