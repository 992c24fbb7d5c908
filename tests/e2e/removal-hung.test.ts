// timeout: 900s
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type FaultMount, type FaultyCall, makeFaultMount, whyNoFaultMount } from '../bed/fault-mount.ts';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, describe, startAgent, stopAgents } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { until } from '../bed/wait.ts';

interface Context {
  folders: Folders;
  /** The source: a disk of this machine whose calls hang. */
  mount: FaultMount;
}

const test = stories<Context>('removal at a source that hangs', 3, {
  make: async () => ({ folders: await makeFolders(), mount: await makeFaultMount('ntfs') }),
  remove: async ({ folders, mount }) => {
    await stopAgents();
    await mount.remove();
    await folders.remove();
  },
});

const name = 'a.mxf';
const copiedBytes = 300_001;
const next = 'the next recording, which nobody may lose';

/** The agent gives up a call that hangs after three seconds. */
function start({ folders, mount }: Context): Agent {
  const waits = ['--stable-after', '1500ms', '--stall-after', '1s', '--stall-max', '3s', '--probe-deadline', '3s'];
  const args = ['--after-copy', 'delete', '--after-copy-wait', '0', ...waits];
  return startAgent({ from: mount.path, to: folders.destination, stateDir: folders.stateDir, args });
}

/** The folder behind the source, which always answers. */
const folderOf = ({ mount }: Context): string => join(mount.backing, 'day1');
const namesIn = (context: Context): Promise<readonly string[]> => readdir(folderOf(context));
const isHidden = (each: string): boolean => each.endsWith('.sluice-done');

/** The file has only its hidden name. */
async function hiddenName(context: Context): Promise<string> {
  let found = '';
  await until(async () => {
    const names = await namesIn(context);
    found = names.find(isHidden) ?? '';
    return found !== '' && !names.includes(name);
  }, 30_000);
  return join(folderOf(context), found);
}

interface Moment {
  readonly what: string;
  readonly call: FaultyCall;
  /** Only calls to this path hang. */
  readonly within?: string;
  /** What happens before the call is made to hang. */
  readonly before?: (context: Context) => Promise<unknown>;
}

const changes = async (context: Context): Promise<void> => await appendFile(await hiddenName(context), 'one more frame');

const moments: readonly Moment[] = [
  { what: 'the link that tries whether links work', call: 'link' },
  { what: 'the removal of that link', call: 'unlink' },
  { what: 'the rename to the hidden name', call: 'rename' },
  { what: 'the sync after that rename', call: 'fsync' },
  { what: 'the removal of the hidden file', call: 'unlink', before: hiddenName },
  { what: 'the sync after the removal', call: 'fsync', before: hiddenName },
  { what: 'the link that gives a changed file its name back', call: 'link', within: `/${name}`, before: changes },
  { what: 'the removal of the hidden name after that', call: 'unlink', before: changes },
];

/** A file is copied, and its removal hangs. @returns the agent, and what was copied first */
async function hangs(context: Context, { call, before, within }: Moment): Promise<{ readonly agent: Agent; readonly sent: string }> {
  const { mount } = context;
  await mkdir(folderOf(context));
  await makeFile(join(folderOf(context), name), copiedBytes);
  const sent = Object.values(await hashTree(folderOf(context)))[0] ?? '';
  if (before === undefined) await mount.hang(call, within);
  const agent = start(context);
  if (before !== undefined) {
    await before(context);
    await mount.hang(call, within);
  }
  await until(
    async () => (await mount.hanging()) > 0,
    40_000,
    () => describe(agent),
  );
  return { agent, sent };
}

/** A recorder uses the name again, if it is free. @returns whether it was */
async function recordsNext(context: Context): Promise<boolean> {
  const path = join(folderOf(context), name);
  if (existsSync(path)) return false;
  await writeFile(path, next);
  return true;
}

/** Waits until everything is removed or in place, and compares what arrived with what was sent. */
async function assertEnded(context: Context, agent: Agent, sent: string, isNext: boolean): Promise<void> {
  const { destination } = context.folders;
  await until(
    async () => (await namesIn(context)).length === 0 || (await staysForAReason(context, agent)),
    60_000,
    () => describe(agent),
  );
  const copies = Object.values(await hashCopies(destination));
  assert.ok(copies.includes(sent), 'the first copy is intact');
  if (isNext) assert.ok(copies.includes(hash('sha256', next)), 'the next recording was copied');
}

/** Returns whether the file has its own name, no hidden one, and status says why it is there. */
async function staysForAReason(context: Context, agent: Agent): Promise<boolean> {
  const names = await namesIn(context);
  if (names.length !== 1 || names[0] !== name) return false;
  const removals = (await agent.status().catch(() => null))?.routes[0]?.removals;
  return removals?.failed !== undefined && removals.failed !== null;
}

for (const moment of moments) {
  test(`kill -9 while it hangs: ${moment.what}; nothing is lost after the restart`, async (context) => {
    const { agent, sent } = await hangs(context, moment);
    agent.kill('SIGKILL');
    await agent.ended;
    const isNext = await recordsNext(context);
    const again = start(context);
    await until(async () => (await again.status().catch(() => null)) !== null, 30_000);
    await context.mount.heal();
    await assertEnded(context, again, sent, isNext);
    await again.stop();
  });
}

for (const moment of moments.filter(({ before }) => before === undefined || before === hiddenName)) {
  test(`it hangs and goes on: ${moment.what}; the agent goes on too`, async (context) => {
    const { agent, sent } = await hangs(context, moment);
    // The process that hangs is given up, and another one is in the same call.
    await until(
      async () => (await context.mount.hanging()) > 1 || (await agent.status()).routes[0]?.sourceState.state === 'silent',
      60_000,
    );
    const isNext = await recordsNext(context);
    await context.mount.heal();
    await assertEnded(context, agent, sent, isNext);
    await agent.stop();
  });
}

const reason = whyNoFaultMount();
if (reason === null) test.run();
else console.log(`SKIPPED tests/e2e/removal-hung.test.ts: ${reason}`);
