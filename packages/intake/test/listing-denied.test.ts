// real: depends on the user who runs the tests
import { execFileSync } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { getuid, setegid, seteuid } from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { list, pathsOf } from './support/list.ts';
import { makeSource, type Source } from './support/source.ts';

const test = suite<{ source: Source }>('listing denied');

test.before.each(async (context) => {
  context.source = await makeSource();
});
test.after.each(({ source }) => source.remove());

test('listSource: a folder that cannot be read makes the listing partial; the rest is listed', async ({ source }) => {
  await source.write({ 'a.mov': 1, 'locked/b.mov': 1, 'c/d.mov': 1 });
  await chmod(source.path('locked'), 0);
  const listing = await asNobody(source, () => list(source));
  assert.equal([pathsOf(listing), listing.failure, listing.unreadPath], [['a.mov', 'c/d.mov'], 'EACCES', 'locked']);
});

test('listSource: a folder that may be read but not entered makes the listing partial', async ({ source }) => {
  await source.write({ 'a.mov': 1, 'locked/b.mov': 1 });
  await chmod(source.path('locked'), 0o444);
  const listing = await asNobody(source, () => list(source));
  assert.equal([pathsOf(listing), listing.failure, listing.unreadPath], [['a.mov'], 'EACCES', 'locked']);
});

test('listSource: of several folders that cannot be read the first by its path is named, every time', async ({ source }) => {
  const folders = ['z', 'day1/locked', 'm/n', 'day2', 'k', 'y'];
  await source.write(Object.fromEntries(folders.map((folder) => [`${folder}/a.mov`, 1])));
  for (const folder of folders) await chmod(source.path(folder), 0);
  for (let round = 0; round < 5; round += 1) assert.is((await asNobody(source, () => list(source))).unreadPath, 'day1/locked');
  // What clears up afterwards is the user who runs the tests.
  for (const folder of folders) await chmod(source.path(folder), 0o755);
});

test('listSource: a root that cannot be read is a failure', async ({ source }) => {
  await source.write({ 'a.mov': 1 });
  await chmod(source.root, 0);
  const listing = await asNobody(source, () => list(source));
  assert.equal([pathsOf(listing), listing.failure, listing.unreadPath], [[], 'EACCES', null]);
});

/** Root may read everything, so it becomes another user for the time of the work. */
async function asNobody<Result>(source: Source, work: () => Promise<Result>): Promise<Result> {
  if (getuid?.() !== 0) return work();
  const locked = (await readdir(source.root).catch(() => [])).filter((name) => name === 'locked');
  await chmod(source.path('..'), 0o755);
  for (const name of locked) execFileSync('chown', ['65534', source.path(name)]);
  execFileSync('chown', ['65534', source.root]);
  setegid?.(65534);
  seteuid?.(65534);
  try {
    return await work();
  } finally {
    seteuid?.(0);
    setegid?.(0);
    await chmod(source.root, 0o755);
    for (const name of locked) await chmod(source.path(name), 0o755);
  }
}

test.run();
