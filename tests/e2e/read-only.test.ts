// alone: it measures promised times
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DiskFolders, makeDiskFolders, removeDiskFolders, startOnDisk } from '../bed/disk-folders.ts';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { type FaultyCall, whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { whyNoLoopMount } from '../bed/loop-mount.ts';
import {
  assertCopied,
  assertInterrupted,
  assertWaits,
  bytesThere,
  failureOf,
  gateIs,
  isOpen,
  measured,
  movedAfter,
} from '../bed/outage.ts';
import { describe, reported, reportedFiles } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { pause, until } from '../bed/wait.ts';

const disk = suite<DiskFolders>('a disk that becomes read-only');

disk.before.each(async (context) => {
  Object.assign(context, await makeDiskFolders());
});
disk.after.each(removeDiskFolders);

disk('remounted read-only between copies: reported as such, and new files wait and are copied under their own names', async (context) => {
  const {
    folders,
    disk: { path, remountReadOnly, remountWritable },
  } = context;
  await makeFile(join(folders.source, 'a.bin'), 1_000_000);
  const agent = startOnDisk(context);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  await gateIs(agent, isOpen);
  const began = Date.now();
  await remountReadOnly();
  const { at, gate } = await gateIs(agent, ({ cause }) => cause === 'read_only');
  measured('from the remount to its telling', Date.parse(at) - began, 1_500);
  assert.equal([gate.state, gate.code], ['closed', 'EROFS']);
  assert.match(gate.operator, 'is read-only');
  await makeFile(join(folders.source, 'b.bin'), 1_000_000);
  await reported(agent, ({ source, hold }) => source === 'b.bin' && hold === 'network');
  await pause(1_000);
  assert.equal((await readdir(path)).sort(), ['.sluice-destination', 'a.bin', 'lost+found']);
  const over = Date.now();
  await remountWritable();
  measured('from the end of it to the copy', await movedAfter(agent, 'b.bin', over), 2_000);
  await reported(agent, ({ source, status }) => source === 'b.bin' && status === 'COMPLETED');
  await assertCopied(folders.source, path, { 'a.bin': 'a.bin', 'b.bin': 'b.bin' });
  assert.is(reportedFiles(agent).length, 2);
});

const share = stories<FaultFolders>('a share that can no longer be written to', 2, { make: makeFaultFolders, remove: removeFaultFolders });

const changing: readonly FaultyCall[] = ['create', 'mkdir', 'unlink', 'link', 'rename'];

for (const [code, cause, words] of [
  ['EROFS', 'read_only', 'is read-only'],
  ['EACCES', 'denied', 'may not write to'],
] as const) {
  share(`${code} for every change in the middle of a copy: ${cause}, FAILED in time, copied as _1 afterwards`, async (context) => {
    const { folders, mount } = context;
    await makeFile(join(folders.source, 'a.mxf'), 12_000_000);
    const agent = startOnMount(context);
    await until(
      () => bytesThere(mount.backing, 'a.mxf') > 3_000_000,
      10_000,
      () => describe(agent),
    );
    const began = Date.now();
    for (const call of changing) await mount.fail(call, code);
    const failure = await failureOf(agent, 'a.mxf');
    measured('from the first refusal to FAILED', failure.at - began, 1_500);
    assertInterrupted(failure, { name: 'a_1.mxf', codes: [code] });
    const { gate } = await gateIs(agent, (seen) => seen.cause === cause);
    assert.match(gate.operator, words);
    await pause(1_000);
    assertWaits(agent, 'a.mxf', failure.at);
    const over = Date.now();
    await mount.heal();
    measured('from the end of it to the copy', await movedAfter(agent, 'a.mxf', over), 2_000);
    await reported(agent, ({ status }) => status === 'COMPLETED');
    await assertCopied(folders.source, mount.backing, { 'a_1.mxf': 'a.mxf' });
  });
}

const whyNot = { disk: whyNoLoopMount(), share: whyNoFaultMount() };
if (whyNot.disk === null) disk.run();
else console.log(`skipped: a disk that becomes read-only: ${whyNot.disk}`);
if (whyNot.share === null) share.run();
else console.log(`skipped: a share that may not be written to any more: ${whyNot.share}`);
