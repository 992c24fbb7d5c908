import { statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { assertCopied, assertInterrupted, failureOf, gateIs, isClosed, isOpen } from '../bed/outage.ts';
import { describe, reported, reportedFiles } from '../bed/sluice.ts';
import { pause, until } from '../bed/wait.ts';

const test = suite<FaultFolders>('repeated outages, faults of one file, and faults after the copy');

test.before.each(async (context) => {
  Object.assign(context, await makeFaultFolders());
});
test.after.each(removeFaultFolders);

test('repeated outages: every attempt is a new file linked to the last, none counts, and the last one is completed', async (context) => {
  const { folders, mount } = context;
  await makeFile(join(folders.source, 'a.mxf'), 8_000_000);
  const agent = startOnMount(context, ['--max-rate', '4MB', '--max-attempts', '2', '--probe-settle', '1s']);
  // Failed attempts left only hidden temporary files, so the first free name stays free until it is really used.
  const names = ['a.mxf', 'a_1.mxf', 'a_1.mxf', 'a_1.mxf'];
  for (const [n, name] of names.entries()) {
    const { id } = await reported(agent, ({ attempt, status }) => attempt === n + 1 && status === 'COPYING');
    await until(
      () => (statSync(join(mount.backing, `.${name}.${id.slice(0, 8)}.part`), { throwIfNoEntry: false })?.size ?? 0) > 1_000_000,
      10_000,
      () => describe(agent),
    );
    await mount.fail('*', 'EIO');
    assertInterrupted(await failureOf(agent, 'a.mxf', n), { name: 'a_1.mxf', codes: ['EIO'] });
    await mount.heal();
  }
  await reported(agent, ({ status }) => status === 'COMPLETED');
  await assertCopied(folders.source, mount.backing, { 'a_1.mxf': 'a.mxf' });
  assert.equal(
    reportedFiles(agent).map(({ attempt, status }) => [attempt, status]),
    [...names.map((_, index) => [index + 1, 'FAILED']), [5, 'COMPLETED']],
  );
});

test('one file that the destination cannot store: only this file fails, there is no outage, and others are copied', async (context) => {
  const { folders, mount } = context;
  const agent = startOnMount(context, []);
  await gateIs(agent, isOpen);
  await mount.fail('write', 'EIO', 'bad.bin');
  await makeFile(join(folders.source, 'bad.bin'), 2_000_000);
  await makeFile(join(folders.source, 'good.bin'), 2_000_000);
  const { failed, next } = await failureOf(agent, 'bad.bin');
  assert.equal([failed.error?.kind, failed.error?.code], ['destination_error', 'EIO']);
  assert.equal([next.status, next.hold, next.destination], ['READY', 'backoff', 'bad_1.bin']);
  await reported(agent, ({ source, status }) => source === 'good.bin' && status === 'COMPLETED');
  assert.is((await agent.status()).routes[0]?.gate.state, 'open');
  await mount.heal();
  await reported(agent, ({ destination, status }) => destination === 'bad_1.bin' && status === 'COMPLETED');
  await assertCopied(folders.source, mount.backing, { 'bad_1.bin': 'bad.bin', 'good.bin': 'good.bin' });
});

test('an outage during the readback: FAILED and a recovery; one during the publishing: kept, and completed under its own name', async (context) => {
  const { folders, mount } = context;
  const agent = startOnMount(context, []);
  await gateIs(agent, isOpen);
  await mount.delay('read', 150, '.read.bin');
  await makeFile(join(folders.source, 'read.bin'), 40_000_000);
  await reported(agent, ({ status }) => status === 'VERIFYING');
  await mount.heal();
  await mount.fail('*', 'EIO');
  const failure = await failureOf(agent, 'read.bin');
  assertInterrupted(failure, { name: 'read_1.bin', codes: ['EIO'] });
  assert.is(failure.failed.error?.percent, 100);
  await mount.heal();
  await reported(agent, ({ destination, status }) => destination === 'read_1.bin' && status === 'COMPLETED');

  await mount.hang('link');
  await makeFile(join(folders.source, 'link.bin'), 1_000_000);
  await until(
    async () => (await mount.hanging()) > 0,
    10_000,
    () => describe(agent),
  );
  await mount.heal();
  await mount.fail('*', 'EIO');
  await gateIs(agent, isClosed);
  await pause(1_000);
  await mount.heal();
  await reported(agent, ({ source, status }) => source === 'link.bin' && status === 'COMPLETED');
  await assertCopied(folders.source, mount.backing, { 'read_1.bin': 'read.bin', 'link.bin': 'link.bin' });
});

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: outages one after the other, of one file, after the copy: ${why}`);
