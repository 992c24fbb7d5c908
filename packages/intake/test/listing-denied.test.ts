// real: depends on the rights of a user
import { chmod } from 'node:fs/promises';
import { getuid, setegid, seteuid } from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Listing } from '../src/listing/listing.ts';
import { list, pathsOf } from './support/list.ts';
import { makeSource, type Source } from './support/source.ts';

const test = suite<{ source: Source }>('listing denied');
const nobody = 65_534;

test.before.each(async (context) => {
  context.source = await makeSource();
});
test.after.each(({ source }) => source.remove());

/** Lists as a user with the rights that these modes of folders give. Root may read everything, so it acts as another user. */
async function listDenied(source: Source, modes: Readonly<Record<string, number>>): Promise<Listing> {
  await chmod(source.path('..'), 0o755);
  for (const [folder, mode] of Object.entries(modes)) await chmod(source.path(folder), mode);
  const isRoot = getuid?.() === 0;
  if (isRoot) actAs(nobody);
  try {
    return await list(source);
  } finally {
    if (isRoot) actAs(0);
    for (const folder of Object.keys(modes)) await chmod(source.path(folder), 0o755);
  }
}

function actAs(id: number): void {
  // Only root may change its group, so that is restored last.
  if (id !== 0) setegid?.(id);
  seteuid?.(id);
  if (id === 0) setegid?.(id);
}

test('listSource: an unreadable folder makes the listing partial, and the rest is listed', async ({ source }) => {
  await source.write({ 'a.mov': 1, 'locked/b.mov': 1, 'c/d.mov': 1 });
  const listing = await listDenied(source, { locked: 0 });
  assert.equal([pathsOf(listing), listing.failure, listing.unreadPath], [['a.mov', 'c/d.mov'], 'EACCES', 'locked']);
});

test('listSource: a folder that may be read but not entered makes the listing partial', async ({ source }) => {
  await source.write({ 'a.mov': 1, 'locked/b.mov': 1 });
  const listing = await listDenied(source, { locked: 0o444 });
  assert.equal([pathsOf(listing), listing.failure, listing.unreadPath], [['a.mov'], 'EACCES', 'locked']);
});

test('listSource: of several unreadable folders the first by path is named, every time', async ({ source }) => {
  const folders = ['z', 'day1/locked', 'm/n', 'day2', 'k', 'y'];
  await source.write(Object.fromEntries(folders.map((folder) => [`${folder}/a.mov`, 1])));
  const modes = Object.fromEntries(folders.map((folder) => [folder, 0]));
  for (let round = 0; round < 5; round += 1) assert.is((await listDenied(source, modes)).unreadPath, 'day1/locked');
});

test('listSource: an unreadable root is a failure', async ({ source }) => {
  await source.write({ 'a.mov': 1 });
  const listing = await listDenied(source, { '': 0 });
  assert.equal([pathsOf(listing), listing.failure, listing.unreadPath], [[], 'EACCES', null]);
});

test.run();
