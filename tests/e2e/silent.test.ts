// alone: it measures promised times
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import {
  assertCopied,
  assertInterrupted,
  bytesThere,
  failureOf,
  gateIs,
  isClosed,
  isOpen,
  measured,
  transitionsOf,
} from '../bed/outage.ts';
import { record } from '../bed/recorder.ts';
import { type Agent, describe, reported } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { pause, until } from '../bed/wait.ts';

const test = stories<FaultFolders>('a destination that is silent', 3, { make: makeFaultFolders, remove: removeFaultFolders });

const waits = ['--max-rate', '6MB', '--stall-after', '1s', '--probe-deadline', '2s'];

const closings = ({ notes }: Agent): number => notes.filter((note) => note.event === 'gate' && note.gate.state === 'closed').length;

test('one file whose readback hangs while probes are answered: the agent waits until stall_max, then this file fails and others are copied', async (context) => {
  const { folders, mount } = context;
  const agent = startOnMount(context, [...waits, '--stall-max', '3s']);
  await gateIs(agent, isOpen);
  const before = closings(agent);
  await mount.hang('read', 'stuck.bin');
  await makeFile(join(folders.source, 'stuck.bin'), 3_000_000);
  await until(async () => (await mount.hanging()) > 0, 10_000);
  const began = Date.now();
  await makeFile(join(folders.source, 'other.bin'), 3_000_000);
  await reported(agent, ({ source, status }) => source === 'other.bin' && status === 'COMPLETED');
  const { failed, at, next } = await failureOf(agent, 'stuck.bin');
  measured('from the silence to FAILED', at - began);
  assert.ok(at - began >= 2_900, 'not before stall_max');
  assert.ok(at - began <= 3_000 + 2_000 + 1_000, 'soon after stall_max');
  assert.equal([failed.error?.kind, failed.error?.code, failed.copiedBytes], ['destination_error', 'SILENT', 3_000_000]);
  assert.match(failed.error?.operator ?? '', 'took too long with this file, at 100%; a new copy (stuck_1.bin) starts after a pause');
  assert.equal([next.status, next.hold, next.destination], ['READY', 'backoff', 'stuck_1.bin']);
  assert.is(closings(agent), before, 'no outage');
  // A carrier that lost a call takes no new copies, so another one does.
  await makeFile(join(folders.source, 'third.bin'), 3_000_000);
  await reported(agent, ({ source, status }) => source === 'third.bin' && status === 'COMPLETED');
  await reported(agent, ({ destination, status }) => destination === 'stuck_1.bin' && status === 'COMPLETED');
  await mount.heal();
  await pause(500);
  await assertCopied(folders.source, mount.backing, { 'stuck_1.bin': 'stuck.bin', 'other.bin': 'other.bin', 'third.bin': 'third.bin' });
});

test('silence in the middle of a growing copy: FAILED in time, its visible part stays, the recovery is the whole recording', async (context) => {
  const { folders, mount } = context;
  const recording = record({ path: join(folders.source, 'take.mxf'), bytesPerSecond: 2_000_000 });
  const agent = startOnMount(context, waits.slice(2));
  await until(
    () => bytesThere(mount.backing, 'take.mxf') > 2_000_000,
    15_000,
    () => describe(agent),
  );
  const began = Date.now();
  await mount.hang('*');
  const failure = await failureOf(agent, 'take.mxf');
  measured('from the silence to FAILED', failure.at - began, 1_000 + 2_000 + 1_000);
  assertInterrupted(failure, { name: 'take_1.mxf', codes: ['SILENT'] });
  assert.is(failure.next.growing, true);
  await gateIs(agent, isClosed);
  const left = bytesThere(mount.backing, 'take.mxf');
  assert.ok(left >= failure.failed.copiedBytes);
  await mount.heal();
  await recording.end();
  await reported(agent, ({ destination, status }) => destination === 'take_1.mxf' && status === 'COMPLETED', 30_000);
  assert.is(transitionsOf(agent, 'take.mxf').filter(({ to }) => to === 'FAILED').length, 1);
  assert.ok(bytesThere(mount.backing, 'take.mxf') >= left, 'what was left stays');
});

test('a storage that stops answering while there is no work is noticed in time', async (context) => {
  const { folders, mount } = context;
  await makeFile(join(folders.source, 'a.bin'), 1_000_000);
  const agent = startOnMount(context, ['--probe-open', '300ms', '--probe-deadline', '2s']);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  await gateIs(agent, isOpen);
  const began = Date.now();
  await mount.hang('*');
  const { at } = await gateIs(agent, ({ cause }) => cause === 'timeout');
  measured('from the hang to its telling', Date.parse(at) - began, 300 + 2_000);
  await mount.heal();
  await gateIs(agent, isOpen);
});

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: a destination that is silent: ${why}`);
