import { chmod, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statPath } from '../src/listing/folder.ts';
import { createRules } from '../src/rules/rules.ts';
import { list, optionsFor, pathsOf } from './support/list.ts';
import { makeSource, routeOf, type Source } from './support/source.ts';

const test = suite<{ source: Source }>('listing');

test.before.each(async (context) => {
  context.source = await makeSource();
});
test.after.each(({ source }) => source.remove());

test('listSource: files of every depth, with size, mtime, mode and whether they may grow', async ({ source }) => {
  await source.write({ 'a.mov': 5, 'x/y/z/b.txt': 7, 'x/c': 0 });
  await chmod(source.path('a.mov'), 0o640);
  await utimes(source.path('a.mov'), 1_700_000_000, 1_700_000_000.123456);
  const { entries, failure, anything } = await list(source);
  assert.equal(
    [...entries].sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ path, mayGrow, fingerprint }) => [path, mayGrow, fingerprint.sizeBytes]),
    [
      ['a.mov', true, 5],
      ['x/y/z/b.txt', false, 7],
    ],
  );
  const movie = entries.find(({ path }) => path === 'a.mov');
  assert.is(movie?.mode, 0o640);
  assert.match(movie?.fingerprint.mtimeNs ?? '', /^1700000000123\d{6}$/);
  assert.is(failure, null);
  assert.is(anything, 6);
});

test('listSource: an empty folder has no entries, and is not a failure', async ({ source }) => {
  const nothing = { entries: [], anything: 0, youngEmptyCount: 0, selection: { leftAlone: [], unmatched: [] } };
  const { tree, ...listing } = await list(source);
  assert.equal(listing, { ...nothing, failure: null, unreadPath: null, unread: [], aside: [] });
  assert.equal([...tree.keys()], ['']);
});

test('listSource: a root that ends in a slash gives the same paths', async ({ source }) => {
  await source.write({ 'a.mov': 1, 'x/b.mov': 1 });
  assert.equal(pathsOf(await list(source, { root: `${source.root}/` })), ['a.mov', 'x/b.mov']);
});

test('listSource: lists a tree 200 folders deep', async ({ source }) => {
  const path = `${'d/'.repeat(200)}deep.mov`;
  await source.write({ [path]: 1 });
  assert.equal(pathsOf(await list(source)), [path]);
});

test('listSource: empty files younger than stable_after are counted, older ones are not', async ({ source }) => {
  await source.write({
    'young.mov': 0,
    'x/young.wav': 0,
    'old.mov': 0,
    '.dot': 0,
    'a.tmp': 0,
    'full.mov': 1,
    'ahead.mov': 0,
    'wrong-date.mov': 0,
  });
  await utimes(source.path('ahead.mov'), new Date(), new Date(Date.now() + 3_600_000));
  await utimes(source.path('wrong-date.mov'), 4_000_000_000, 4_000_000_000);
  await utimes(source.path('old.mov'), 1_700_000_000, 1_700_000_000);
  const { youngEmptyCount, entries } = await list(source);
  assert.equal([youngEmptyCount, entries.length], [3, 1]);
});

test('listSource: empty folders are counted and named; the source itself and a folder that holds only folders are not', async ({
  source,
}) => {
  await source.write({ 'day1/full.mov': 1, 'day2/empty.mov': 0 });
  await mkdir(source.path('card/CLIP/SUB'), { recursive: true });
  const { selection } = await list(source);
  assert.equal(selection.leftAlone, [
    { rule: 'empty', pattern: null, count: 2, folders: 1, examples: ['card/CLIP/SUB', 'day2/empty.mov'] },
  ]);
});

test('listSource: links are reported and never followed, not even in a circle', async ({ source }) => {
  await source.write({ 'x/a.mov': 1 });
  await symlink(source.root, source.path('x/up'));
  await symlink('.', source.path('here'));
  await symlink(source.path('x/a.mov'), source.path('link.mov'));
  await symlink('/nowhere/at/all', source.path('dangling'));
  const left: string[] = [];
  const listing = await list(source, { onSeen: (seen) => void (seen.left?.rule === 'symlink' && left.push(seen.entry.path)) });
  assert.equal(pathsOf(listing), ['x/a.mov']);
  assert.equal(left.sort(), ['dangling', 'here', 'link.mov', 'x/up']);
  assert.is(listing.failure, null);
});

test('listSource: an excluded folder is not entered', async ({ source }) => {
  await source.write({ 'a.mov': 1, 'proxy/deep/b.mov': 1, '.trash/c.mov': 1 });
  const rules = createRules(routeOf(source.root, { exclude: ['proxy/**'] }));
  const seen: string[] = [];
  const listing = await list(source, { rules, onSeen: ({ entry }) => void seen.push(entry.path) });
  assert.equal(pathsOf(listing), ['a.mov']);
  assert.equal(seen.sort(), ['.trash', 'a.mov', 'proxy']);
});

test('listSource: a missing root, or a file in its place, is a failure and not an empty source', async ({ source }) => {
  await source.write({ file: 1 });
  assert.is((await list(source, { root: source.path('nothing') })).failure, 'ENOENT');
  assert.is((await list(source, { root: source.path('file') })).failure, 'ENOTDIR');
});

