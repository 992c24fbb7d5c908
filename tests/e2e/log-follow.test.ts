// group: package
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clean } from '@sluice/words';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statusOn } from '../bed/ask.ts';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, type CommandEnd, describe, reported, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('the log and the actions of operators');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

function run({ source, destination, stateDir }: Folders, ...args: readonly string[]): Agent {
  return startAgent({ from: source, to: destination, stateDir, args });
}

async function online(folders: Folders, ...args: readonly string[]): Promise<Agent> {
  const agent = run(folders, ...args);
  await until(
    async () => (await statusOn(folders.stateDir))?.routes[0]?.gate.state === 'open',
    10_000,
    () => describe(agent),
  );
  return agent;
}

const steer = ({ stateDir }: Folders, word: string, ...args: readonly string[]): Promise<CommandEnd> =>
  sluice([word, ...args, '--state', stateDir]);

async function ended(end: Promise<CommandEnd>, code: number): Promise<CommandEnd> {
  const result = await end;
  assert.is(result.code, code, `${result.stdout}${result.stderr}`);
  return result;
}

test('log -f: prints earlier and new lines, each once, and ends with 3 when the agent ends', async ({ folders }) => {
  const agent = await online(folders);
  await makeFile(join(folders.source, 'before.mxf'), 10_000);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  let heard = '';
  const following = sluice(['log', '-f', '--state', folders.stateDir], { onOutput: (all) => ((heard = all), undefined) });
  await until(() => heard.includes('before.mxf: copied and verified'), 10_000);
  await makeFile(join(folders.source, 'after.mxf'), 10_000);
  await until(() => heard.includes('after.mxf: copied and verified'), 10_000);
  await agent.stop();
  const end = await following;
  assert.is(end.code, 3, end.stderr);
  assert.match(end.stderr, 'the connection to the agent ended');
  const lines = end.stdout.trimEnd().split('\n');
  assert.is(new Set(lines).size, lines.length);
  const later = await ended(steer(folders, 'log'), 0);
  assert.match(later.stderr, `no agent is running on ${folders.stateDir}`);
  assert.ok(later.stdout.startsWith(end.stdout), 'the journal has the same sentences');
});

test('log -f: ends when its output is closed', async ({ folders }) => {
  await online(folders);
  let heard = '';
  const following = sluice(['log', '-f', '--state', folders.stateDir], { onOutput: (all) => (heard = all) === '' });
  await until(() => heard !== '', 10_000);
  await ended(steer(folders, 'hold', 'default'), 0);
  await ended(steer(folders, 'release', 'default'), 0);
  const end = await following;
  assert.equal([end.code, end.signal], [0, null], end.stderr);
});

const evil = '\u001b]0;owned\u0007\u001b[2J\u202e\u009b31m\nmade up';

test('a reason with escape sequences never reaches a terminal unchanged, and neither does an origin', async ({ folders }) => {
  const agent = await online(folders);
  await makeFile(join(folders.source, 'a.mxf'), 10_000);
  await reported(agent, ({ source }) => source === 'a.mxf');
  const env = { SSH_CONNECTION: `${evil} 22` };
  const say = (...args: string[]) => sluice([...args, '--state', folders.stateDir, '--reason', evil], { env });
  await ended(say('hold', 'default'), 0);
  const ends = [
    await say('hold', evil),
    await say('skip', evil),
    await say('adopt', evil, '--yes'),
    await steer(folders, 'status'),
    await steer(folders, 'log'),
    await steer(folders, 'log', '--json'),
    await steer(folders, 'status', '--json'),
    await steer(folders, 'files'),
  ];
  for (const { stdout, stderr } of ends) {
    for (const line of [...stdout.split('\n'), ...stderr.split('\n')]) assert.is(line, clean(line));
    assert.not(/^made up/m.test(stdout + stderr), 'no separate line');
  }
  const kept = await readFile(join(folders.stateDir, 'sluice.log'), 'utf8');
  for (const line of kept.split('\n')) assert.is(line, clean(line));
  assert.is((await statusOn(folders.stateDir))?.routes[0]?.hold?.reason, evil, 'and the journal has it as it was');
});

test('wrong usage gives exit code 2 and changes nothing, and so does an unknown route', async ({ folders }) => {
  const usage: readonly (readonly [readonly string[], RegExp])[] = [
    [['hold'], /hold needs the name of a route, or --all/],
    [['hold', 'default', '--all'], /hold needs the name of a route, or --all/],
    [['hold', '--all', '--for', 'soon'], /--for "soon" is not a duration/],
    [['hold', '--all', '--for', '99999999h'], /ten years/],
    [['hold', '--all', '--reason', 'x'.repeat(1_001)], /--reason has 1001 characters; the journal takes at most 1000/],
    [['skip'], /missing required argument/],
  ];
  await online(folders);
  const answers = usage.map(async ([[word = '', ...rest], message]) => {
    assert.match((await ended(steer(folders, word, ...rest), 2)).stderr, message);
  });
  await Promise.all(answers);
  const unknown = await ended(steer(folders, 'hold', 'inbox'), 2);
  assert.match(unknown.stderr, 'no route is called "inbox"; the routes are default');
  assert.is((await statusOn(folders.stateDir))?.routes[0]?.hold, null);
  await ended(steer(folders, 'hold', 'default', '--reason', 'x'.repeat(1_000)), 0);
  assert.is((await statusOn(folders.stateDir))?.routes[0]?.hold?.reason.length, 1_000);
});

test('without an agent these commands end with 3', async ({ folders }) => {
  const all = [['retry', 'a'], ['hold', '--all'], ['adopt', 'default'], ['log'], ['log', '-f']];
  const ends = await Promise.all(all.map(([word = '', ...args]) => ended(steer(folders, word, ...args), 3)));
  for (const { stderr } of ends) assert.match(stderr, 'no agent is running');
});

test.run();
