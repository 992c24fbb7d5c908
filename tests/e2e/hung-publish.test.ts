import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FaultGround, makeFaultGround, removeFaultGround, startOnMount } from '../bed/fault-ground.ts';
import { type FaultyCall, whyNoFaultMount } from '../bed/fault-mount.ts';
import { hashCarried, hashTree, makeFile } from '../bed/folders.ts';
import { assertCarried, assertInterrupted, failureOf, gateIs, noPartsAreLeft } from '../bed/outage.ts';
import { assertPromises } from '../bed/promises.ts';
import { record } from '../bed/recorder.ts';
import { type Agent, describe, filesTold, told } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<FaultGround>('a call that hangs on the way to a name, and comes through late');

test.before.each(async (context) => {
  Object.assign(context, await makeFaultGround());
});
test.after.each(removeFaultGround);

const waits = ['--stall-after', '500ms', '--probe-deadline', '1s'];

/** An agent whose copy of `a.bin` hangs in this call, and everything else with it. */
async function hangingIn({ folders, mount }: FaultGround, call: FaultyCall): Promise<Agent> {
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

test('the link: the file stays as it is while the destination is away, and bears its own name when the call came through', async (ground) => {
  const { folders, mount } = ground;
  const agent = await hangingIn(ground, 'link');
  const [file] = filesTold(agent);
  assert.is(file?.status, 'VERIFYING');
  assert.is((await agent.files())[0]?.hold, 'network');
  await mount.heal();
  await told(agent, ({ status }) => status === 'COMPLETED');
  assert.is(filesTold(agent).length, 1, describe(agent));
  await assertCarried(folders.source, mount.backing, { 'a.bin': 'a.bin' });
});

test('the link, and the agent is killed: the next one finds what came of it, and doubles nothing', async (ground) => {
  const { folders, mount } = ground;
  const agent = await hangingIn(ground, 'link');
  agent.kill('SIGKILL');
  await agent.ended;
  const next = startOnMount(ground, waits);
  await gateIs(next, ({ cause }) => cause === 'timeout');
  await mount.heal();
  await told(next, ({ status }) => status === 'COMPLETED');
  await assertCarried(folders.source, mount.backing, { 'a.bin': 'a.bin' });
  await next.stop();
  await assertPromises({ ...folders, destination: mount.backing }, {});
});

test('the create of a part: it comes through when its copy is long over, and is removed', async (ground) => {
  const { folders, mount } = ground;
  const agent = await hangingIn(ground, 'create');
  const failure = await failureOf(agent, 'a.bin');
  assertInterrupted(failure, { name: 'a_1.bin', codes: ['SILENT'] });
  await mount.heal();
  await told(agent, ({ destination, status }) => destination === 'a_1.bin' && status === 'COMPLETED');
  await assertCarried(folders.source, mount.backing, { 'a_1.bin': 'a.bin' });
});

test('the create of a visible growing copy: its name is never used again, for it may come through', async (ground) => {
  const { folders, mount } = ground;
  const agent = startOnMount(ground, waits);
  await gateIs(agent, ({ state }) => state === 'open');
  await mount.hang('create', 'take.mxf');
  const take = record({ path: join(folders.source, 'take.mxf'), bytesPerSecond: 1_500_000 });
  await until(
    async () => (await mount.hanging()) > 0,
    15_000,
    () => describe(agent),
  );
  await mount.hang('*');
  const failure = await failureOf(agent, 'take.mxf');
  assertInterrupted(failure, { name: 'take_1.mxf', codes: ['SILENT'] });
  await mount.heal();
  await take.end();
  await told(agent, ({ destination, status }) => destination === 'take_1.mxf' && status === 'COMPLETED');
  await noPartsAreLeft(mount.backing);
  const there = await hashCarried(mount.backing);
  assert.is(there['take_1.mxf'], (await hashTree(folders.source))['take.mxf']);
  assert.equal(
    (await readdir(mount.backing)).filter((name) => !['take.mxf', 'take_1.mxf', '.sluice-destination'].includes(name)),
    [],
  );
});

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: a call that hangs on the way to a name: ${why}`);
