import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseMounts, realPathOfAncestor, realPathOnLocalMounts, resolvePath } from '../src/locations/resolve.ts';
import { freshFolder } from './support.ts';

const noMounts = new Map<string, string>();

function linkedFolder(): string {
  const folder = freshFolder();
  mkdirSync(path.join(folder, 'real/Deep'), { recursive: true });
  symlinkSync('real', path.join(folder, 'relative'));
  symlinkSync(path.join(folder, 'relative/Deep'), path.join(folder, 'absolute'));
  symlinkSync('../real/./Deep', path.join(folder, 'real/up'));
  symlinkSync('circle', path.join(folder, 'circle'));
  symlinkSync('gone/away', path.join(folder, 'dangling'));
  return folder;
}

const cases: readonly [string, string][] = [
  ['real/Deep', 'real/Deep'],
  ['relative/Deep/new/x', 'real/Deep/new/x'],
  ['absolute/y', 'real/Deep/y'],
  ['real/up/z', 'real/Deep/z'],
  ['relative/../real', 'real'],
  ['dangling/z', 'gone/away/z'],
  ['circle/z', 'circle/z'],
];
for (const [given, expected] of cases) {
  test(`realPathOnLocalMounts makes ${expected} of ${given}`, () => {
    const folder = linkedFolder();
    assert.is(realPathOnLocalMounts(path.join(folder, given), noMounts), path.join(folder, expected));
  });
}

test('realPathOnLocalMounts never reads a mount that might hang', () => {
  const folder = linkedFolder();
  const mounts = new Map([[path.join(folder, 'relative'), 'nfs4']]);
  assert.is(realPathOnLocalMounts(path.join(folder, 'relative/Deep'), mounts), path.join(folder, 'relative/Deep'));
  assert.is(realPathOnLocalMounts(path.join(folder, 'absolute/q'), mounts), path.join(folder, 'relative/Deep/q'));
  assert.is(realPathOnLocalMounts(path.join(folder, 'relative/Deep'), new Map([[folder, 'ext4']])), path.join(folder, 'real/Deep'));
});

test('realPathOfAncestor gives the same result on mounts that answer', async () => {
  const folder = linkedFolder();
  assert.is(await realPathOfAncestor(path.join(folder, 'absolute/new/x')), path.join(folder, 'real/Deep/new/x'));
});

test('resolvePath returns the path as given if the answer is an error or does not come in time', async () => {
  assert.is(await resolvePath('/a/../b/./c', 5, () => new Promise(() => undefined)), '/b/c');
  assert.is(await resolvePath('/a/b/', 5000, () => Promise.reject(new Error('no'))), '/a/b');
  assert.is(await resolvePath('/a', 5000, () => Promise.resolve('/z')), '/z');
});

test('parseMounts reads escaped mount points and keeps the topmost mount', () => {
  const mounts = parseMounts(
    '36 35 98:0 / /mnt/a\\040b rw - ext4 /dev/x rw\n37 36 0:9 / /mnt/a\\040b rw shared:1 - nfs4 nas:/x rw\nnonsense\n',
  );
  assert.equal([...mounts], [['/mnt/a b', 'nfs4']]);
});

test.run();
