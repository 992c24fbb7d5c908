import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { statusOn } from '../bed/ask.ts';
import { makeFolders } from '../bed/folders.ts';
import { program } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

test('run --until-stdin-closes: runs while standard input is open, and ends cleanly when it is closed', async () => {
  const { source, destination, stateDir, remove } = await makeFolders();
  const [command, ...before] = program;
  const folders = ['--from', source, '--to', destination, '--state', stateDir];
  const agent = spawn(command, [...before, 'run', ...folders, '--until-stdin-closes'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(agent, 'exit');
  try {
    agent.stdin.write('what is said here does not matter\n');
    await until(async () => (await statusOn(stateDir)) !== null, 20_000);
    assert.is(agent.exitCode, null);
    agent.stdin.end();
    assert.equal(await ended, [0, null]);
    assert.match(readFileSync(join(stateDir, 'sluice.log'), 'utf8'), 'stopping (graceful), requested by the end of standard input');
  } finally {
    agent.kill('SIGKILL');
    await remove();
  }
});

test.run();
