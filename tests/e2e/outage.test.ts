// alone: it measures promised times
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { type FaultMount, whyNoFaultMount } from '../bed/fault-mount.ts';
import { hashCopies, hashTree, makeFile } from '../bed/folders.ts';
import {
  assertCopied,
  assertInterrupted,
  assertWaits,
  bytesThere,
  failureOf,
  gateIs,
  isClosed,
  isOpen,
  measured,
  movedAfter,
  noPartsAreLeft,
} from '../bed/outage.ts';
import { assertPromises } from '../bed/promises.ts';
import { record } from '../bed/recorder.ts';
import { describe, reported, reportedFiles } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { pause, until } from '../bed/wait.ts';

const test = stories<FaultFolders>('outages of a destination that answers with errors', 2, {
  make: makeFaultFolders,
  remove: removeFaultFolders,
});

test('every call fails in the middle of a stable copy: FAILED within 1 s, a new attempt, copied as _1 when the outage is over', async (context) => {
  const { folders, mount } = context;
  await makeFile(join(folders.source, 'day1/a.mxf'), 14_000_000);
  const agent = startOnMount(context);
  await reported(agent, ({ status }) => status === 'COPYING');
  await until(async () => bytesThere(join(mount.backing, 'day1'), 'a.mxf') > 8_000_000, 10_000);
  const began = Date.now();
  await mount.fail('*', 'EIO');
  const failure = await failureOf(agent, 'day1/a.mxf');
  measured('from the first error to FAILED', failure.at - began, 1_000);
  assertInterrupted(failure, { name: 'day1/a_1.mxf', codes: ['EIO'] });
  const there = bytesThere(join(mount.backing, 'day1'), 'a.mxf');
  assert.ok(failure.failed.copiedBytes > 0 && failure.failed.copiedBytes <= there, `${failure.failed.copiedBytes} of ${there} synced`);
  await pause(1_000);
  assertWaits(agent, 'day1/a.mxf', failure.at);
  const [route] = (await agent.status()).routes;
  assert.equal([route?.gate.state, route?.gate.cause, route?.gate.code, route?.counts.READY], ['closed', 'unreachable', 'EIO', 1]);
  const over = Date.now();
  await mount.heal();
  measured('from the end of the outage to the copy', await movedAfter(agent, 'day1/a.mxf', over), 2_000);
  await reported(agent, ({ status, destination }) => status === 'COMPLETED' && destination === 'day1/a_1.mxf');
  await assertCopied(folders.source, mount.backing, { 'day1/a_1.mxf': 'day1/a.mxf' });
  await agent.stop();
  await assertPromises({ ...folders, destination: mount.backing }, {});
});

test('four stable and four growing copies fail together; visible growing leftovers stay, hidden temporary files are removed', async (context) => {
  const { folders, mount } = context;
  const stable = ['a.bin', 'b.bin', 'c.bin', 'd.bin'];
  const growing = ['1.mxf', '2.mxf', '3.mov', '4.wav'];
  const takes = growing.map((name) => record({ path: join(folders.source, name), bytesPerSecond: 1_000_000 }));
  const agent = startOnMount(context, ['--max-rate', '12MB']);
  const running = (): number => reportedFiles(agent).filter(({ status }) => status === 'COPYING' || status === 'GROWING_COPY').length;
  const areRunning = async (count: number): Promise<void> => {
    await until(
      () => running() === count,
      15_000,
      () => describe(agent),
    );
  };
  // A recording is copied only after a while. The stable files come then, so that they need not last that long.
  await areRunning(growing.length);
  await until(() => growing.every((name) => bytesThere(mount.backing, name) > 1_000_000), 10_000);
  for (const name of stable) await makeFile(join(folders.source, name), 8_000_000);
  await areRunning(stable.length + growing.length);
  // A copy that has created nothing yet is repeated under its own name.
  await until(() => stable.every((name) => bytesThere(mount.backing, name) > 0), 10_000);
  const before = await sizesOf(mount, growing);
  const began = Date.now();
  await mount.fail('*', 'ESTALE');
  const failures = await Promise.all([...stable, ...growing].map((name) => failureOf(agent, name)));
  const moments = failures.map(({ at }) => at);
  measured('from the first error to the last of 8 FAILED', Math.max(...moments) - began, 1_000);
  assert.ok(Math.max(...moments) - Math.min(...moments) <= 5, 'all in one batch');
  for (const failure of failures) {
    assertInterrupted(failure, { name: failure.failed.source.replace('.', '_1.'), codes: ['ESTALE'] });
  }
  await pause(1_000);
  await mount.heal();
  await Promise.all(takes.map((recording) => recording.end()));
  for (const name of [...stable, ...growing]) await reported(agent, ({ source, status }) => source === name && status === 'COMPLETED');
  await noPartsAreLeft(mount.backing);
  const there = await hashCopies(mount.backing);
  const sent = await hashTree(folders.source);
  assert.equal(Object.keys(there).sort(), [...stable.map(recovered), ...growing, ...growing.map(recovered)].sort());
  for (const name of [...stable, ...growing]) assert.is(there[recovered(name)], sent[name], `${name} byte for byte`);
  for (const name of growing) assert.ok((await stat(join(mount.backing, name))).size >= (before[name] ?? 0), `${name} was left as it was`);
});

