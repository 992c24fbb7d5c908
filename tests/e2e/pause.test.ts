// timeout: 90s
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { childrenOf } from '../bed/children.ts';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { bytesThere } from '../bed/outage.ts';
import { assertPromises } from '../bed/promises.ts';
import { type Agent, describe, logOf, startAgent, stopAgents } from '../bed/sluice.ts';
import { pause, until } from '../bed/wait.ts';

const test = suite<{ places: readonly Folders[] }>('a pause');

test.before.each(async (context) => {
  context.places = await Promise.all([makeFolders(), makeFolders()]);
});
test.after.each(async ({ places }) => {
  await stopAgents();
  for (const folders of places) await folders.remove();
});

/** Longer than a child may be silent, and than a probe may take. */
const pauseMs = 17_000;

/** Starts an agent in the middle of a copy that is slow enough to outlast a pause. */
async function copying({ source: from, destination: to, stateDir }: Folders): Promise<Agent> {
  await makeFile(join(from, 'rec.mxf'), 6_000_000);
  const agent = startAgent({ from, to, stateDir, args: ['--until-idle', '--max-rate', '1500KB'] });
  await until(
    () => bytesThere(to, 'rec.mxf') > 500_000,
    30_000,
    () => describe(agent),
  );
  return agent;
}

/** Asserts that the copy continued as if nothing had happened. */
async function assertUnharmed(agent: Agent, folders: Folders): Promise<void> {
  assert.is(await agent.ended, 0, describe(agent));
  const files = await assertPromises(folders, {});
  assert.equal(
    files.map(({ destination, status }) => [destination, status]),
    [['rec.mxf', 'COMPLETED']],
  );
  const log = await readFile(logOf(agent), 'utf8');
  assert.equal(
    log.split('\n').filter((line) => line.includes('"level":"error"')),
    [],
  );
  assert.is(agent.complaints(), '');
}

/** Stops processes for longer than they may be silent. */
async function stopForLong(pids: readonly number[]): Promise<void> {
  for (const pid of pids) kill(pid, 'SIGSTOP');
  await pause(pauseMs);
  for (const pid of pids) kill(pid, 'SIGCONT');
}

/** Both at the same time, so that the test takes as long as one. */
test('an agent that is stopped, with its children or alone, continues its copy: it considers no process dead', async ({ places }) => {
  await Promise.all(
    places.map(async (folders, index) => {
      const agent = await copying(folders);
      const children = index === 0 ? (await childrenOf(agent.pid)).map(({ pid }) => pid) : [];
      await stopForLong([agent.pid, ...children]);
      await assertUnharmed(agent, folders);
    }),
  );
});

test.run();
