import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { describe, reported, sluice } from '../bed/sluice.ts';

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

const reason = whyNoFaultMount();
if (reason === null) test.run();
else console.log(`SKIPPED tests/e2e/write-back.test.ts: ${reason}`);