const recovered = (name: string): string => name.replace('.', '_1.');

async function sizesOf({ backing }: FaultMount, names: readonly string[]): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await stat(join(backing, name))).size] as const)));
}

test('an outage before the copy: new files are found and held, and are copied under their own names', async (context) => {
  const { folders, mount } = context;
  const agent = startOnMount(context, []);
  await gateIs(agent, isOpen);
  await mount.fail('*', 'EIO');
  await gateIs(agent, isClosed);
  await makeFile(join(folders.source, 'new.mxf'), 3_000_000);
  const recording = record({ path: join(folders.source, 'take.mov'), bytesPerSecond: 1_500_000 });
  for (const source of ['new.mxf', 'take.mov']) await reported(agent, (file) => file.source === source && file.hold === 'network');
  assert.equal(new Set(reportedFiles(agent).map(({ status }) => status)), new Set(['READY']));
  const over = Date.now();
  await mount.heal();
  measured('from the end of the outage to the copy', await movedAfter(agent, 'new.mxf', over), 2_000);
  await recording.end();
  for (const source of ['new.mxf', 'take.mov']) await reported(agent, (file) => file.source === source && file.status === 'COMPLETED');
  await assertCopied(folders.source, mount.backing, { 'new.mxf': 'new.mxf', 'take.mov': 'take.mov' });
  assert.is(reportedFiles(agent).length, 2, 'one tracked file each');
});

test('the server ends and the share is unmounted: nothing is written below it, and everything continues when it is mounted again', async (context) => {
  const { folders, mount } = context;
  await makeFile(join(folders.source, 'a.mxf'), 12_000_000);
  const agent = startOnMount(context);
  await until(
    () => bytesThere(mount.backing, 'a.mxf') > 4_000_000,
    10_000,
    () => describe(agent),
  );
  const began = Date.now();
  mount.kill();
  const failure = await failureOf(agent, 'a.mxf');
  measured('from the death of the server to FAILED', failure.at - began, 1_000);
  assertInterrupted(failure, { name: 'a_1.mxf', codes: ['ENOTCONN', 'ECONNABORTED'] });
  await mount.unmount();
  const gate = await gateIs(agent, ({ cause }) => cause === 'not_the_destination');
  assert.match(gate.gate.operator, 'WRONG DISK');
  await makeFile(join(folders.source, 'b.bin'), 1_000_000);
  await reported(agent, ({ source, hold }) => source === 'b.bin' && hold === 'network');
  assert.equal(await readdir(mount.path), [], 'nothing was written to the local disk');
  const over = Date.now();
  await mount.mount();
  measured('from the mount to the copy', await movedAfter(agent, 'a.mxf', over), 2_000);
  for (const source of ['a.mxf', 'b.bin']) await reported(agent, (file) => file.source === source && file.status === 'COMPLETED');
  await assertCopied(folders.source, mount.backing, { 'a_1.mxf': 'a.mxf', 'b.bin': 'b.bin' });
});

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: outages of a destination that answers with errors: ${why}`);
