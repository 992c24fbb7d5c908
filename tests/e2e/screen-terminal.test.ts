// timeout: 120s
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertGivenBack } from '../../packages/tui/test/blessed/given-back.ts';
import { Pty } from '../../packages/tui/test/blessed/pty.ts';
import { childrenOf, lives } from '../bed/children.ts';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { program, reported, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders; ptys: Pty[] }>('the screen on a terminal, next to an agent');

test.before.each(async (context) => {
  context.folders = await makeFolders();
  context.ptys = [];
});
test.after.each(async ({ folders, ptys }) => {
  for (const pty of ptys) pty.end();
  await stopAgents();
  await folders.remove();
});

interface Stage {
  readonly folders: Folders;
  readonly ptys: Pty[];
}

const ctrlZ = '\x1a';
const escape = '\x1b';

/** Starts an agent that has copied two files. */
async function copyingAgent({ folders }: Stage): Promise<ReturnType<typeof startAgent>> {
  const { source: from, destination: to, stateDir } = folders;
  for (const name of ['clip.mxf', 'other.mov']) await makeFile(join(from, name), 100_000);
  const agent = startAgent({ from, to, stateDir });
  for (const name of ['clip.mxf', 'other.mov']) await reported(agent, (file) => file.source === name && file.status === 'COMPLETED');
  return agent;
}

/** Runs the screen from a shell, which then reports how it ended and how the terminal is set. */
function openScreen({ folders, ptys }: Stage): Pty {
  const words = [...program, '--state', folders.stateDir].map((word) => `'${word}'`).join(' ');
  const pty = new Pty(['sh', '-c', `echo before; ${words}; echo "code $?"; stty -a`], {}, 100, 30);
  ptys.push(pty);
  return pty;
}

/** Runs the screen in a shell that can stop and resume it. */
function openScreenFromShell({ folders, ptys }: Stage): Pty {
  const words = [...program, '--state', folders.stateDir].map((word) => `'${word}'`).join(' ');
  const pty = new Pty(['bash', '--norc', '-i'], { HISTFILE: '' }, 100, 30);
  ptys.push(pty);
  pty.child.write(`PS1='$ '; ${words}\r`);
  return pty;
}

async function resize(pty: Pty, columns: number, rows: number): Promise<void> {
  pty.child.resize(columns, rows);
  pty.emulator.resize(columns, rows);
  const last = (): string => pty.text().split('\n')[rows - 1] ?? '';
  // The keys are on the last line, which ends at the last column.
  await pty.until(() => /q leave( \(.*\))?$/.test(last()) && last().length === columns - 1, `a picture of ${columns}x${rows}`);
}

async function screenOf(pty: Pty): Promise<number> {
  return (await until(async () => (await childrenOf(pty.child.pid))[0], 10_000)).pid;
}

async function isStopped(pid: number): Promise<boolean> {
  return /\) T /.test(await readFile(`/proc/${pid}/stat`, 'utf8'));
}

test('files are shown, new ones too; help, filter and every size are drawn; q restores the terminal', async (context) => {
  await copyingAgent(context);
  const pty = openScreen(context);
  await pty.sees('clip.mxf', true);
  await pty.sees('other.mov');
  await pty.sees('Done 2 ');
  assert.not.match(pty.text(), 'before');
  await makeFile(join(context.folders.source, 'late.wav'), 100_000);
  await pty.sees('Done 3 ');
  await pty.until(() => /late\.wav +(└ )?= DONE/.test(pty.text()), 'the row of late.wav');

  pty.child.write('?');
  await pty.sees('HELP  keys that do something in the list');
  pty.child.write(escape);
  await pty.sees('Done 3 ');

  pty.child.write('/other');
  await pty.sees('1/1 of 3');
  assert.not.match(pty.text(), /clip\.mxf +=/);
  pty.child.write('\r');
  await pty.sees('q leave');
  for (const [columns, rows] of [
    [120, 40],
    [40, 12],
    [80, 24],
  ] as const) {
    await resize(pty, columns, rows);
    assert.match(pty.text(), 'other.mov');
  }
  pty.child.write(escape);
  await pty.sees('clip.mxf');
  pty.child.write('q');
  await assertGivenBack(pty, 0);
});

test('a signal ends the screen and restores the terminal, and the agent keeps running', async (context) => {
  const agent = await copyingAgent(context);
  const pty = openScreen(context);
  await pty.sees('clip.mxf', true);
  kill(await screenOf(pty), 'SIGTERM');
  await assertGivenBack(pty, 143);
  assert.is((await agent.status()).agent.pid, agent.pid);
});

test('Ctrl-Z and a stop from outside give the shell the terminal; fg restores the screen with what came meanwhile', async (context) => {
  const agent = await copyingAgent(context);
  const pty = openScreenFromShell(context);
  await pty.sees('Done 2 ', true);
  const screen = await screenOf(pty);
  const stops = [() => pty.child.write(ctrlZ), () => kill(screen, 'SIGTSTP')];
  for (const [turn, stop] of stops.entries()) {
    stop();
    await pty.sees('Stopped', false);
    assert.ok(await isStopped(screen));
    await makeFile(join(context.folders.source, `late-${turn}.wav`), 100_000);
    await reported(agent, (file) => file.source === `late-${turn}.wav` && file.status === 'COMPLETED');
    pty.child.write('clear; echo shell-$((1+1))\r');
    await pty.sees('shell-2', false);
    pty.child.write('fg\r');
    await pty.sees(`Done ${turn + 3} `, true);
    await pty.sees(`late-${turn}.wav`, true);
    await pty.sees('q leave', true);
  }
  pty.child.write('q');
  // Keys that are typed before it has ended may still be read by it.
  await until(async () => !(await lives(screen)), 10_000);
  pty.child.write('echo code $?; exit\r');
  await pty.sees('code 0\n', false);
});

test.run();
