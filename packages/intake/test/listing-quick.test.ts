// real: reads folders
import { appendFile, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ListingOptions } from '../src/listing/folder.ts';
import { listQuickly, listSource } from '../src/listing/listing.ts';
import { createRules } from '../src/rules/rules.ts';
import { makeSource, routeOf, type Source } from './support/source.ts';

const test = suite<{ source: Source }>('quick listing');

test.before.each(async (context) => {
  context.source = await makeSource();
});
test.after.each(({ source }) => source.remove());

interface Counted extends ListingOptions {
  calls: number;
}

/** @param restedMs how long ago everything was changed, as the listing sees it */
function optionsFor(source: Source, { isOwnDisk = true, restedMs = 10_000 } = {}): Counted {
  const options: Counted = {
    root: source.root,
    rules: createRules(routeOf(source.root)),
    stableAfterMs: 1_000,
    now: Date.now() + restedMs,
    isOwnDisk,
    calls: 0,
    onCall: () => void (options.calls += 1),
  };
  return options;
}

/** Returns the result of the second listing, as paths. */
function brief(listing: Awaited<ReturnType<typeof listQuickly>>) {
  if (listing === null) return null;
  return { found: listing.entries.map(({ path }) => path).sort(), lacking: [...listing.lacking].sort(), count: listing.entryCount };
}

for (const isOwnDisk of [true, false]) {
  const where = isOwnDisk ? 'on an own disk' : 'elsewhere';

  test(`listQuickly: finds what came and what went, at any depth, ${where}`, async ({ source }) => {
    await source.write({ 'a.mov': 1, 'day1/b.mov': 1, 'day1/x/c.mov': 1, 'day2/d.mov': 1, 'day3/e.mov': 1 });
    const options = optionsFor(source, { isOwnDisk });
    const { tree } = await listSource(options);
    await source.write({ 'day1/x/new.mov': 1, 'day4/y/z.mov': 1 });
    await rm(source.path('day2'), { recursive: true });
    await rm(source.path('a.mov'));
    const listing = brief(await listQuickly(options, tree));
    assert.equal(listing?.lacking, ['a.mov', 'day2/d.mov']);
    for (const path of ['day1/x/new.mov', 'day4/y/z.mov']) assert.ok(listing?.found.includes(path), path);
    assert.is(listing?.count, 5);
    assert.equal(brief(await listQuickly({ ...options, now: Date.now() + 20_000 }, tree))?.lacking, []);
  });

  test(`listQuickly: among 1,200 names of a folder, a folder and a link that replaced known files are no longer files, ${where}`, async ({
    source,
  }) => {
    const names = Array.from({ length: 1_200 }, (_, index) => `a${String(index).padStart(4, '0')}.mov`);
    await source.write(Object.fromEntries(names.map((name) => [name, 1])));
    const options = optionsFor(source, { isOwnDisk });
    const { tree } = await listSource(options);
    for (const name of ['a0003.mov', 'a0700.mov', 'a1100.mov']) await rm(source.path(name));
    await source.write({ 'a0003.mov/b.mov': 1, 'a1100.mov/b.mov': 1, 'new.mov': 1 });
    await symlink('new.mov', source.path('a0700.mov'));
    const listing = brief(await listQuickly(options, tree));
    assert.equal(listing, {
      found: ['a0003.mov/b.mov', 'a1100.mov/b.mov', 'new.mov'],
      lacking: ['a0003.mov', 'a0700.mov', 'a1100.mov'],
      count: 1_200,
    });
  });

  test(`listQuickly: finds both names of a folder that was renamed, ${where}`, async ({ source }) => {
    await source.write({ 'day1/x/a.mov': 1, 'day1/b.mov': 1 });
    const options = optionsFor(source, { isOwnDisk });
    const { tree } = await listSource(options);
    await rename(source.path('day1'), source.path('day2'));
    assert.equal(brief(await listQuickly(options, tree)), {
      found: ['day2/b.mov', 'day2/x/a.mov'],
      lacking: ['day1/b.mov', 'day1/x/a.mov'],
      count: 2,
    });
  });
}

