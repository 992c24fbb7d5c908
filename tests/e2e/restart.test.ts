import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { journaled } from '../bed/ask.ts';
import { childrenOf, lives } from '../bed/children.ts';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { gateIs, isClosed, isOpen } from '../bed/outage.ts';
import { assertPromises } from '../bed/promises.ts';
import { record } from '../bed/recorder.ts';
import { type Agent, describe, reported, reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('stop and start again');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

function start({ source, destination, stateDir }: Folders, args: readonly string[] = ['--until-idle']): Agent {
  return startAgent({ from: source, to: destination, stateDir, args });
}

/** Starts four stable copies that last long enough for a test to act in the middle. */
async function copying(folders: Folders): Promise<Agent> {
  for (const name of ['a.mxf', 'b.mov', 'c.bin', 'd.wav']) await makeFile(join(folders.source, name), 8_000_000);
  const agent = start(folders, ['--max-rate', '4MB']);
  await until(
    () => reportedFiles(agent).filter(({ status }) => status === 'COPYING').length === 4,
    10_000,
    () => describe(agent),
  );
  await until(async () => (await readdir(folders.destination)).filter((name) => name.endsWith('.part')).length === 4, 5_000);
  return agent;
}

async function copiedUnderOwnNames(folders: Folders): Promise<void> {
  assert.equal(await hashCopies(folders.destination), await hashTree(folders.source));
  for (const { source, destination, nameReason } of journaled(folders.stateDir)) {
    assert.equal([destination, nameReason], [source, null]);
  }
}

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const) {
  test(`${signal} during stable copies: withdrawn cleanly, exit ${code}; the next run copies them under their own names`, async ({
    folders,
  }) => {
    const agent = await copying(folders);
    const children = await childrenOf(agent.pid);
    const before = performance.now();
    agent.kill(signal);
    assert.is(await agent.ended, code, describe(agent));
    assert.ok(performance.now() - before < 10_000, 'within stop_after');
    assert.equal(await readdir(folders.destination), ['.sluice-destination']);
    for (const { pid } of children) await until(async () => !(await lives(pid)), 5_000);
    assert.equal(
      journaled(folders.stateDir).map(({ status, attempt }) => [status, attempt]),
      Array.from({ length: 4 }, () => ['READY', 1]),
    );
    const next = start(folders);
    assert.is(await next.ended, 0, describe(next));
    await copiedUnderOwnNames(folders);
  });
}

test('SIGTERM during a growing copy: it fails as agent_stopped, and the next run makes the recovery next to it', async ({ folders }) => {
  const recording = record({ path: join(folders.source, 'take.mxf'), bytesPerSecond: 2_000_000 });
  const agent = start(folders, []);
  await reported(agent, ({ status }) => status === 'GROWING_COPY');
  await until(async () => (await readdir(folders.destination)).includes('take.mxf'), 5_000);
  assert.is(await agent.stop(), 143);
  const [left] = journaled(folders.stateDir);
  assert.is(left?.source, 'take.mxf');
  const next = start(folders);
  await reported(next, ({ source }) => source === 'take.mxf');
  await recording.end();
  assert.is(await next.ended, 0, describe(next));
  const files = await assertPromises(folders, {});
  assert.equal(
    [...files]
      .sort((one, other) => one.attempt - other.attempt)
      .map(({ status, destination, nameReason, error }) => [status, destination, nameReason, error?.kind ?? null]),
    [
      ['FAILED', 'take.mxf', null, 'agent_stopped'],
      ['COMPLETED', 'take_1.mxf', 'recovery', null],
    ],
  );
});

test('killed while nothing was being copied: the next run gives no file another name', async ({ folders }) => {
  await makeFile(join(folders.source, 'carried.mxf'), 1_000_000);
  const agent = start(folders, []);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  await rename(folders.destination, `${folders.destination}.away`);
  await gateIs(agent, isClosed);
  await makeFile(join(folders.source, 'waiting.mxf'), 1_000_000);
  await reported(agent, ({ source, hold }) => source === 'waiting.mxf' && hold === 'network');
  agent.kill('SIGKILL');
  await agent.ended;
  const next = start(folders);
  await gateIs(next, ({ cause }) => cause === 'unreachable');
  await rename(`${folders.destination}.away`, folders.destination);
  assert.is(await next.ended, 0, describe(next));
  await copiedUnderOwnNames(folders);
  assert.is(journaled(folders.stateDir).length, 2);
});

test('a second agent on the same state folder, or on the same route, ends with 5 and says why', async ({ folders }) => {
  const first = start(folders, []);
  await until(async () => (await readdir(folders.destination)).includes('.sluice-destination'), 10_000);
  const same = start(folders);
  assert.is(await same.ended, 5);
  const other = start({ ...folders, stateDir: join(folders.root, 'other-state') });
  assert.is(await other.ended, 5);
  assert.match(same.complaints(), `an agent already runs on ${folders.stateDir} (pid ${first.pid})`);
  assert.match(other.complaints(), /route "default" is taken: the agent with pid \d+ and state folder \S+ already copies/);
  assert.is(await first.stop(), 143);
  const afterwards = start({ ...folders, stateDir: join(folders.root, 'other-state') });
  assert.is(await afterwards.ended, 0, describe(afterwards));
});

test('a stop in the middle of a probe leaves no probe file behind', async ({ folders }) => {
  for (let time = 0; time < 4; time += 1) {
    const agent = start(folders, ['--probe-open', '10ms']);
    await gateIs(agent, isOpen);
    assert.is(await agent.stop(), 143);
    assert.equal(await readdir(folders.destination), ['.sluice-destination']);
  }
});

test.run();
