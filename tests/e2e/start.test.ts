import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOn, pidOn, statusOn } from '../bed/ask.ts';
import { type Background, configure, killed, makeBackground, removeBackground, start, stop } from '../bed/background.ts';
import { lives } from '../bed/children.ts';
import { hashCopies, hashTree, makeFile } from '../bed/folders.ts';
import { until } from '../bed/wait.ts';

const test = suite<Background>('start and restart');

test.before.each(async (context) => {
  Object.assign(context, await makeBackground());
});
test.after.each(removeBackground);

test('start: the agent answers, and works in the background; a second start is refused and does not affect it', async (context) => {
  const { source, destination, stateDir } = context.folders;
  await makeFile(join(source, 'a.mxf'), 1_000_000);
  const started = await start(context);
  assert.is(started.code, 0, started.stderr);
  const pid = Number(/\(pid (\d+)\)/.exec(started.stdout)?.[1]);
  assert.is(await pidOn(stateDir), pid);
  const second = await start(context);
  assert.is(second.code, 5, second.stderr);
  assert.match(second.stderr, `an agent already runs on ${stateDir} (pid ${pid})`);
  assert.is(await pidOn(stateDir), pid);
  await until(async () => (await filesOn(stateDir))[0]?.status === 'COMPLETED', 10_000);
  assert.equal(await hashCopies(destination), await hashTree(source));
  const stopped = await stop(context, '--reason', 'the day is over');
  assert.equal([stopped.code, stopped.stdout, stopped.stderr], [0, 'the agent has stopped\n', '']);
  assert.not(await lives(pid));
  assert.match(await readFile(join(stateDir, 'sluice.log'), 'utf8'), /requested by .+: the day is over/);
  const again = await stop(context);
  assert.is(again.code, 3);
  assert.match(again.stderr, 'no agent is running');
});

test('start: a wrong configuration is refused with 2, and nothing is started or created', async (context) => {
  await configure(context, 'stable_afer = "2s"');
  const end = await start(context);
  assert.is(end.code, 2);
  assert.match(end.stderr, 'unknown key "stable_afer"');
  assert.not(existsSync(context.folders.stateDir));
});

test('start: a problem that only the agent can find is reported with its exit code', async (context) => {
  await makeFile(join(context.folders.stateDir, 'journal.db'), 50_000);
  const end = await start(context);
  assert.is(end.code, 4, end.stderr);
  assert.match(end.stderr, /^sluice: .*journal/);
  assert.not(end.stderr.trim().includes('\n'), 'one message');
});

test('restart: keeps the running agent if the new configuration is wrong, and otherwise starts another one with it', async (context) => {
  assert.is((await start(context)).code, 0);
  const { stateDir } = context.folders;
  const first = await pidOn(stateDir);
  await configure(context, 'verify = "sometimes"');
  const bad = await start(context, 'restart');
  assert.is(bad.code, 2, bad.stderr);
  assert.is(await pidOn(stateDir), first);
  await configure(context);
  const good = await start(context, 'restart');
  assert.is(good.code, 0, good.stderr);
  const second = await pidOn(stateDir);
  assert.is.not(second, first);
  assert.not(await lives(first ?? 0));
  assert.is((await stop(context)).code, 0);
  const fromNothing = await start(context, 'restart');
  assert.is(fromNothing.code, 0, fromNothing.stderr);
});

test('an agent that was killed can be started again, and continues', async (context) => {
  const { source, stateDir } = context.folders;
  await start(context);
  const pid = await pidOn(stateDir);
  assert.ok(pid !== null);
  await killed(pid);
  assert.is((await stop(context)).code, 3);
  await makeFile(join(source, 'a.mxf'), 100_000);
  const again = await start(context);
  assert.is(again.code, 0, again.stderr);
  await until(async () => (await filesOn(stateDir))[0]?.status === 'COMPLETED', 10_000);
});

test('an agent in the background continues when nobody reads its standard error', async (context) => {
  const { source, stateDir } = context.folders;
  await start(context);
  for (let file = 0; file < 20; file += 1) await makeFile(join(source, `${file}.bin`), 1_000);
  await until(async () => (await statusOn(stateDir))?.routes[0]?.counts.COMPLETED === 20, 15_000);
  await appendFile(join(source, '0.bin'), 'more');
  await until(async () => (await statusOn(stateDir))?.routes[0]?.counts.COMPLETED === 21, 10_000);
});

test.run();
