// timeout: 240s
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TimelineJson } from '@sluice/control';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DiskFolders, makeDiskFolders, ownFolders, removeDiskFolders } from '../bed/disk-folders.ts';
import { makeFile } from '../bed/folders.ts';
import { type Agent, sluice, startAgent } from '../bed/sluice.ts';
import { run } from '../bed/tool.ts';
import { until } from '../bed/wait.ts';

const test = suite<DiskFolders>('a source that lets nothing be removed');

test.before.each(async (context) => {
  Object.assign(context, await makeDiskFolders());
});
test.after.each(removeDiskFolders);

/** Returns the error code of the failed removal. Undefined: there is none, or the agent is starting. */
async function codeOf(agent: Agent): Promise<string | undefined> {
  try {
    return (await agent.status()).routes[0]?.removals?.failed?.code;
  } catch {
    return undefined;
  }
}

async function timelineOf(state: string): Promise<readonly TimelineJson[]> {
  const { stdout } = await sluice(['show', 'a.bin', '--json', '--state', state]);
  return (JSON.parse(stdout) as { timeline: TimelineJson[] }).timeline;
}

test('each reason is in words and once in the timeline, however often it is tried', async ({ folders, disk }) => {
  const { destination, stateDir } = folders;
  const day = join(disk.path, 'day1');
  await mkdir(day);
  await makeFile(join(day, 'a.bin'), 100_000);
  await run('chattr', ['+i', day]);
  const agent = startAgent({ from: disk.path, to: destination, stateDir, args: ['--after-copy', 'delete', '--after-copy-wait', '0'] });
  await until(async () => (await codeOf(agent)) === 'IMMUTABLE', 30_000);
  const told = await sluice(['status', '--state', stateDir]);
  assert.match(told.stdout, /delete fails at the source: the file or its folder is immutable, .*: day1\/a\.bin/);
  const before = await timelineOf(stateDir);
  for (let times = 0; times < 3; times += 1) await sluice(['retry', 'a.bin', '--state', stateDir]);
  const shown = await sluice(['show', 'a.bin', '--state', stateDir]);
  assert.match(shown.stdout, /removal +failed [2-9] times in a row, next try/);
  const causes = (await timelineOf(stateDir)).filter(({ event }) => event !== 'asked');
  assert.equal(
    causes,
    before.filter(({ event }) => event !== 'asked'),
  );
  await run('chattr', ['-i', day]);
  await run('chattr', ['+a', day]);
  await sluice(['retry', 'a.bin', '--state', stateDir]);
  await until(async () => (await codeOf(agent)) === 'APPEND_ONLY', 30_000);
  assert.equal(await readdir(day), ['a.bin'], 'no second name that could not be removed');
  await run('chattr', ['-a', day]);
  await disk.remountReadOnly();
  await sluice(['retry', 'a.bin', '--state', stateDir]);
  await until(async () => (await codeOf(agent)) === 'EROFS', 30_000);
  const log = await sluice(['log', '--state', stateDir]);
  assert.match(log.stdout, /day1\/a\.bin: not removed at the source: the filesystem is read-only/);
  await disk.remountWritable();
  await sluice(['retry', 'a.bin', '--state', stateDir]);
  await until(async () => (await readdir(day)).length === 0, 60_000);
  assert.equal((await readdir(disk.path)).sort(), ['day1', ...ownFolders]);
  await agent.stop();
});

test.run();
