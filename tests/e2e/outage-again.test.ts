// alone: it measures promised times
import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FaultGround, makeFaultGround, removeFaultGround, startOnMount } from '../bed/fault-ground.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { assertCarried, assertInterrupted, bytesThere, failureOf, gateIs, isOpen, measured, movedAfter } from '../bed/outage.ts';
import { describe, filesTold, told } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<FaultGround>('outages one after the other, of one file, of a server');

test.before.each(async (context) => {
  Object.assign(context, await makeFaultGround());
});
test.after.each(removeFaultGround);

test('outage after outage: every attempt is a new file linked to the last, none counts, and the last one arrives', async (ground) => {
  const { folders, mount } = ground;
  await makeFile(join(folders.source, 'a.mxf'), 8_000_000);
  const agent = startOnMount(ground, ['--max-rate', '4MB', '--max-attempts', '2', '--probe-settle', '1s']);
  // What failed left only hidden parts: the first free name serves until it is really borne.
  const names = ['a.mxf', 'a_1.mxf', 'a_1.mxf', 'a_1.mxf'];
  for (const [n, name] of names.entries()) {
    const { id } = await told(agent, ({ attempt, status }) => attempt === n + 1 && status === 'COPYING');
    await until(
      () => (statSync(join(mount.backing, `.${name}.${id.slice(0, 8)}.part`), { throwIfNoEntry: false })?.size ?? 0) > 1_000_000,
      10_000,
      () => describe(agent),
    );
    await mount.fail('*', 'EIO');
    assertInterrupted(await failureOf(agent, 'a.mxf', n), { name: 'a_1.mxf', codes: ['EIO'] });
    await mount.heal();
  }
  await told(agent, ({ status }) => status === 'COMPLETED');
  await assertCarried(folders.source, mount.backing, { 'a_1.mxf': 'a.mxf' });
  assert.equal(
    filesTold(agent).map(({ attempt, status }) => [attempt, status]),
    [...names.map((_, index) => [index + 1, 'FAILED']), [5, 'COMPLETED']],
  );
});

test('one file that the destination cannot take: its own trouble, not an outage; others go on', async (ground) => {
  const { folders, mount } = ground;
  const agent = startOnMount(ground, []);
  await gateIs(agent, isOpen);
  await mount.fail('write', 'EIO', 'bad.bin');
  await makeFile(join(folders.source, 'bad.bin'), 2_000_000);
  await makeFile(join(folders.source, 'good.bin'), 2_000_000);
  const { failed, next } = await failureOf(agent, 'bad.bin');
  assert.equal([failed.error?.kind, failed.error?.code], ['destination_error', 'EIO']);
  assert.equal([next.status, next.hold, next.destination], ['READY', 'backoff', 'bad_1.bin']);
  await told(agent, ({ source, status }) => source === 'good.bin' && status === 'COMPLETED');
  assert.is((await agent.status()).routes[0]?.gate.state, 'open');
  await mount.heal();
  await told(agent, ({ destination, status }) => destination === 'bad_1.bin' && status === 'COMPLETED');
  await assertCarried(folders.source, mount.backing, { 'bad_1.bin': 'bad.bin', 'good.bin': 'good.bin' });
});

test('the server dies and the share is unmounted: nothing is written below it, and all goes on when it is mounted again', async (ground) => {
  const { folders, mount } = ground;
  await makeFile(join(folders.source, 'a.mxf'), 20_000_000);
  const agent = startOnMount(ground);
  await until(
    () => bytesThere(mount.backing, 'a.mxf') > 12_000_000,
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
  await told(agent, ({ source, hold }) => source === 'b.bin' && hold === 'network');
  assert.equal(await readdir(mount.path), [], 'nothing was written to the local disk');
  const over = Date.now();
  await mount.mount();
  measured('from the mount to the copy', await movedAfter(agent, 'a.mxf', over), 2_000);
  for (const source of ['a.mxf', 'b.bin']) await told(agent, (file) => file.source === source && file.status === 'COMPLETED');
  await assertCarried(folders.source, mount.backing, { 'a_1.mxf': 'a.mxf', 'b.bin': 'b.bin' });
});

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: outages one after the other, of one file, of a server: ${why}`);
