// timeout: 300s
import { execFileSync, spawnSync } from 'node:child_process';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { childrenOf } from '../../bed/children.ts';
import { type Folders, makeMemoryFolders } from '../../bed/folders.ts';
import { describe, reported, startAgent, stopAgents } from '../../bed/sluice.ts';
import { stories } from '../../bed/stories.ts';
import { until } from '../../bed/wait.ts';

// A user who may write in a source gives a file any time and size that the filesystem stores. In memory that is any 64 bits.

const test = stories<{ folders: Folders }>('a source with unusual metadata', 2, {
  make: async () => ({ folders: await makeMemoryFolders() }),
  remove: async ({ folders }) => {
    await stopAgents();
    await folders.remove();
  },
});

const run = ({ source, destination, stateDir }: Folders) => startAgent({ from: source, to: destination, stateDir });

for (const seconds of ['9223372036854775807', '-9223372036854775808', '9000000000000', '-1']) {
  test(`a file with a time of ${seconds} s delays nothing, and is copied`, async ({ folders }) => {
    const { source, destination } = folders;
    for (const name of ['odd.mov', 'ordinary.mov']) await writeFile(join(source, name), name);
    execFileSync('touch', ['-d', `@${seconds}`, join(source, 'odd.mov')]);
    assert.is(execFileSync('stat', ['-c', '%Y', join(source, 'odd.mov')], { encoding: 'utf8' }).trim(), seconds);
    const agent = run(folders);
    for (const name of ['odd.mov', 'ordinary.mov']) {
      await reported(agent, (file) => file.source === name && file.status === 'COMPLETED', 60_000);
      assert.is((await stat(join(destination, name))).size, name.length);
    }
    assert.is(await agent.stop(), 143);
  });
}

test('a file of nearly 8 EiB waits for room, and delays nothing', async ({ folders }) => {
  const { source } = folders;
  for (const name of ['odd.mov', 'ordinary.mov']) await writeFile(join(source, name), name);
  execFileSync('sh', ['-c', 'truncate -s 9223372036854771712 "$0"', join(source, 'odd.mov')]);
  const agent = run(folders);
  await reported(agent, (file) => file.source === 'odd.mov' && file.status === 'WAITING_FOR_SPACE', 60_000);
  await reported(agent, (file) => file.source === 'ordinary.mov' && file.status === 'COMPLETED', 60_000);
});

test('a source that no process manages to list counts as unreadable, until one does', async ({ folders }) => {
  await writeFile(join(folders.source, 'clip.mov'), 'clip');
  const agent = run(folders);
  const endIntakes = async (): Promise<void> => {
    const children = await childrenOf(agent.pid);
    // One may have ended meanwhile.
    for (const { pid, kind } of children) if (kind === 'intake') spawnSync('kill', ['-9', String(pid)], { stdio: 'ignore' });
  };
  const sourceOf = async () => (await agent.status().catch(() => undefined))?.routes[0]?.sourceState;
  const ending = setInterval(() => void endIntakes(), 20);
  try {
    await until(
      async () => (await sourceOf())?.state === 'unreadable',
      60_000,
      () => describe(agent),
    );
  } finally {
    clearInterval(ending);
  }
  await reported(agent, (file) => file.status === 'COMPLETED', 60_000);
  await until(async () => (await sourceOf())?.state === 'ok', 10_000);
});

test.run();
