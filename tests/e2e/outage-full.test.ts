import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DiskGround, makeDiskGround, removeDiskGround, startOnDisk } from '../bed/disk-ground.ts';
import { type FaultGround, makeFaultGround, removeFaultGround, startOnMount } from '../bed/fault-ground.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { whyNoLoopMount } from '../bed/loop-mount.ts';
import { assertCarried, failureOf, gateIs, isOpen, tale } from '../bed/outage.ts';
import { describe, filesTold, told } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const disk = suite<DiskGround>('a disk that is full');

disk.before.each(async (context) => {
  Object.assign(context, await makeDiskGround(64));
});
disk.after.each(removeDiskGround);

const impatient = ['--space-retry-every', '500ms', '--space-keep-free', '1MB'];

disk('what does not fit waits for room before it is begun, what fits goes on; room again, and it is carried', async (ground) => {
  const {
    folders,
    disk: { path },
  } = ground;
  await makeFile(join(path, 'theirs.bin'), 40_000_000);
  const agent = startOnDisk(ground, impatient);
  await gateIs(agent, isOpen);
  await makeFile(join(folders.source, 'big.bin'), 25_000_000);
  await told(agent, ({ source, status, hold }) => source === 'big.bin' && status === 'WAITING_FOR_SPACE' && hold === 'space');
  await makeFile(join(folders.source, 'small.bin'), 2_000_000);
  await told(agent, ({ source, status }) => source === 'small.bin' && status === 'COMPLETED');
  assert.is((await agent.status()).routes[0]?.gate.state, 'open', 'full is not offline');
  await rm(join(path, 'theirs.bin'));
  await told(agent, ({ source, status }) => source === 'big.bin' && status === 'COMPLETED');
  await assertCarried(folders.source, path, { 'big.bin': 'big.bin', 'small.bin': 'small.bin' });
  assert.is(filesTold(agent).length, 2, 'nothing had begun, so nothing failed');
});

disk('somebody else fills it in the middle of a copy: destination_full, its hidden part goes, and it waits for room', async (ground) => {
  const {
    folders,
    disk: { path },
  } = ground;
  await makeFile(join(folders.source, 'a.bin'), 25_000_000);
  const agent = startOnDisk(ground, [...impatient, '--max-rate', '8MB']);
  await told(agent, ({ status }) => status === 'COPYING');
  await makeFile(join(path, 'theirs.bin'), 40_000_000);
  const { failed, next } = await failureOf(agent, 'a.bin');
  assert.equal([failed.error?.kind, failed.error?.code], ['destination_full', 'ENOSPC']);
  assert.match(failed.error?.operator ?? '', 'a fresh copy (a_1.bin) waits for room');
  assert.is(next.destination, 'a_1.bin');
  await until(
    () => tale(agent, 'a.bin').at(-1)?.to === 'WAITING_FOR_SPACE',
    5_000,
    () => describe(agent),
  );
  assert.is((await agent.status()).routes[0]?.gate.state, 'open', 'full is not offline');
  await rm(join(path, 'theirs.bin'));
  await told(agent, ({ destination, status }) => destination === 'a_1.bin' && status === 'COMPLETED');
  await assertCarried(folders.source, path, { 'a_1.bin': 'a.bin' });
});

const share = suite<FaultGround>('a share that is full');

share.before.each(async (context) => {
  Object.assign(context, await makeFaultGround());
});
share.after.each(removeFaultGround);

for (const code of ['ENOSPC', 'EDQUOT'] as const) {
  share(`${code} of a write, whatever statfs says: destination_full, not an outage; carried when there is room`, async (ground) => {
    const { folders, mount } = ground;
    const agent = startOnMount(ground, impatient);
    await gateIs(agent, isOpen);
    await mount.fail('write', code, 'a.bin');
    await makeFile(join(folders.source, 'a.bin'), 3_000_000);
    const { failed } = await failureOf(agent, 'a.bin');
    assert.equal([failed.error?.kind, failed.error?.code], ['destination_full', code]);
    assert.is((await agent.status()).routes[0]?.gate.state, 'open');
    await mount.heal();
    const done = await told(agent, ({ status }) => status === 'COMPLETED');
    await assertCarried(folders.source, mount.backing, { [done.destination]: 'a.bin' });
  });
}

const whyNot = { disk: whyNoLoopMount(), share: whyNoFaultMount() };
if (whyNot.disk === null) disk.run();
else console.log(`skipped: a disk that is full: ${whyNot.disk}`);
if (whyNot.share === null) share.run();
else console.log(`skipped: a share that is full: ${whyNot.share}`);
