import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOn, journaled } from '../bed/ask.ts';
import { type Background, makeBackground, removeBackground, start, stop } from '../bed/background.ts';
import { hashCopies, hashTree } from '../bed/folders.ts';
import { record } from '../bed/recorder.ts';
import { until } from '../bed/wait.ts';

const test = suite<Background>('stop');

test.before.each(async (context) => {
  Object.assign(context, await makeBackground());
});
test.after.each(removeBackground);

test('stop during a recording needs --drain or --now; --drain completes it', async (context) => {
  const { source, destination, stateDir } = context.folders;
  await start(context);
  const recording = record({ path: join(source, 'take.mxf'), bytesPerSecond: 2_000_000 });
  await until(async () => (await filesOn(stateDir))[0]?.status === 'GROWING_COPY', 10_000);
  const asked = await stop(context);
  assert.is(asked.code, 1);
  assert.match(asked.stderr, '1 recording is being copied, and the copy would fail; choose --drain or --now');
  const restart = await start(context, 'restart');
  assert.is(restart.code, 1);
  assert.match(restart.stderr, 'choose --drain, or run "sluice stop --now" first');
  assert.is((await stop(context, '--drain', '--now')).code, 2);
  assert.is((await filesOn(stateDir))[0]?.status, 'GROWING_COPY');
  let hasEnded = false;
  const draining = stop(context, '--drain').finally(() => {
    hasEnded = true;
  });
  await until(async () => (await readFile(join(stateDir, 'sluice.log'), 'utf8')).includes('stopping (drain)'), 10_000);
  assert.not(hasEnded, 'it waits for the recording');
  await recording.end();
  const drained = await draining;
  assert.is(drained.code, 0, drained.stderr);
  assert.equal(
    journaled(stateDir).map(({ status }) => status),
    ['COMPLETED'],
  );
  assert.is((await hashCopies(destination))['take.mxf'], (await hashTree(source))['take.mxf']);
});

test('stop --now: the recording fails, is reported as such, and the agent has stopped', async (context) => {
  const { source, stateDir } = context.folders;
  await start(context);
  const recording = record({ path: join(source, 'take.mxf'), bytesPerSecond: 2_000_000 });
  await until(async () => (await filesOn(stateDir))[0]?.status === 'GROWING_COPY', 10_000);
  const ended = await stop(context, '--now');
  assert.is(ended.code, 0, ended.stderr);
  assert.equal(
    journaled(stateDir).flatMap(({ error }) => error?.kind ?? []),
    ['agent_stopped'],
  );
  await recording.end();
});

test.run();
