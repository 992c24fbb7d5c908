// timeout: 300s
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { childrenOf, openFiles } from '../bed/children.ts';
import { type FaultMount, makeFaultMount, whyNoFaultMount } from '../bed/fault-mount.ts';
import { hashCopies, makeFile, sha256 } from '../bed/folders.ts';
import { bytesThere } from '../bed/outage.ts';
import { assertJournalIsWhole } from '../bed/promises.ts';
import { completedOn, makeSharedSource, removeSharedSource, type SharedSource, startRoutes } from '../bed/shared-source.ts';
import { type Agent, describe, reported, reportedFiles, stopAgents } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { until } from '../bed/wait.ts';

interface Context extends SharedSource {
  /** The destination of the route `faulty`. */
  readonly faulty: FaultMount;
}

// All of them begin at the same time: the source is a FUSE filesystem, and each file is copied only after it has been unchanged for
// as long as such a filesystem may cache attributes.
const test = stories<Context>('one of two destinations of a source', 5, {
  make: async () => ({ ...(await makeSharedSource()), faulty: await makeFaultMount() }),
  remove: async (context) => {
    await stopAgents();
    await removeSharedSource(context);
    await context.faulty.remove();
  },
});

const fileBytes = 24_000_000;

/** Returns an agent that copies `a.mxf` to `good` and to `faulty`, once each has received more than 4 MB of it. */
async function inTheMiddle(context: Context): Promise<Agent> {
  const { folders, source, faulty } = context;
  await makeFile(join(source.backing, 'a.mxf'), fileBytes);
  const good = join(folders.root, 'good');
  await mkdir(good);
  const agent = await startRoutes(context, { good, faulty: faulty.path }, '4MB');
  await until(
    () => bytesThere(good, 'a.mxf') > 4_000_000 && bytesThere(faulty.backing, 'a.mxf') > 4_000_000,
    60_000,
    () => describe(agent),
  );
  return agent;
}

/** Asserts that the copy to `good` was completed by its first attempt. */
async function assertUndisturbed(agent: Agent, { folders, source }: Context): Promise<void> {
  const done = await completedOn(agent, 'good');
  assert.equal([done.attempt, done.destination], [1, 'a.mxf']);
  assert.equal(await hashCopies(join(folders.root, 'good')), { 'a.mxf': await sha256(join(source.backing, 'a.mxf')) });
}

/** Asserts that both routes have the bytes and recorded the same hash of the source. Called after all faults have ended. */
async function assertAllArrived(agent: Agent, context: Context): Promise<void> {
  const { source, faulty, folders } = context;
  const [good, late] = [await completedOn(agent, 'good'), await completedOn(agent, 'faulty')];
  assert.is(late.hash?.value, good.hash?.value);
  assert.is(await sha256(join(faulty.backing, late.destination)), await sha256(join(source.backing, 'a.mxf')));
  await agent.stop();
  assertJournalIsWhole(folders.stateDir);
}

test('it hangs in the middle: it fails alone, the other goes on, and it has its copy when that is over', async (context) => {
  const agent = await inTheMiddle(context);
  await context.faulty.hang('*');
  await assertUndisturbed(agent, context);
  await reported(agent, ({ route, status }) => route === 'faulty' && status === 'FAILED', 60_000);
  await context.faulty.heal();
  await assertAllArrived(agent, context);
});

test('it goes away in the middle: it fails alone, the other goes on, and it has its copy when it is back', async (context) => {
  const agent = await inTheMiddle(context);
  await context.faulty.unmount();
  await reported(agent, ({ route, status }) => route === 'faulty' && status === 'FAILED', 60_000);
  await assertUndisturbed(agent, context);
  await context.faulty.mount();
  await assertAllArrived(agent, context);
});

test('it is slow: the other one is done long before it', async (context) => {
  const { faulty } = context;
  await faulty.delay('write', 300, 'a.mxf');
  const agent = await inTheMiddle(context);
  await assertUndisturbed(agent, context);
  const slow = reportedFiles(agent).find(({ route }) => route === 'faulty');
  assert.ok(slow?.status === 'COPYING' && slow.attempt === 1, describe(agent));
  await faulty.heal();
  await assertAllArrived(agent, context);
  assert.is(reportedFiles(agent).length, 2, 'no attempt failed');
});

test('its process is killed in the middle: the other goes on, and it is copied again', async (context) => {
  const agent = await inTheMiddle(context);
  const carriers = (await childrenOf(agent.pid)).filter(({ kind }) => kind === 'carrier');
  const killed = carriers.find(({ pid }) => openFiles(pid, context.faulty.path).length > 0);
  if (killed === undefined) throw new Error(describe(agent));
  process.kill(killed.pid, 'SIGKILL');
  await reported(agent, ({ route, status }) => route === 'faulty' && status === 'FAILED', 60_000);
  await assertUndisturbed(agent, context);
  await assertAllArrived(agent, context);
});

test('the agent is killed in the middle: the next one copies to both', async (context) => {
  const { folders, source, faulty } = context;
  const agent = await inTheMiddle(context);
  agent.kill('SIGKILL');
  await agent.ended;
  const next = await startRoutes(context, { good: join(folders.root, 'good'), faulty: faulty.path }, '24MB');
  const good = await completedOn(next, 'good');
  assert.is(await sha256(join(folders.root, 'good', good.destination)), await sha256(join(source.backing, 'a.mxf')));
  await assertAllArrived(next, context);
});

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: one of two destinations of a source: ${why}`);
