import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { describe, reported, sluice } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<FaultFolders>('a FUSE destination that may cache what is written');

test.before.each(async (context) => {
  Object.assign(context, await makeFaultFolders());
});
test.after.each(removeFaultFolders);

test('a copy counts as verified through the cache, even if a read past the page cache succeeds; check says what that means', async (context) => {
  const { folders, mount } = context;
  await makeFile(join(folders.source, 'a.bin'), 2_000_000);
  const agent = startOnMount(context);
  const file = await reported(agent, ({ status }) => status === 'COMPLETED');
  assert.is(file.readback, 'cached', describe(agent));
  const shown = await sluice(['show', 'a.bin', '--state', folders.stateDir]);
  assert.match(shown.stdout, /cache/);
  assert.not.match(shown.stdout, /past the cache|direct/);
  const checked = await sluice(['check', '--from', folders.source, '--to', mount.path]);
  assert.is(checked.code, 0, checked.stdout);
  assert.match(checked.stdout, /warning +bytes may still be on this machine/);
});

test('after_copy deletes nothing that only a cache has proven, and says so; with after_copy_proof = "weak" it does', async (context) => {
  const { folders } = context;
  await makeFile(join(folders.source, 'a.bin'), 200_000);
  const removes = ['--after-copy', 'delete', '--after-copy-wait', '0s'];
  const agent = startOnMount(context, removes);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  await until(async () => (await sluice(['status', '--state', folders.stateDir])).stdout.includes('stays at the source'), 30_000);
  const { stdout } = await sluice(['status', '--state', folders.stateDir]);
  assert.match(stdout, '1 copied file stays at the source: not verified past the cache (after_copy_proof = "direct")');
  await agent.stop();
  assert.equal(await readdir(folders.source), ['a.bin']);
  await makeFile(join(folders.source, 'b.bin'), 200_000);
  startOnMount(context, [...removes, '--after-copy-proof', 'weak']);
  await until(async () => !(await readdir(folders.source)).includes('b.bin'), 60_000);
});

const reason = whyNoFaultMount();
if (reason === null) test.run();
else console.log(`SKIPPED tests/e2e/write-back.test.ts: ${reason}`);
