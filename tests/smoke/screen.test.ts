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

test.run();