test('listQuickly: folders that have not changed are not read, and cost one call each', async ({ source }) => {
  await source.write(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`d${index % 10}/${index}.mov`, 1])));
  const options = optionsFor(source);
  const { tree } = await listSource(options);
  options.calls = 0;
  assert.equal(brief(await listQuickly(options, tree)), { found: [], lacking: [], count: 200 });
  assert.is(options.calls, 11);
});

test('listQuickly: a folder that changed a moment ago is read again, because a later change may have the same time', async ({ source }) => {
  await source.write({ 'day1/a.mov': 1 });
  const options = optionsFor(source, { restedMs: 0 });
  const { tree } = await listSource(options);
  assert.equal(
    [...tree.values()].map(({ stamp }) => stamp),
    [null, null],
  );
  assert.equal(brief(await listQuickly(options, tree))?.found, ['day1/a.mov']);
});

test('listQuickly: an empty file that is written to is found, although its folder has not changed', async ({ source }) => {
  await source.write({ 'day1/a.mov': 1, 'day1/empty.mov': 0 });
  const options = optionsFor(source);
  const { tree, entries } = await listSource(options);
  assert.is(entries.length, 1);
  await appendFile(source.path('day1/empty.mov'), 'x');
  assert.ok(brief(await listQuickly(options, tree))?.found.includes('day1/empty.mov'));
});

test('listQuickly: a folder that was replaced by another one is read, whatever its times', async ({ source }) => {
  await source.write({ 'day1/a.mov': 1, 'other/b.mov': 1 });
  const options = optionsFor(source);
  const { tree } = await listSource(options);
  const before = new Date(1_700_000_000_000);
  await utimes(source.path('other'), before, before);
  await rm(source.path('day1'), { recursive: true });
  await rename(source.path('other'), source.path('day1'));
  await utimes(source.root, before, before);
  assert.equal(brief(await listQuickly(options, tree)), { found: ['day1/b.mov'], lacking: ['day1/a.mov', 'other/b.mov'], count: 1 });
});

test('listQuickly: a link in place of a folder is not followed', async ({ source }) => {
  await source.write({ 'day1/a.mov': 1 });
  await mkdir(source.path('../secret'));
  await writeFile(source.path('../secret/key.mov'), 'x');
  const options = optionsFor(source);
  const { tree } = await listSource(options);
  await rm(source.path('day1'), { recursive: true });
  await symlink(source.path('../secret'), source.path('day1'));
  assert.equal(brief(await listQuickly(options, tree)), { found: [], lacking: ['day1/a.mov'], count: 0 });
});

test('listQuickly: in a folder with many names only new ones are examined', async ({ source }) => {
  source.fill(Array.from({ length: 1_200 }, (_, index) => `${index}.mov`));
  const options = optionsFor(source);
  const { tree } = await listSource(options);
  await source.write({ 'new.mov': 1 });
  await rm(source.path('7.mov'));
  options.calls = 0;
  assert.equal(brief(await listQuickly(options, tree)), { found: ['new.mov'], lacking: ['7.mov'], count: 1_200 });
  assert.ok(options.calls < 10, `${options.calls} calls`);
});

test('listQuickly: a folder with more files than a call takes arguments may disappear', async ({ source }) => {
  await source.write({ 'big/a.mov': 1, 'b.mov': 1 });
  const options = optionsFor(source);
  const { tree } = await listSource(options);
  const known = tree.get('big');
  for (let index = 0; index < 300_000; index += 1) known?.files.add(`big/${index}.mov`);
  await rm(source.path('big'), { recursive: true });
  assert.is((await listQuickly(options, tree))?.lacking.length, 300_001);
});

test('listQuickly: returns null for what only a full listing can judge', async ({ source }) => {
  await source.write({ 'day1/a.mov': 1 });
  const options = optionsFor(source);
  const { tree } = await listSource(options);
  await writeFile(Buffer.concat([Buffer.from(`${source.root}/day1/`), Buffer.from([0x61, 0xff])]), 'x');
  assert.is(await listQuickly(options, tree), null);
  assert.is(await listQuickly(options, new Map()), null);
});

test.run();
