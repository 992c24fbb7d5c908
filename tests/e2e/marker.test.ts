import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DiskFolders, makeDiskFolders, ownFolders, removeDiskFolders, startOnDisk } from '../bed/disk-folders.ts';
import { makeFile } from '../bed/folders.ts';
import { whyNoLoopMount } from '../bed/loop-mount.ts';
import { assertCopied, gateIs, isClosed, isOpen } from '../bed/outage.ts';
import { describe, reported, reportedFiles } from '../bed/sluice.ts';
import { pause, until } from '../bed/wait.ts';

const test = suite<DiskFolders>('a destination is recognized by its marker');

test.before.each(async (context) => {
  Object.assign(context, await makeDiskFolders());
});
test.after.each(removeDiskFolders);

test('unmounted repeatedly under many small files: not one byte is written below the mount, and everything is copied once', async (context) => {
  const { folders, disk } = context;
  const agent = startOnDisk(context, ['--max-rate', '12MB', '--probe-settle', '500ms']);
  await gateIs(agent, isOpen);
  for (let file = 0; file < 60; file += 1) await makeFile(join(folders.source, `f${file % 5}/file-${file}.bin`), 500_000);
  for (let time = 0; time < 4; time += 1) {
    await gateIs(agent, isOpen);
    await pause(700);
    await disk.unmount();
    await gateIs(agent, isClosed);
    assert.equal(await readdir(disk.path), [], 'nothing was written to the local disk');
    await disk.mount('ours');
  }
  await until(
    () => reportedFiles(agent).filter(({ status }) => status === 'COMPLETED').length === 60,
    30_000,
    () => describe(agent),
  );
  const files = reportedFiles(agent);
  for (const { error, destination, source, nameReason } of files) {
    if (error !== null) assert.is(error.kind, 'network_interruption');
    assert.is(destination === source, nameReason === null);
  }
  const done = files.filter(({ status }) => status === 'COMPLETED');
  await assertCopied(folders.source, disk.path, Object.fromEntries(done.map(({ destination, source }) => [destination, source])));
});

test('a marker that is emptied in the middle of a copy is reported as such, and not as another disk', async (context) => {
  const { folders, disk } = context;
  await makeFile(join(folders.source, 'a.bin'), 12_000_000);
  const agent = startOnDisk(context, ['--max-rate', '3MB', '--probe-settle', '500ms']);
  await reported(agent, ({ status }) => status === 'COPYING');
  const marker = join(disk.path, '.sluice-destination');
  const content = await readFile(marker, 'utf8');
  await writeFile(marker, '');
  const { gate } = await gateIs(agent, isClosed);
  assert.equal([gate.cause, gate.code], ['unknown', 'MARKER_UNCLEAR']);
  assert.match(gate.operator, /^the marker file of \S+ is empty, cut short or not a regular file;/);
  const { error } = await reported(agent, ({ status }) => status === 'FAILED');
  assert.match(
    error?.operator ?? '',
    /^the marker file of the destination became empty, .* starts when the marker file can be read again$/,
  );
  await writeFile(marker, content);
  await reported(agent, ({ status }) => status === 'COMPLETED', 30_000);
});

for (const what of ['nothing', 'another disk'] as const) {
  test(`${what} in its place before the agent can know: a copy that begins at that moment writes no byte there`, async (context) => {
    const { folders, disk } = context;
    const agent = startOnDisk(context, ['--probe-open', '60s']);
    await gateIs(agent, isOpen);
    await makeFile(join(folders.source, 'first.bin'), 1_000_000);
    await reported(agent, ({ status }) => status === 'COMPLETED');
    await disk.unmount();
    if (what === 'another disk') await disk.mount('theirs');
    await makeFile(join(folders.source, 'day1/a.bin'), 1_000_000);
    await makeFile(join(folders.source, 'b.bin'), 1_000_000);
    await gateIs(agent, ({ cause }) => cause === 'not_the_destination');
    for (const name of ['day1/a.bin', 'b.bin']) await reported(agent, ({ source, hold }) => source === name && hold === 'network');
    assert.equal(await readdir(disk.path), what === 'nothing' ? [] : ownFolders);
    if (what === 'another disk') await disk.unmount();
    await disk.mount('ours');
    for (const name of ['day1/a.bin', 'b.bin']) await reported(agent, ({ source, status }) => source === name && status === 'COMPLETED');
    await assertCopied(folders.source, disk.path, { 'first.bin': 'first.bin', 'day1/a.bin': 'day1/a.bin', 'b.bin': 'b.bin' });
  });
}

test('a marker that is deleted or replaced: the destination is offline, and no marker is written, even after a restart', async (context) => {
  const { folders, disk } = context;
  const marker = join(disk.path, '.sluice-destination');
  const agent = startOnDisk(context);
  await gateIs(agent, isOpen);
  const text = await readFile(marker, 'utf8');
  await unlink(marker);
  await gateIs(agent, ({ cause, operator }) => cause === 'not_the_destination' && operator.includes('is missing'));
  await makeFile(join(folders.source, 'a.bin'), 1_000);
  await reported(agent, ({ hold }) => hold === 'network');
  const foreign = text.replace(/[0-9a-f]{8}(?=-)/, (digits) => (digits === '00000000' ? '11111111' : '00000000'));
  await writeFile(marker, foreign);
  await gateIs(agent, ({ cause, operator }) => cause === 'not_the_destination' && operator.includes('is not the known destination'));
  await agent.stop();
  const next = startOnDisk(context);
  await gateIs(next, ({ cause }) => cause === 'not_the_destination');
  assert.is(await readFile(marker, 'utf8'), foreign);
  assert.equal((await readdir(disk.path)).sort(), ['.sluice-destination', ...ownFolders]);
  await writeFile(marker, text);
  await reported(next, ({ status }) => status === 'COMPLETED');
});

const why = whyNoLoopMount();
if (why === null) test.run();
else console.log(`skipped: a destination is known by its marker: ${why}`);
