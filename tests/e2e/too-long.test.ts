import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { describe, reported, reportedFiles } from '../bed/sluice.ts';
import { run } from '../bed/tool.ts';

const test = suite<FaultFolders>('a destination that accepts no path over 4,095 bytes');

test.before.each(async (context) => {
  Object.assign(context, await makeFaultFolders());
});
test.after.each(async (context) => {
  // Node's own removal uses the whole path of every file, which is too long here.
  await run('rm', ['-rf', context.folders.source, context.mount.backing + '/' + folder]);
  await removeFaultFolders(context);
});

const folder = 'f'.repeat(200);
const depth = 20;
const name = `${'n'.repeat(90)}.bin`;

test('a path that is too long needs a person after one attempt, and no name of another file is shortened', async (context) => {
  const { folders, mount } = context;
  const deeper = `for i in $(seq ${depth}); do mkdir ${folder} && cd ${folder} || exit 1; done; head -c 100000 /dev/urandom > ${name}`;
  await run('sh', ['-c', `cd '${folders.source}' && ${deeper}`]);
  const agent = startOnMount(context);
  const failed = await reported(agent, ({ status }) => status === 'FAILED');
  assert.equal([failed.error?.code, failed.attempt], ['PATH_TOO_LONG', 1], describe(agent));
  assert.match(
    failed.error?.operator ?? '',
    /^the path of this file is too long for the destination \(the destination takes paths of up to 4095 bytes, .*; needs you: /,
  );
  await reported(agent, ({ hold, attempt }) => hold === 'needs_you' && attempt === 2);
  const taken = 'b'.repeat(180);
  await writeFile(join(mount.backing, taken), 'of somebody else');
  await makeFile(join(folders.source, taken), 1_000_000);
  const copied = await reported(agent, ({ source, status }) => source === taken && status === 'COMPLETED');
  assert.is(copied.destination, `${taken}_1`);
  assert.is(reportedFiles(agent).length, 3, describe(agent));
});

const reason = whyNoFaultMount();
if (reason === null) test.run();
else console.log(`SKIPPED tests/e2e/too-long.test.ts: ${reason}`);
