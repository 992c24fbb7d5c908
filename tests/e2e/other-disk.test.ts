// alone: it measures promised times
import { access, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type DiskFolders, makeDiskFolders, ownFolders, removeDiskFolders, startOnDisk } from '../bed/disk-folders.ts';
import { makeFile } from '../bed/folders.ts';
import { whyNoLoopMount } from '../bed/loop-mount.ts';
import {
  assertCopied,
  assertInterrupted,
  assertWaits,
  bytesThere,
  failureOf,
  gateIs,
  isClosed,
  measured,
  movedAfter,
} from '../bed/outage.ts';
import { describe, reported, startAgent } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { pause, until } from '../bed/wait.ts';

const test = stories<DiskFolders>('a destination that is unmounted, or suddenly another disk', 3, {
  make: makeDiskFolders,
  remove: removeDiskFolders,
});

/** A probe is due every 500 ms here, and answers at once. */
const noticedMs = 500 + 1_000;

test('unmounted in the middle of a copy: nothing is written below, and the file is copied as _1 when the disk is mounted again', async (context) => {
  const { folders, disk } = context;
  await makeFile(join(folders.source, 'day1/a.mxf'), 14_000_000);
  const agent = startOnDisk(context);
  await reported(agent, ({ status }) => status === 'COPYING');
  await until(async () => bytesThere(join(disk.path, 'day1'), 'a.mxf') > 4_000_000, 10_000);
  const began = Date.now();
  await disk.unmount();
  const failure = await failureOf(agent, 'day1/a.mxf');
  measured('from the unmount to FAILED', failure.at - began, noticedMs);
  assertInterrupted(failure, { name: 'day1/a_1.mxf', codes: ['MARKER', 'DIVERTED', 'ENOENT', 'REMOUNTED'] });
  // A probe under way at the unmount may first report that the folder cannot be reached.
  await gateIs(agent, ({ cause, operator }) => cause === 'not_the_destination' && operator.startsWith('WRONG DISK'));
  await makeFile(join(folders.source, 'day2/b.bin'), 1_000_000);
  await reported(agent, ({ source, hold }) => source === 'day2/b.bin' && hold === 'network');
  await pause(1_000);
  assertWaits(agent, 'day1/a.mxf', failure.at);
  assert.equal(await readdir(disk.path), [], 'nothing was written to the local disk');
  const over = Date.now();
  await disk.mount('ours');
  measured('from the mount to the copy', await movedAfter(agent, 'day1/a.mxf', over), 2_000);
  for (const source of ['day1/a.mxf', 'day2/b.bin']) await reported(agent, (file) => file.source === source && file.status === 'COMPLETED');
  await assertCopied(folders.source, disk.path, { 'day1/a_1.mxf': 'day1/a.mxf', 'day2/b.bin': 'day2/b.bin' });
});

test('another disk in its place in the middle of a copy: WRONG DISK, and not a byte is written to it', async (context) => {
  const { folders, disk } = context;
  await makeFile(join(folders.source, 'a.mxf'), 14_000_000);
  const agent = startOnDisk(context);
  await until(
    () => bytesThere(disk.path, 'a.mxf') > 4_000_000,
    10_000,
    () => describe(agent),
  );
  const began = Date.now();
  await disk.unmount();
  await disk.mount('theirs');
  const failure = await failureOf(agent, 'a.mxf');
  measured('from the other disk to FAILED', failure.at - began, noticedMs);
  assertInterrupted(failure, { name: 'a_1.mxf', codes: ['MARKER', 'DIVERTED', 'REMOUNTED'] });
  await gateIs(agent, ({ cause, operator }) => cause === 'not_the_destination' && operator.startsWith('WRONG DISK'));
  await pause(1_000);
  assert.equal(await readdir(disk.path), ownFolders);
  await disk.unmount();
  const over = Date.now();
  await disk.mount('ours');
  measured('from the right disk to the copy', await movedAfter(agent, 'a.mxf', over), 2_000);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  await disk.unmount();
  await disk.mount('theirs');
  await gateIs(agent, isClosed);
  assert.equal(await readdir(disk.path), ownFolders);
});

test('a root that is moved away in the middle of a copy counts as missing, and is never created again', async ({ folders }) => {
  await makeFile(join(folders.source, 'day1/a.mxf'), 14_000_000);
  const to = folders.destination;
  const agent = startAgent({ from: folders.source, to, stateDir: folders.stateDir, args: ['--max-rate', '6MB'] });
  await reported(agent, ({ status }) => status === 'COPYING');
  await until(async () => bytesThere(join(to, 'day1'), 'a.mxf') > 4_000_000, 10_000);
  const began = Date.now();
  await rename(to, `${to}.away`);
  const failure = await failureOf(agent, 'day1/a.mxf');
  measured('from the move to FAILED', failure.at - began, noticedMs);
  assertInterrupted(failure, { name: 'day1/a_1.mxf', codes: ['ENOENT'] });
  const { gate } = await gateIs(agent, isClosed);
  assert.equal([gate.cause, gate.code], ['unreachable', 'ENOENT']);
  assert.match(gate.operator, 'is missing; mount the share or create the folder');
  await pause(1_000);
  assert.is(await access(to).catch((error: NodeJS.ErrnoException) => error.code), 'ENOENT');
  const over = Date.now();
  await rename(`${to}.away`, to);
  measured('from the return to the copy', await movedAfter(agent, 'day1/a.mxf', over), 2_000);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  await assertCopied(folders.source, to, { 'day1/a_1.mxf': 'day1/a.mxf' });
});

const why = whyNoLoopMount();
if (why === null) test.run();
else console.log(`skipped: a destination that is unmounted, or suddenly another disk: ${why}`);
