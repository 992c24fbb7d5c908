// timeout: 240s
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Pty } from '../../packages/tui/test/blessed/pty.ts';
import { filesOn, pidOn } from '../bed/ask.ts';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { program, reported, shortWaits, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders; ptys: Pty[] }>('closing the terminal');

test.before.each(async (context) => {
  context.folders = await makeFolders();
  context.ptys = [];
});
test.after.each(async ({ folders, ptys }) => {
  for (const pty of ptys) pty.end();
  await stopAgents();
  await folders.remove();
});

const runOn = ({ source, destination, stateDir }: Folders): string[] => [
  ...program,
  ...['run', '--from', source, '--to', destination, '--state', stateDir, ...shortWaits, '--max-rate', '2MB'],
];

/** Starts an agent on a terminal, in the middle of a copy. */
async function copyingInTerminal({ folders, ptys }: { folders: Folders; ptys: Pty[] }): Promise<{ pty: Pty; pid: number }> {
  await makeFile(join(folders.source, 'clip.mov'), 40_000_000);
  const pty = new Pty(runOn(folders), {}, 100, 30);
  ptys.push(pty);
  await until(async () => (await pidOn(folders.stateDir).catch(() => null)) !== null, 60_000);
  await until(async () => (await filesOn(folders.stateDir).catch(() => []))[0]?.status === 'COPYING', 60_000);
  return { pty, pid: (await pidOn(folders.stateDir)) ?? 0 };
}

/** Asserts that no part of the copy is left, and that the next agent copies the file under its own name. */
async function assertCleanEnd(folders: Folders): Promise<void> {
  const parts = (await readdir(folders.destination)).filter((name) => name.endsWith('.part'));
  assert.equal(parts, []);
  const next = await sluice([
    'run',
    '--from',
    folders.source,
    '--to',
    folders.destination,
    '--state',
    folders.stateDir,
    '--until-idle',
    ...shortWaits,
  ]);
  assert.is(next.code, 0, next.stderr);
  assert.equal(
    (await readdir(folders.destination)).filter((name) => !name.startsWith('.')),
    ['clip.mov'],
  );
}

test('SIGHUP ends the agent like SIGTERM, with exit code 129', async (context) => {
  const { pty, pid } = await copyingInTerminal(context);
  // The kernel does the same when a terminal is closed: the children are in the same group.
  kill(-pid, 'SIGHUP');
  assert.is(await pty.ended, 129);
  await assertCleanEnd(context.folders);
});

test('without a terminal SIGHUP is ignored, as with nohup', async ({ folders }) => {
  await makeFile(join(folders.source, 'clip.mov'), 10_000_000);
  const agent = startAgent({ from: folders.source, to: folders.destination, stateDir: folders.stateDir, args: ['--max-rate', '2MB'] });
  await reported(agent, ({ status }) => status === 'COPYING');
  agent.kill('SIGHUP');
  const done = await reported(agent, ({ status }) => status === 'COMPLETED' || status === 'FAILED');
  assert.equal([done.status, done.destination], ['COMPLETED', 'clip.mov']);
  assert.is(await agent.stop(), 143);
});

test.run();
