import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, makeFile, makeFolders } from '../bed/folders.ts';
import { bytesThere } from '../bed/outage.ts';
import { assertPromises } from '../bed/promises.ts';
import { startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('a crash');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

test('kill -9 in the middle of a copy: the next run completes everything and breaks no promise', async ({ folders }) => {
  const { source: from, destination: to, stateDir } = folders;
  for (const name of ['a.mxf', 'b.mov']) await makeFile(join(from, name), 6_000_000);
  const killed = startAgent({ from, to, stateDir, args: ['--max-rate', '4MB'] });
  await until(() => bytesThere(to, 'a.mxf') > 0, 20_000);
  killed.kill('SIGKILL');
  assert.is(await killed.ended, null);
  const next = startAgent({ from, to, stateDir, args: ['--until-idle'] });
  assert.is(await next.ended, 0, next.complaints());
  await assertPromises(folders, {});
});

test('kill -9 again and again while a batch of small files is copied: the last run finishes everything and breaks no promise', async ({
  folders,
}) => {
  const { source: from, destination: to, stateDir } = folders;
  for (let number = 0; number < 400; number += 1) await makeFile(join(from, `d${number % 5}`, `f${number}.dat`), 16_384);
  const theirs = 'd0/f5.dat';
  await makeFile(join(to, theirs), 16_384);
  const before = await hashCopies(to);
  let published = 1;
  // A batch has 128 files, and each kill comes at another step of one: the last at the end of the first batch, or in a later one.
  for (const more of [0, 40, 90]) {
    const killed = startAgent({ from, to, stateDir });
    published += more;
    const isFarEnough = async (): Promise<boolean> => {
      const names = await readdir(to, { recursive: true });
      const files = names.filter((name) => name.endsWith('.dat'));
      return more === 0 ? names.some((name) => name.endsWith('.part')) : files.length >= published;
    };
    await until(isFarEnough, 30_000);
    killed.kill('SIGKILL');
    assert.is(await killed.ended, null);
    published = (await readdir(to, { recursive: true })).filter((name) => name.endsWith('.dat')).length;
  }
  const next = startAgent({ from, to, stateDir, args: ['--until-idle'] });
  assert.is(await next.ended, 0, next.complaints());
  await assertPromises(folders, before);
});

test.run();
