import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertGivenBack } from '../../packages/tui/test/blessed/given-back.ts';
import { Pty } from '../../packages/tui/test/blessed/pty.ts';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { program, reported, startAgent, stopAgents } from '../bed/sluice.ts';

const test = suite<{ folders: Folders; pty: Pty | null }>('the screen');

test.before.each(async (context) => {
  context.folders = await makeFolders();
  context.pty = null;
});
test.after.each(async ({ folders, pty }) => {
  pty?.end();
  await stopAgents();
  await folders.remove();
});

test('the screen shows what the agent copies, opens its help, and restores the terminal', async (context) => {
  const { source: from, destination: to, stateDir } = context.folders;
  await makeFile(join(from, 'clip.mxf'), 100_000);
  const agent = startAgent({ from, to, stateDir });
  await reported(agent, ({ status }) => status === 'COMPLETED');
  const words = [...program, '--state', stateDir].map((word) => `'${word}'`).join(' ');
  const pty = new Pty(['sh', '-c', `echo before; ${words}; echo "code $?"; stty -a`], {}, 100, 30);
  context.pty = pty;
  await pty.sees('clip.mxf', true);
  await pty.sees('Done 1 ');
  await makeFile(join(from, 'late.wav'), 100_000);
  await pty.sees('Done 2 ');
  pty.child.write('?');
  await pty.sees('HELP  keys that do something in the list');
  pty.child.write('\x1b');
  await pty.sees('Done 2 ');
  pty.child.write('q');
  await assertGivenBack(pty, 0);
  assert.is(await agent.stop(), 143);
});

test('the views of the screen: the log, the settings, the check of a source, and a lost file', async (context) => {
  const { source: from, destination: to, stateDir } = context.folders;
  await makeFile(join(from, 'day1/clip.mxf'), 100_000);
  const agent = startAgent({ from, to, stateDir });
  await reported(agent, ({ status }) => status === 'COMPLETED');
  const pty = new Pty([...program, '--state', stateDir], {}, 100, 30);
  context.pty = pty;
  const press = (...keys: readonly string[]): void => keys.forEach((key) => pty.child.write(key));
  await pty.sees('Done 1 ', true);

  press('l');
  await pty.sees('LOG  the newest lines');
  await pty.sees('day1/clip.mxf: copied and verified');
  press('\x1b');
  await pty.sees('Done 1 ');

  press('i');
  await pty.sees('[[route]] default');
  press('d');
  await pty.sees('--from');
  press('\x1b');
  await pty.sees('Done 1 ');

  press('c');
  await pty.sees('SAFE TO CLEAR?');
  press('\r');
  await pty.sees('SAFE TO CLEAR: 1 file (100 KB) has a verified copy');
  await rm(join(to, 'day1/clip.mxf'));
  press('r');
  await pty.sees('NOT SAFE: 1 file of 1 file');
  await pty.sees('day1/clip.mxf: its copy day1/clip.mxf is missing');
  press('\x1b');
  await pty.sees('Done 1 ');

  press('h', 'y');
  await pty.sees('HELD');
  await makeFile(join(from, 'late.wav'), 100_000);
  await pty.sees('Route held');
  await rm(join(from, 'late.wav'));
  await pty.sees('vanished before its copy');
  press('!');
  await pty.sees('find out what removed them; A acknowledges them');
  press('\x1b');
  await pty.sees('vanished before its copy');
  press('A');
  await pty.sees('Acknowledge');
  press('y');
  await pty.sees('removed from source');
  press('q');
  assert.is(await pty.ended, 0);
  assert.is(await agent.stop(), 143);
});

test.run();
