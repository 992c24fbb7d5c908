// alone: it measures promised times
import { access, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectControl, type StatusJson } from '@sluice/control';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bedFolder, clearBed, whyNoBed } from '../bed/bed-folder.ts';
import { makeFaultMount, whyNoFaultMount } from '../bed/fault-mount.ts';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { assertCopied, gateIs, measured, movedAfter } from '../bed/outage.ts';
import { type Agent, describe, reported, reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';
import { run } from '../bed/tool.ts';
import { pause, until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('a start without a destination');

test.before.each(async (context) => {
  context.folders = await makeFolders();
  for (const name of names) await makeFile(join(context.folders.source, name), 1_000_000);
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

const names = ['a.mxf', 'day1/b.mov', 'day1/cards/c.bin'];
const ownNames = Object.fromEntries(names.map((name) => [name, name]));
/** Other programs use the machine too, so the quickest of a few starts counts. */
const starts = 5;

/** Starts until one was quick enough. @returns the agent of the last start, and how long the quickest took to answer */
async function startQuickly({ source, stateDir }: Folders, to: string): Promise<{ agent: Agent; status: StatusJson }> {
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let start = 1; ; start += 1) {
    // Each start has a new state folder: otherwise it would wait for processes of an earlier start that hang.
    const ownState = join(stateDir, String(start));
    const before = performance.now();
    const agent = startAgent({ from: source, to, stateDir: ownState, args: ['--probe-deadline', '2s'] });
    const client = await until(() => connectControl({ stateDir: ownState, deadlineMs: 1_000 }).catch(() => null), 10_000);
    const status = await client.request('status', {});
    quickestMs = Math.min(quickestMs, performance.now() - before);
    client.close();
    if (quickestMs <= 1_000 || start === starts) {
      measured('from the start to its first answer', quickestMs, 1_000);
      return { agent, status };
    }
    await agent.stop();
  }
}

/** Asserts that all files are found, shown and held, without an error, and that both commands answer at once. */
async function assertOffline(agent: Agent, cause: string): Promise<void> {
  for (const name of names) await reported(agent, ({ source, hold }) => source === name && hold === 'network');
  const told1 = await gateIs(agent, (gate) => gate.cause === cause);
  assert.is(told1.gate.state, 'closed');
  await pause(1_000);
  const client = await connectControl({ stateDir: agent.stateDir, deadlineMs: 1_000 });
  const before = performance.now();
  const [status, files] = await Promise.all([client.request('status', {}), client.request('files', {})]);
  measured('`status` and `files` together', performance.now() - before, 200);
  client.close();
  assert.equal([status.routes[0]?.gate.cause, status.routes[0]?.counts.READY], [cause, 3]);
  assert.equal(
    new Set(
      files.files.map(({ source, destination, status: state, hold, error }) => `${source} ${destination} ${state} ${hold} ${error?.kind}`),
    ),
    new Set(names.map((name) => `${name} ${name} READY network undefined`)),
  );
  assert.is(agent.complaints(), '');
}

async function assertFlows(agent: Agent, source: string, there: string, since: number): Promise<void> {
  measured(
    'from its appearing to the first copy',
    Math.min(...(await Promise.all(names.map((name) => movedAfter(agent, name, since))))),
    2_000,
  );
  for (const name of names) await reported(agent, (file) => file.source === name && file.status === 'COMPLETED');
  await assertCopied(source, there, ownNames);
  assert.is(reportedFiles(agent).length, names.length, describe(agent));
}

test('the folder does not exist: files are found, shown and held; it is never created; everything is copied when it exists', async ({
  folders,
}) => {
  const to = join(folders.root, 'later');
  const { agent, status } = await startQuickly(folders, to);
  assert.is(status.routes[0]?.gate.state, 'closed');
  await assertOffline(agent, 'unreachable');
  assert.is(await access(to).catch((error: NodeJS.ErrnoException) => error.code), 'ENOENT');
  const since = Date.now();
  await mkdir(to);
  await assertFlows(agent, folders.source, to, since);
});

test('nothing is mounted where a share belongs: no byte is written below it; everything is copied when it is mounted', async ({
  folders,
}) => {
  const why = whyNoBed(['mount', 'umount']);
  if (why !== null) return console.log(`skipped: nothing is mounted where a share belongs: ${why}`);
  const to = await bedFolder('/mnt');
  try {
    const { agent, status } = await startQuickly(folders, to);
    assert.is(status.routes[0]?.gate.state, 'closed');
    await assertOffline(agent, 'not_the_destination');
    assert.equal(await readdir(to), []);
    const since = Date.now();
    await run('mount', ['--bind', folders.destination, to]);
    await assertFlows(agent, folders.source, folders.destination, since);
    await agent.stop();
  } finally {
    await clearBed(to);
  }
  return undefined;
});

test('the share hangs from the first call on: the agent starts anyway; everything is copied when the share answers', async ({
  folders,
}) => {
  const why = whyNoFaultMount();
  if (why !== null) return console.log(`skipped: the share hangs from the first call on: ${why}`);
  const mount = await makeFaultMount();
  try {
    await mount.hang('*');
    const { agent, status } = await startQuickly(folders, mount.path);
    assert.is(status.routes[0]?.gate.state, 'closed');
    await assertOffline(agent, 'timeout');
    const since = Date.now();
    await mount.heal();
    await assertFlows(agent, folders.source, mount.backing, since);
    await agent.stop();
  } finally {
    await mount.remove();
  }
  return undefined;
});

test.run();
