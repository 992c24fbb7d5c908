import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { assertCopied, bytesThere, gateIs, isOpen, measured } from '../bed/outage.ts';
import { record } from '../bed/recorder.ts';
import { type Agent, describe, reported, reportedFiles } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<FaultFolders>('a slow destination');

test.before.each(async (context) => {
  Object.assign(context, await makeFaultFolders());
});
test.after.each(removeFaultFolders);

const waits = ['--max-rate', '6MB', '--probe-deadline', '2s'];

const closings = ({ notes }: Agent): number => notes.filter((note) => note.event === 'gate' && note.gate.state === 'closed').length;

test('every sync takes longer than stall_after, but it answers: nothing fails', async (context) => {
  const { folders, mount } = context;
  await mount.delay('fsync', 800);
  for (const name of ['a.bin', 'b.bin', 'c.bin']) await makeFile(join(folders.source, name), 3_000_000);
  const recording = record({ path: join(folders.source, 'take.mxf'), bytesPerSecond: 1_500_000 });
  const agent = startOnMount(context, [...waits, '--stall-after', '500ms']);
  await reported(agent, ({ source, status }) => source === 'take.mxf' && status === 'GROWING_COPY', 45_000);
  await recording.end();
  for (const source of ['a.bin', 'b.bin', 'c.bin', 'take.mxf']) {
    await reported(agent, (file) => file.source === source && file.status === 'COMPLETED', 45_000);
  }
  assert.equal(new Set(reportedFiles(agent).map(({ status }) => status)), new Set(['COMPLETED']));
  assert.is(reportedFiles(agent).length, 4, 'nobody was found again');
  await assertCopied(folders.source, mount.backing, { 'a.bin': 'a.bin', 'b.bin': 'b.bin', 'c.bin': 'c.bin', 'take.mxf': 'take.mxf' });
});

test('probes that take longer than their deadline while a copy makes progress mean load, not an outage', async (context) => {
  const { folders, mount } = context;
  await makeFile(join(folders.source, 'a.bin'), 28_000_000);
  const agent = startOnMount(context, [...waits, '--stall-after', '1s']);
  await until(
    () => bytesThere(mount.backing, 'a.bin') > 3_000_000,
    10_000,
    () => describe(agent),
  );
  const before = closings(agent);
  // Only its close: a slow create would hold the folder's lock in the kernel, and block everything.
  await mount.delay('flush', 5_000, '.sluice-probe');
  await reported(agent, ({ source, status }) => source === 'a.bin' && status === 'COMPLETED');
  assert.is(closings(agent), before, 'never closed while it was seen to arrive');
  // If nothing waits, no file is created, so its close cannot be slow.
  await mount.delay('statfs', 5_000);
  const idle = Date.now();
  await gateIs(agent, ({ cause }) => cause === 'timeout');
  measured('an idle destination with such probes closes', Date.now() - idle);
  await mount.heal();
  await gateIs(agent, isOpen);
  await assertCopied(folders.source, mount.backing, { 'a.bin': 'a.bin' });
});

test('a new destination whose marker takes longer than several probes is online as soon as the marker is there', async (context) => {
  const { folders, mount } = context;
  await makeFile(join(folders.source, 'a.bin'), 1_000_000);
  // Not a slow link: it would hold the lock of the folder in the kernel and block the probes.
  await mount.delay('fsync', 2_000, '.sluice-destination');
  const agent = startOnMount(context, ['--probe-closed', '200ms']);
  await reported(agent, ({ source, status }) => source === 'a.bin' && status === 'COMPLETED');
  const causes = agent.notes.flatMap((note) => (note.event === 'gate' ? [note.gate.cause] : []));
  assert.equal(causes, [null], 'it was never taken for one that does not answer');
});

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: a destination that is slow: ${why}`);
