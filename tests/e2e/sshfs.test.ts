// timeout: 180s
// alone: it measures promised times
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { isMounted } from '../bed/bed-folder.ts';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import {
  assertCopied,
  assertInterrupted,
  assertWaits,
  bytesThere,
  failureOf,
  gateIs,
  isClosed,
  measured,
  movedAfter,
} from '../bed/outage.ts';
import { record } from '../bed/recorder.ts';
import { type Agent, describe, reported, startAgent, stopAgents } from '../bed/sluice.ts';
import { makeSshfsBed, type SshfsBed, whyNoSshfsBed } from '../bed/sshfs-bed.ts';
import { stories } from '../bed/stories.ts';
import { busyness, pause, until } from '../bed/wait.ts';

interface Stage {
  readonly folders: Folders;
  readonly bed: SshfsBed;
}

const test = stories<Stage>('an sshfs mount whose network fails', 4, {
  make: async () => ({ folders: await makeFolders(), bed: await makeSshfsBed() }),
  remove: async ({ folders, bed }) => {
    await stopAgents();
    await bed.remove();
    await folders.remove();
  },
});

const impatient = ['reconnect', 'ServerAliveInterval=2', 'ServerAliveCountMax=2', 'ConnectTimeout=2'];
/** On a busy machine sshfs, sshd and the tests share the processors, so what is silence on an idle machine is slowness there. */
const [stallAfterMs, deadlineMs] = [1_000, 2_000].map((ms) => Math.round(ms * busyness())) as [number, number];
const waits = ['--max-rate', '6MB', '--stall-after', `${stallAfterMs}ms`, '--probe-deadline', `${deadlineMs}ms`];
const silenceMs = stallAfterMs + deadlineMs + 1_000;

/** Starts an agent in the middle of a stable copy of `a.mxf`. */
async function copying({ folders, bed }: Stage): Promise<Agent> {
  await makeFile(join(folders.source, 'a.mxf'), 9_000_000);
  const agent = startAgent({ from: folders.source, to: bed.path, stateDir: folders.stateDir, args: waits });
  await until(
    () => bytesThere(bed.served, 'a.mxf') > 3_000_000,
    15_000,
    () => describe(agent),
  );
  return agent;
}

async function copiedAfterwards(agent: Agent, { folders, bed }: Stage): Promise<void> {
  await reported(agent, ({ destination, status }) => destination === 'a_1.mxf' && status === 'COMPLETED', 40_000);
  await assertCopied(folders.source, bed.served, { 'a_1.mxf': 'a.mxf' });
}

test('the server is killed (reconnect): FAILED within 1 s, copied when it is back', async (context) => {
  const { bed } = context;
  await bed.mount(impatient);
  const agent = await copying(context);
  const began = Date.now();
  await bed.killServer();
  const failure = await failureOf(agent, 'a.mxf');
  measured('from the kill to FAILED', failure.at - began, 1_000);
  assertInterrupted(failure, { name: 'a_1.mxf', codes: ['EIO', 'ENOTCONN', 'ECONNRESET'] });
  await pause(1_000);
  assertWaits(agent, 'a.mxf', failure.at);
  await bed.startServer();
  const over = Date.now();
  measured('from the server being back to the copy', await movedAfter(agent, 'a.mxf', over));
  await copiedAfterwards(agent, context);
});

test('the server is killed and sshfs unmounts itself (its default): nothing is written to the local disk, copied when mounted again', async (context) => {
  const { folders, bed } = context;
  await bed.mount([]);
  const agent = await copying(context);
  const began = Date.now();
  await bed.killServer();
  const failure = await failureOf(agent, 'a.mxf');
  measured('from the kill to FAILED', failure.at - began, 1_500);
  await until(() => !isMounted(bed.path), 10_000);
  await gateIs(agent, ({ cause }) => cause === 'not_the_destination');
  await makeFile(join(folders.source, 'b/c.bin'), 1_000_000);
  await reported(agent, ({ source, hold }) => source === 'b/c.bin' && hold === 'network');
  assert.equal(await readdir(bed.path), []);
  await bed.startServer();
  await bed.mount([]);
  const over = Date.now();
  measured('from the mount to the copy', await movedAfter(agent, 'a.mxf', over), 2_000);
  for (const source of ['a.mxf', 'b/c.bin']) await reported(agent, (file) => file.source === source && file.status === 'COMPLETED');
  await assertCopied(folders.source, bed.served, { 'a_1.mxf': 'a.mxf', 'b/c.bin': 'b/c.bin' });
});

for (const [what, begin] of [
  ['the cable is pulled', (bed: SshfsBed) => bed.linkDown()],
  ['packets are dropped', (bed: SshfsBed) => bed.drop()],
] as const) {
  test(`${what}: FAILED in time for a silence, copied when the network is back`, async (context) => {
    const { bed } = context;
    await bed.mount(impatient);
    const agent = await copying(context);
    const began = Date.now();
    await begin(bed);
    const failure = await failureOf(agent, 'a.mxf');
    measured('from the silence to FAILED', failure.at - began, silenceMs);
    assertInterrupted(failure, { name: 'a_1.mxf', codes: ['SILENT', 'EIO'] });
    await gateIs(agent, isClosed);
    await pause(1_000);
    const over = Date.now();
    await bed.healNetwork();
    measured('from the network being back to the copy', await movedAfter(agent, 'a.mxf', over, 40_000));
    await copiedAfterwards(agent, context);
  });
}

test('connections are reset: FAILED, copied when they are accepted again', async (context) => {
  const { bed } = context;
  await bed.mount(impatient);
  const agent = await copying(context);
  const began = Date.now();
  await bed.reject();
  const failure = await failureOf(agent, 'a.mxf');
  measured('from the first reset to FAILED', failure.at - began, silenceMs);
  const over = Date.now();
  await bed.healNetwork();
  measured('from the network being back to the copy', await movedAfter(agent, 'a.mxf', over, 40_000));
  await copiedAfterwards(agent, context);
});

test('the server is stopped with its connection alive, during a growing copy: FAILED in time, the recording is copied completely', async (context) => {
  const { folders, bed } = context;
  await bed.mount(impatient);
  const recording = record({ path: join(folders.source, 'take.mxf'), bytesPerSecond: 2_000_000 });
  const agent = startAgent({ from: folders.source, to: bed.path, stateDir: folders.stateDir, args: waits.slice(2) });
  await until(
    () => bytesThere(bed.served, 'take.mxf') > 2_000_000,
    15_000,
    () => describe(agent),
  );
  const began = Date.now();
  await bed.stopSftp();
  const failure = await failureOf(agent, 'take.mxf', 0, silenceMs + 15_000);
  measured('from the standstill to FAILED', failure.at - began, silenceMs);
  assertInterrupted(failure, { name: 'take_1.mxf', codes: ['SILENT'] });
  const over = Date.now();
  await bed.continueSftp();
  measured('from going on to the copy', await movedAfter(agent, 'take.mxf', over), 2_000);
  await recording.end();
  await reported(agent, ({ destination, status }) => destination === 'take_1.mxf' && status === 'COMPLETED', 30_000);
  const [there, sent] = [await hashCopies(bed.served), await hashTree(folders.source)];
  assert.equal(Object.keys(there).sort(), ['take.mxf', 'take_1.mxf']);
  assert.is(there['take_1.mxf'], sent['take.mxf']);
});

const why = whyNoSshfsBed();
if (why === null) test.run();
else console.log(`skipped: a share over ssh, and its network: ${why}`);
