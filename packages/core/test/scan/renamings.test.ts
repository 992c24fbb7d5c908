import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/model/limits.ts';
import { inGroups, type Renamed } from '../../src/scan/renamings.ts';

const renamed = (...pairs: readonly (readonly [from: string, to: string])[]): Renamed[] =>
  pairs.map(([from, to]) => ({ from, to, isCopied: true }));

/** Returns how many files are in a folder. */
const texts = (files: readonly Renamed[], below: Readonly<Record<string, number>> = {}): string[] =>
  inGroups(files, (folder) => below[folder] ?? 0).map(({ what, from, to, files: count }) => `${what} ${from} > ${to} (${count})`);

test('inGroups: each renamed file is a group', () => {
  assert.equal(texts(renamed(['a.mxf', 'b.mxf'], ['day1/c.mxf', 'day1/d.mxf'])), [
    'file a.mxf > b.mxf (1)',
    'file day1/c.mxf > day1/d.mxf (1)',
  ]);
});

test('inGroups: a folder with all its files is one group', () => {
  const files = renamed(['day1/a.mxf', 'take/a.mxf'], ['day1/x/b.mxf', 'take/x/b.mxf']);
  assert.equal(texts(files, { take: 2 }), ['folder day1 > take (2)']);
  assert.equal(texts(renamed(['a/day1/x/b.mxf', 'a/take/x/b.mxf']), { 'a/take': 1 }), ['folder a/day1 > a/take (1)']);
});

test('inGroups: files were moved, not their folder, if other files stay or were there before', () => {
  const files = renamed(['day1/a.mxf', 'take/a.mxf'], ['day1/b.mxf', 'take/b.mxf']);
  assert.equal(texts(files, { take: 2, day1: 1 }), ['files_of_folder day1 > take (2)']);
  assert.equal(texts(files, { take: 3 }), ['files_of_folder day1 > take (2)']);
  assert.equal(texts(renamed(['a.mxf', 'take/a.mxf'], ['b.mxf', 'take/b.mxf'])), ['files_of_folder  > take (2)']);
  assert.equal(texts(renamed(['day1/a.mxf', 'take/a.mxf']), { day1: 1, take: 1 }), ['file day1/a.mxf > take/a.mxf (1)']);
});

test('inGroups: up to the limit groups are named, and the others are counted', () => {
  const files = renamed(...Array.from({ length: limits.renamesNamed + 5 }, (_, index) => [`a${index}`, `b${index}`] as const));
  const groups = texts(files);
  assert.is(groups.length, limits.renamesNamed + 1);
  assert.is(groups.at(-1), `file a${limits.renamesNamed} > b${limits.renamesNamed} (5)`);
});

test.run();
