// timeout: 90s
// group: storage
// real: runs a screen on a terminal and sends it signals
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath, kill } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertGivenBack } from './given-back.ts';
import { Pty } from './pty.ts';

const house = join(import.meta.dirname, '../../../..');
const main = join(import.meta.dirname, 'terminal-main.ts');
const node = [execPath, '--disable-warning=ExperimentalWarning', main];
const deno = [execPath, join(house, 'scripts/deno.mjs'), 'run', '-A', '-q', main];
const pidPattern = /pid (\d+)/;

async function withPty(command: readonly string[], work: (pty: Pty) => Promise<void>): Promise<void> {
  const pty = new Pty(command);
  try {
    await work(pty);
  } finally {
    pty.end();
  }
}

/** Returns a command that runs the program in a shell, which then prints how it ended, and how the terminal is set. */
function inShell(command: readonly string[]): string[] {
  return ['sh', '-c', `echo before; ${command.map((word) => `'${word}'`).join(' ')}; echo "code $?"; stty -a`];
}

test('openSystemTerminal: keys arrive and pictures are drawn; q restores the terminal, and the process ends', () =>
  withPty(inShell(node), async (pty) => {
    await pty.sees('60x10', true);
    assert.not.match(pty.text(), 'before');
    pty.child.write('a\x1b[Aé\x1b[200~xq\x1b[201~');
    await pty.sees('keys: a up é pasted(xq)');
    pty.child.write('q');
    await assertGivenBack(pty, 0);
  }));

test('openSystemTerminal: does the same under Deno', () =>
  withPty(inShell(deno), async (pty) => {
    await pty.sees('60x10', true);
    pty.child.write('a\x1b[A');
    await pty.sees('keys: a up');
    pty.child.resize(50, 9);
    pty.emulator.resize(50, 9);
    await pty.sees('50x9');
    pty.child.write('q');
    await assertGivenBack(pty, 0);
  }));

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const) {
  test(`openSystemTerminal: ${signal} restores the terminal, with exit code ${code}`, () =>
    withPty(inShell(node), async (pty) => {
      await pty.sees('60x10', true);
      kill(pidOf(pty), signal);
      await assertGivenBack(pty, code);
    }));
}

test('openSystemTerminal: an error is shown completely, on a restored terminal', () =>
  withPty(inShell(node), async (pty) => {
    await pty.sees('60x10', true);
    pty.child.write('e');
    await assertGivenBack(pty, 1);
    assert.match(pty.text(), 'Error: this was not expected');
  }));

test('openSystemTerminal: a terminal that vanishes ends the process', () =>
  withPty(node, async (pty) => {
    await pty.sees('60x10', true);
    const pid = pidOf(pty);
    pty.child.kill('SIGHUP');
    assert.is(await pty.ended, 129);
    assert.throws(() => kill(pid, 0));
  }));

test('openSystemTerminal: a new size is drawn', () =>
  withPty(node, async (pty) => {
    await pty.sees('60x10', true);
    pty.child.resize(70, 12);
    pty.emulator.resize(70, 12);
    await pty.sees('70x12');
    pty.child.write('q');
    assert.is(await pty.ended, 0);
  }));

test('openSystemTerminal: Ctrl-Z stops it and gives the shell the terminal, and fg continues it', () =>
  withPty(['bash', '--norc', '-i'], async (pty) => {
    pty.child.write(`PS1='$ '; ${node.map((word) => `'${word}'`).join(' ')}\r`);
    await pty.sees('60x10', true);
    const pid = pidOf(pty);
    for (const round of ['x', 'xx']) {
      pty.child.write('x');
      await pty.sees(`keys:${round.replaceAll('x', ' x')}`, true);
      pty.child.write('\x1a');
      await pty.sees('Stopped', false);
      assert.is(stateOf(pid), 'T');
      pty.child.write('clear; echo shell-$((1+1))\r');
      await pty.sees('shell-2', false);
      pty.child.write('fg\r');
      await pty.sees('60x10', true);
    }
    pty.child.write('q');
    // Keys that are typed before it has ended may still be read by it.
    await pty.until(() => !pty.isAlternate() && isGone(pid), 'the end');
    pty.child.write('echo code $?; exit\r');
    await pty.sees('code 0\n', false);
  }));

test('openSystemTerminal: a stop from outside, and bg, do not write over the shell', () =>
  withPty(['bash', '--norc', '-i'], async (pty) => {
    pty.child.write(`PS1='$ '; ${node.map((word) => `'${word}'`).join(' ')}\r`);
    await pty.sees('60x10', true);
    const pid = pidOf(pty);
    kill(pid, 'SIGTSTP');
    await pty.sees('Stopped', false);
    const before = runsOf(pid);
    pty.child.write('clear; bg\r');
    await pty.sees("main.ts' &", false);
    // It is stopped already, until the shell has continued it.
    await pty.until(() => runsOf(pid) > before && stateOf(pid) === 'T', 'stopped again');
    assert.not(pty.isAlternate());
    pty.child.write('fg\r');
    await pty.sees('60x10', true);
    pty.child.write('q');
    // Keys that are typed before it has ended may still be read by it.
    await pty.until(() => !pty.isAlternate() && isGone(pid), 'the end');
    pty.child.write('exit\r');
    await pty.ended;
  }));

test('openSystemTerminal: a reader that has stalled does not keep it from ending', () =>
  withPty(node, async (pty) => {
    await pty.sees('60x10', true);
    const pid = pidOf(pty);
    pty.child.write('b');
    await pty.sees('aaaaaaaaaa');
    pty.child.pause();
    // Until the system accepts no more of what it writes.
    await pty.until(() => hasStalled(pid), 'a stall');
    kill(pid, 'SIGTERM');
    const started = performance.now();
    await pty.until(() => isGone(pid), 'the end');
    assert.ok(performance.now() - started < 3_000);
  }));

function pidOf(pty: Pty): number {
  return Number(pidPattern.exec(pty.text())?.[1]);
}

function stateOf(pid: number): string {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';
}

/** Returns how often the process has run until it waited, was stopped or was interrupted. */
function runsOf(pid: number): number {
  const counts = readFileSync(`/proc/${pid}/status`, 'utf8').matchAll(/voluntary_ctxt_switches:\s+(\d+)/g);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Returns whether the process has ended, or is only an entry that its parent has not read yet. */
function isGone(pid: number): boolean {
  try {
    return stateOf(pid) === 'Z';
  } catch {
    return true;
  }
}

let lastWritten = -1;
let sameSince = 0;

/** Returns whether its output has not grown for half a second. */
function hasStalled(pid: number): boolean {
  const written = Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
  if (written !== lastWritten) sameSince = performance.now();
  lastWritten = written;
  return performance.now() - sameSince > 500;
}

test.run();
