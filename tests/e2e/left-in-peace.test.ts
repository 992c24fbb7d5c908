import { watch } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { assertCopied, gateIs, isOpen } from '../bed/outage.ts';
import { type Agent, describe, reported, reportedFiles } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { until } from '../bed/wait.ts';

const test = stories<FaultFolders>('a destination without work', 2, { make: makeFaultFolders, remove: removeFaultFolders });

/** Starts an agent whose destination is online, with one file that is copied. */
async function atRest(context: FaultFolders): Promise<Agent> {
  await makeFile(join(context.folders.source, 'a.bin'), 1_000_000);
  const agent = startOnMount(context, ['--probe-open', '300ms']);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  await gateIs(agent, isOpen);
  return agent;
}

/** Waits for this many probes. */
async function isAsked({ mount }: FaultFolders, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await mount.hang('statfs');
    await until(async () => (await mount.hanging()) > 0, 8_000);
    await mount.heal();
  }
}

test('probes only read, and create no file there until there is a file to copy', async (context) => {
  const { folders, mount } = context;
  const agent = await atRest(context);
  // The last probe from the time of the copy may still be under way.
  await isAsked(context, 2);
  const seen: string[] = [];
  const watching = watch(mount.backing, (_, name) => void seen.push(name ?? ''));
  await isAsked(context, 4);
  assert.equal(seen, [], describe(agent));
  await makeFile(join(folders.source, 'b.bin'), 1_000_000);
  await reported(agent, ({ source, status }) => source === 'b.bin' && status === 'COMPLETED');
  assert.ok(
    seen.some((name) => name.startsWith('.sluice-probe-')),
    seen.join(),
  );
  watching.close();
});

for (const [code, cause] of [
  ['EROFS', 'read_only'],
  ['EACCES', 'denied'],
  ['EIO', 'unreachable'],
] as const) {
  test(`a storage that only reads (${code}) is detected by the next file, which waits and keeps its name`, async (context) => {
    const { folders, mount } = context;
    const agent = await atRest(context);
    for (const call of ['create', 'mkdir', 'unlink', 'link', 'rename'] as const) await mount.fail(call, code);
    await makeFile(join(folders.source, 'b.bin'), 1_000_000);
    await gateIs(agent, (gate) => gate.cause === cause);
    await reported(agent, ({ source, hold }) => source === 'b.bin' && hold === 'network');
    await mount.heal();
    await reported(agent, ({ source, status }) => source === 'b.bin' && status === 'COMPLETED');
    await assertCopied(folders.source, mount.backing, { 'a.bin': 'a.bin', 'b.bin': 'b.bin' });
    assert.is(reportedFiles(agent).length, 2, describe(agent));
  });
}

const reason = whyNoFaultMount();
if (reason === null) test.run();
else console.log(`SKIPPED tests/e2e/left-in-peace.test.ts: ${reason}`);
