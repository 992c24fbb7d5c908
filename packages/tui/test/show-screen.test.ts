// real: runs a screen on a terminal
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { execPath, kill } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Pty } from './blessed/pty.ts';

const main = join(import.meta.dirname, 'show-screen-main.ts');
const node = [execPath, '--disable-warning=ExperimentalWarning', main];

test('showScreen: a terminal shows the screen until q, and the process ends by itself', async () => {
  const pty = new Pty(node, {}, 80, 24);
  try {
    await pty.sees('video1.mxf', true);
    assert.match(pty.text(), 'OFFLINE');
    pty.child.write('?');
    await pty.sees('leave');
    pty.child.write('\x1b');
    pty.child.write('q');
    assert.is(await pty.ended, 0);
    assert.not(pty.isAlternate());
  } finally {
    pty.end();
  }
});

test('showScreen: a signal ends it with its exit code, and the process ends by itself', async () => {
  const pty = new Pty(node, {}, 80, 24);
  try {
    await pty.sees('video1.mxf', true);
    kill(pty.child.pid, 'SIGTERM');
    assert.is(await pty.ended, 143);
    assert.not(pty.isAlternate());
  } finally {
    pty.end();
  }
});

test('showScreen: a terminal that cannot move its cursor gets the status', async () => {
  const pty = new Pty(node, { TERM: 'dumb' }, 80, 24);
  try {
    assert.is(await pty.ended, 7);
    await pty.sees('the status', false);
  } finally {
    pty.end();
  }
});

test('showScreen: without a terminal only the status is shown', () => {
  const [program = '', ...args] = node;
  const { status, stdout } = spawnSync(program, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', timeout: 30_000 });
  assert.is(status, 7);
  assert.is(stdout, 'the status\n');
});

test.run();
