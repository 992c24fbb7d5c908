import { writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DiskFolders, makeDiskFolders, removeDiskFolders, startOnDisk } from '../bed/disk-folders.ts';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { whyNoLoopMount } from '../bed/loop-mount.ts';
import { assertCopied, failureOf, gateIs, isOpen, transitionsOf } from '../bed/outage.ts';
import { describe, reported, reportedFiles } from '../bed/sluice.ts';
import { pause, until } from '../bed/wait.ts';

const disk = suite<DiskFolders>('a full disk');

disk.before.each(async (context) => {
  Object.assign(context, await makeDiskFolders(64));
});
disk.after.each(removeDiskFolders);

const impatient = ['--space-retry-every', '500ms', '--space-keep-free', '1MB'];

disk(
  'a file that does not fit waits for room before its copy begins, and files that fit are copied; with room, it is copied too',
  async (context) => {
    const {
      folders,
      disk: { path },
    } = context;
    await makeFile(join(path, 'theirs.bin'), 40_000_000);
    const agent = startOnDisk(context, impatient);
    await gateIs(agent, isOpen);
    await makeFile(join(folders.source, 'big.bin'), 25_000_000);
    await reported(agent, ({ source, status, hold }) => source === 'big.bin' && status === 'WAITING_FOR_SPACE' && hold === 'space');
    await makeFile(join(folders.source, 'small.bin'), 2_000_000);
    await reported(agent, ({ source, status }) => source === 'small.bin' && status === 'COMPLETED');
    assert.is((await agent.status()).routes[0]?.gate.state, 'open', 'full is not offline');
    await rm(join(path, 'theirs.bin'));
    await reported(agent, ({ source, status }) => source === 'big.bin' && status === 'COMPLETED');
    await assertCopied(folders.source, path, { 'big.bin': 'big.bin', 'small.bin': 'small.bin' });
    assert.is(reportedFiles(agent).length, 2, 'nothing had begun, so nothing failed');
  },
);

disk(
  'no more files can be created, although there is room: the destination is full, and the files wait until some are removed',
  async (context) => {
    const {
      folders,
      disk: { path },
    } = context;
    const agent = startOnDisk(context, impatient);
    await gateIs(agent, isOpen);
    await useUpFiles(join(path, 'theirs'));
    for (const name of ['a.bin', 'b.bin', 'c.bin']) await makeFile(join(folders.source, name), 1_000);
    await until(
      async () =>
        (await agent.status()).verdict.text.includes('it refuses new files anyway') &&
        reportedFiles(agent).filter(({ status }) => status === 'WAITING_FOR_SPACE').length === 3,
      20_000,
      () => describe(agent),
    );
    const before = reportedFiles(agent).length;
    // Longer than `retry_every`.
    await pause(3_000);
    assert.is(reportedFiles(agent).length, before, 'nothing is tried in vain');
    assert.is((await agent.status()).routes[0]?.needsYou, 0);
    await rm(join(path, 'theirs'), { recursive: true });
    for (const name of ['a.bin', 'b.bin', 'c.bin'])
      await reported(agent, ({ source, status }) => source === name && status === 'COMPLETED');
  },
);

/** Creates empty files in a new folder until the filesystem has no more. */
async function useUpFiles(folder: string): Promise<void> {
  await mkdir(folder);
  for (let file = 0; ; file += 1) {
    try {
      writeFileSync(join(folder, String(file)), '');
    } catch {
      return;
    }
  }
}

disk(
  'another program fills the disk in the middle of a copy: destination_full, its hidden part is removed, and the file waits for room',
  async (context) => {
    const {
      folders,
      disk: { path },
    } = context;
    await makeFile(join(folders.source, 'a.bin'), 25_000_000);
    const agent = startOnDisk(context, [...impatient, '--max-rate', '8MB']);
    await reported(agent, ({ status }) => status === 'COPYING');
    await makeFile(join(path, 'theirs.bin'), 40_000_000);
    const { failed, next } = await failureOf(agent, 'a.bin');
    assert.equal([failed.error?.kind, failed.error?.code], ['destination_full', 'ENOSPC']);
    assert.match(failed.error?.operator ?? '', 'a new copy (a_1.bin) starts when there is room');
    assert.is(next.destination, 'a_1.bin');
    await until(
      () => transitionsOf(agent, 'a.bin').at(-1)?.to === 'WAITING_FOR_SPACE',
      5_000,
      () => describe(agent),
    );
    assert.is((await agent.status()).routes[0]?.gate.state, 'open', 'full is not offline');
    await rm(join(path, 'theirs.bin'));
    await reported(agent, ({ destination, status }) => destination === 'a_1.bin' && status === 'COMPLETED');
    await assertCopied(folders.source, path, { 'a_1.bin': 'a.bin' });
  },
);

const share = suite<FaultFolders>('a full share');

share.before.each(async (context) => {
  Object.assign(context, await makeFaultFolders());
});
share.after.each(removeFaultFolders);

for (const code of ['ENOSPC', 'EDQUOT'] as const) {
  share(`${code} of a write, whatever statfs says: destination_full, not an outage; copied when there is room`, async (context) => {
    const { folders, mount } = context;
    const agent = startOnMount(context, impatient);
    await gateIs(agent, isOpen);
    await mount.fail('write', code, 'a.bin');
    await makeFile(join(folders.source, 'a.bin'), 3_000_000);
    const { failed } = await failureOf(agent, 'a.bin');
    assert.equal([failed.error?.kind, failed.error?.code], ['destination_full', code]);
    assert.is((await agent.status()).routes[0]?.gate.state, 'open');
    await mount.heal();
    const done = await reported(agent, ({ status }) => status === 'COMPLETED');
    await assertCopied(folders.source, mount.backing, { [done.destination]: 'a.bin' });
  });
}

const whyNot = { disk: whyNoLoopMount(), share: whyNoFaultMount() };
if (whyNot.disk === null) disk.run();
else console.log(`skipped: a disk that is full: ${whyNot.disk}`);
if (whyNot.share === null) share.run();
else console.log(`skipped: a share that is full: ${whyNot.share}`);
