import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { markerName } from '@sluice/core/marker';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { assertCopied, gateIs, isOpen } from '../bed/outage.ts';
import { describe, reported, sluice } from '../bed/sluice.ts';

const test = suite<FaultFolders>('a destination that answers every link with EIO, like mounts of rclone');

test.before.each(async (context) => {
  Object.assign(context, await makeFaultFolders());
});
test.after.each(removeFaultFolders);

test('it gets a marker and copies, with one attempt for each file', async (context) => {
  const { folders, mount } = context;
  await mount.fail('link', 'EIO');
  await makeFile(join(folders.source, 'a.bin'), 2_000_000);
  const agent = startOnMount(context);
  const file = await reported(agent, ({ status }) => status === 'COMPLETED');
  assert.is(file.attempt, 1, describe(agent));
  await assertCopied(folders.source, mount.backing, { 'a.bin': 'a.bin' });
});

test('a marker that cannot be written is reported as the state of the destination, until it can be', async (context) => {
  const { folders, mount } = context;
  await mount.fail('create', 'EIO', markerName);
  const agent = startOnMount(context, ['--probe-settle', '500ms']);
  const { gate } = await gateIs(agent, ({ operator }) => operator.includes('cannot write its marker'));
  assert.ok(gate.operator.includes('(create: EIO)'), describe(agent));
  assert.equal(await readdir(mount.backing), []);
  const checked = await sluice(['check', '--from', folders.source, '--to', mount.path]);
  assert.is(checked.code, 1);
  assert.match(checked.stdout, /cannot write its marker/);
  await mount.heal();
  await gateIs(agent, isOpen, 30_000);
});

const reason = whyNoFaultMount();
if (reason === null) test.run();
else console.log(`SKIPPED tests/e2e/no-links.test.ts: ${reason}`);
