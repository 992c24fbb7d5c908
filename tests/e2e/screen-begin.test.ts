// timeout: 120s
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Pty } from '../../packages/tui/test/blessed/pty.ts';
import { pidOn } from '../bed/ask.ts';
import { killed } from '../bed/background.ts';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { program, sluice, startAgent, stopAgents } from '../bed/sluice.ts';

const test = suite<{ folders: Folders; home: string; ptys: Pty[] }>('the screen without an agent');

test.before.each(async (context) => {
  context.folders = await makeFolders();
  context.home = join(context.folders.stateDir, '../home');
  context.ptys = [];
  await mkdir(context.home, { recursive: true });
});
test.after.each(async ({ folders, ptys }) => {
  for (const pty of ptys) pty.end();
  const pid = await pidOn(folders.stateDir);
  if (pid !== null) await killed(pid);
  await stopAgents();
  await folders.remove();
});

function openScreen(context: { readonly home: string; readonly ptys: Pty[] }, args: readonly string[], command = program): Pty {
  const pty = new Pty([...command, ...args], { HOME: context.home }, 100, 30);
  context.ptys.push(pty);
  return pty;
}

const enter = '\r';

test('the set-up asks for two folders, writes a configuration and starts the agent, which continues when the screen is closed', async (context) => {
  const { folders, home } = context;
  await makeFile(join(folders.source, 'clip.mov'), 100_000);
  const config = join(home, 'mine.toml');
  const pty = openScreen(context, ['-c', config, '--state', folders.stateDir, '--stable-after', '500ms', '--scan-every', '500ms']);
  await pty.sees('NO AGENT IS RUNNING', true);
  await pty.sees(config, true);
  pty.child.write(enter);
  await pty.sees('SET UP 1/2', true);
  pty.child.write(`${folders.source}${enter}`);
  await pty.sees('SET UP 2/2', true);
  pty.child.write(`\x1b[200~${folders.source}/in\x1b[201~${enter}`);
  await pty.sees('lies inside', true);
  pty.child.write(`\x15${folders.destination}${enter}`);
  await pty.sees('and start the agent?', true);
  pty.child.write('y');
  await pty.sees('= DONE', true);
  assert.match(await readFile(config, 'utf8'), `source = ${JSON.stringify(folders.source)}`);
  pty.child.write('q');
  assert.is(await pty.ended, 0);
  assert.is((await sluice(['status', '--state', folders.stateDir])).code, 0);
});

test('with --from and --to the agent is started with them; when it has ended the screen says so, and o starts it again', async (context) => {
  const { folders } = context;
  const pty = openScreen(context, ['--from', folders.source, '--to', folders.destination, '--state', folders.stateDir]);
  await pty.sees('With the command line it copies', true);
  pty.child.write(enter);
  await pty.sees('agent up', true);
  assert.is((await sluice(['stop', '--state', folders.stateDir])).code, 0);
  await pty.sees('no agent is running; o starts one', true);
  pty.child.write('o');
  await pty.sees('NO AGENT IS RUNNING', true);
  pty.child.write(enter);
  await pty.sees('agent up', true);
  pty.child.write('q');
  assert.is(await pty.ended, 0);
});

test('a configuration with a mistake is reported, and nothing is started', async (context) => {
  const { folders } = context;
  const pty = openScreen(context, ['--from', folders.source, '--to', `${folders.source}/in`, '--state', folders.stateDir]);
  await pty.sees('lies inside', true);
  pty.child.write(`${enter}q`);
  assert.is(await pty.ended, 0);
  assert.is((await sluice(['status', '--state', folders.stateDir])).code, 3);
});

test('an agent of another user is named, with how to get access, and no new agent is offered', async (context) => {
  if (getuid?.() !== 0) {
    console.log('skipped: only root can be somebody else');
    return;
  }
  const { folders } = context;
  startAgent({ from: folders.source, to: folders.destination, stateDir: folders.stateDir });
  // The state folder is private, but the folder above it can be read.
  await chmod(join(folders.stateDir, '..'), 0o755);
  await chmod(context.home, 0o777);
  const pty = openScreen(
    context,
    ['--state', folders.stateDir],
    ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...program],
  );
  await pty.sees('NO AGENT FOR THIS SCREEN', true);
  await pty.sees('belongs to root', true);
  await pty.sees('socket_group', true);
  await pty.sees('does not start a second agent', true);
  pty.child.write(`${enter}q`);
  assert.is(await pty.ended, 0);
});

test.run();
