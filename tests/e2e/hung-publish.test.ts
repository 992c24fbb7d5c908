import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { type FaultyCall, whyNoFaultMount } from '../bed/fault-mount.ts';
import { hashCopies, hashTree, makeFile } from '../bed/folders.ts';
import { assertCopied, assertInterrupted, failureOf, gateIs, noPartsAreLeft } from '../bed/outage.ts';
import { assertPromises } from '../bed/promises.ts';
import { record } from '../bed/recorder.ts';
import { type Agent, describe, reported, reportedFiles } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<FaultFolders>('a call on the way to the final name that hangs, and completes late');

test.before.each(async (context) => {
  Object.assign(context, await makeFaultFolders());
});
test.after.each(removeFaultFolders);

const waits = ['--stall-after', '500ms', '--probe-deadline', '1s'];

/** Starts an agent whose copy of `a.bin` hangs in this call, and so does everything else. */
async function hangingIn({ folders, mount }: FaultFolders, call: FaultyCall): Promise<Agent> {
  const agent = startOnMount({ folders, mount }, waits);
  await gateIs(agent, ({ state }) => state === 'open');
  await mount.hang(call, 'a.bin');
  await makeFile(join(folders.source, 'a.bin'), 2_000_000);
  await until(
    async () => (await mount.hanging()) > 0,
    10_000,
    () => describe(agent),
  );
  await mount.hang('*');
  await gateIs(agent, ({ cause }) => cause === 'timeout');
  return agent;
}

test('the link: the file stays VERIFYING while the destination is offline, and has its own name when the call completes', async (context) => {
  const { folders, mount } = context;
  const agent = await hangingIn(context, 'link');
  const [file] = reportedFiles(agent);
  assert.is(file?.status, 'VERIFYING');
  assert.is((await agent.files())[0]?.hold, 'network');
  await mount.heal();
  await reported(agent, ({ status }) => status === 'COMPLETED');
  assert.is(reportedFiles(agent).length, 1, describe(agent));
  await assertCopied(folders.source, mount.backing, { 'a.bin': 'a.bin' });
});

test('the link, and the agent is killed: the next agent finds the result, and copies nothing twice', async (context) => {
  const { folders, mount } = context;
  const agent = await hangingIn(context, 'link');
  agent.kill('SIGKILL');
  await agent.ended;
  const next = startOnMount(context, waits);
  await gateIs(next, ({ cause }) => cause === 'timeout');
  await mount.heal();
  await reported(next, ({ status }) => status === 'COMPLETED');
  await assertCopied(folders.source, mount.backing, { 'a.bin': 'a.bin' });
  await next.stop();
  await assertPromises({ ...folders, destination: mount.backing }, {});
});

test('a link that is made and answered by an error: the claim finds the copy, and no second one is made', async (context) => {
  const { folders, mount } = context;
  const agent = startOnMount(context, waits);
  await gateIs(agent, ({ state }) => state === 'open');
  await mount.failLinkLate('EIO', 'a.bin');
  await makeFile(join(folders.source, 'a.bin'), 2_000_000);
  const done = await reported(agent, ({ status }) => status === 'COMPLETED');
  assert.equal([done.destination, done.attempt], ['a.bin', 1]);
  await mount.heal();
  await noPartsAreLeft(mount.backing);
  await assertCopied(folders.source, mount.backing, { 'a.bin': 'a.bin' });
});

test('the create of a temporary file: it completes long after its copy has ended, and the file is removed', async (context) => {
  const { folders, mount } = context;
  const agent = await hangingIn(context, 'create');
  const failure = await failureOf(agent, 'a.bin');
  assertInterrupted(failure, { name: 'a_1.bin', codes: ['SILENT'] });
  await mount.heal();
  await reported(agent, ({ destination, status }) => destination === 'a_1.bin' && status === 'COMPLETED');
  await assertCopied(folders.source, mount.backing, { 'a_1.bin': 'a.bin' });
});

test('the create of a visible growing copy: its name is not used again, because the call may still complete', async (context) => {
  const { folders, mount } = context;
  const agent = startOnMount(context, waits);
  await gateIs(agent, ({ state }) => state === 'open');
  await mount.hang('create', 'take.mxf');
  const recording = record({ path: join(folders.source, 'take.mxf'), bytesPerSecond: 1_500_000 });
  await until(
    async () => (await mount.hanging()) > 0,
    15_000,
    () => describe(agent),
  );
  await mount.hang('*');
  const failure = await failureOf(agent, 'take.mxf');
  assertInterrupted(failure, { name: 'take_1.mxf', codes: ['SILENT'] });
  await mount.heal();
  await recording.end();
  await reported(agent, ({ destination, status }) => destination === 'take_1.mxf' && status === 'COMPLETED');
  await noPartsAreLeft(mount.backing);
  const there = await hashCopies(mount.backing);
  assert.is(there['take_1.mxf'], (await hashTree(folders.source))['take.mxf']);
  assert.equal(
    (await readdir(mount.backing)).filter((name) => !['take.mxf', 'take_1.mxf', '.sluice-destination'].includes(name)),
    [],
  );
});

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: a call that hangs on the way to a name: ${why}`);