test('listSource: files that vanish while the tree is listed are left out, without a failure', async ({ source }) => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${index % 2 === 0 ? 'even' : 'odd'}/${index}.mov`, 1]));
  await source.write({ ...files, 'stays.mov': 1, 'zz/late/gone.mov': 1 });
  let calls = 0;
  const pending: Promise<void>[] = [];
  const listing = await list(source, {
    // After the root was read: its folders are known by name, and are removed.
    onSeen: () =>
      void ((calls += 1) === 1 && pending.push(rm(source.path('even'), { recursive: true }), rm(source.path('zz'), { recursive: true }))),
  });
  await Promise.all(pending);
  assert.is(listing.failure, null);
  const paths = pathsOf(listing);
  assert.ok(paths.includes('stays.mov'));
  assert.is(paths.filter((path) => path.startsWith('odd/')).length, 20);
  assert.equal(
    pathsOf(await list(source)),
    paths.filter((path) => !path.startsWith('even/') && !path.startsWith('zz/')),
  );
});

test('listSource: files that constantly come and go never make it fail', async ({ source }) => {
  await source.write({ 'stays.mov': 1, 'x/stays.mov': 1 });
  let isOver = false;
  const churn = (async () => {
    for (let index = 0; !isOver; index += 1) {
      const from = source.path(`x/${index % 7}.mov`);
      await writeFile(from, 'x');
      if (index % 3 === 0) await rename(from, source.path(`x/${index % 7}_renamed.mov`));
      else await rm(from);
      await mkdir(source.path(`x/folder${index % 5}`), { recursive: true });
      await rm(source.path(`x/folder${(index + 2) % 5}`), { recursive: true, force: true });
    }
  })();
  for (let round = 0; round < 100; round += 1) {
    const listing = await list(source);
    assert.is(listing.failure, null);
    assert.ok(pathsOf(listing).includes('stays.mov') && pathsOf(listing).includes('x/stays.mov'));
  }
  isOver = true;
  await churn;
});

test('listSource: a name that is not valid UTF-8 is reported as such, and so is everything below it', async ({ source }) => {
  await source.write({ 'good.mov': 1, 'ünï.mov': 1 });
  await writeFile(rawPath(source, 'b\xe4d.mov'), 'x');
  await mkdir(rawPath(source, 'f\xf6lder'));
  await mkdir(rawPath(source, 'f\xf6lder/sub'));
  await writeFile(rawPath(source, 'f\xf6lder/sub/inside.mov'), 'xyz');
  const { entries, failure } = await list(source);
  assert.is(failure, null);
  assert.equal(Object.fromEntries(entries.map(({ path, nameValid }) => [path, nameValid])), {
    'good.mov': true,
    'ünï.mov': true,
    'b\ufffdd.mov': false,
    'f\ufffdlder/sub/inside.mov': false,
  });
});

test('listSource: names that look the same are one entry: of those that cannot be copied the newest, in any order', async ({ source }) => {
  const groups = Array.from({ length: 8 }, (_, index) => `clip${index}`);
  for (const [index, group] of groups.entries()) {
    for (const [number, letter] of [...(index % 2 === 0 ? ['\xe4', '\xe5', '\xf6'] : ['\xf5', '\xf6', '\xff']), '\xef\xbf\xbd'].entries()) {
      const path = rawPath(source, `${group}${letter}.mov`);
      await writeFile(path, 'x'.repeat(1 + number));
      await utimes(path, 1, number === 3 ? 9_000 : 1_000 + ((number + index) % 3));
    }
  }
  const { entries } = await list(source);
  assert.equal(
    [...entries]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ path, nameValid, fingerprint }) => [path, nameValid, fingerprint.mtimeNs]),
    groups.map((group) => [`${group}\ufffd.mov`, false, '1002000000000']),
  );
});

test('listSource: names with line breaks, quotes, escapes and blanks are kept', async ({ source }) => {
  const names = ['a\nb.mov', '\nx.mov', ' .mov', '"quoted\'.mov', '\u001b[2J.mov', 'back\\slash.mov', '-rf', '[x]*.mov', 'd\nir/in.mov'];
  await source.write(Object.fromEntries(names.map((name) => [name, 1])));
  assert.equal(pathsOf(await list(source)), [...names].sort());
});

test('statPath: gives the same result as a listing for one path', async ({ source }) => {
  await source.write({ 'x/a.mov': 3, '.hidden/b.mov': 1, 'c.tmp': 1 });
  await symlink('x', source.path('link'));
  const options = optionsFor(source);
  assert.equal(
    [(await statPath(options, 'x/a.mov'))?.entry, (await statPath(options, 'x/a.mov'))?.left],
    [{ path: 'x/a.mov', kind: 'file', sizeBytes: 3 }, null],
  );
  assert.is((await statPath(options, 'c.tmp'))?.left?.rule, 'temporary');
  assert.is((await statPath(options, 'link'))?.left?.rule, 'symlink');
  assert.is(await statPath(options, '.hidden/b.mov'), null);
  assert.is(await statPath(options, 'nothing.mov').catch((error: NodeJS.ErrnoException) => error.code), 'ENOENT');
});

/** Returns bytes that are not text, written as the characters with the same numbers. */
function rawPath(source: Source, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${source.root}/`), Buffer.from(name, 'latin1')]);
}

test.run();
