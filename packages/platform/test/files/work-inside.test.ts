import { chmodSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openFolderBelow } from '../../src/files/open-folders.ts';
import { settleAtRoot, workInside } from '../../src/files/work-inside.ts';

const test = suite<{ root: string; before: string }>('work inside a folder');

test.before.each((context) => {
  context.before = process.cwd();
  context.root = mkdtempSync(join(tmpdir(), 'sluice-inside-'));
  mkdirSync(join(context.root, 'day1'));
  writeFileSync(join(context.root, 'day1', 'a'), 'four');
  settleAtRoot();
});
test.after.each(({ root, before }) => {
  process.chdir(before);
  rmSync(root, { recursive: true });
});

const inDay1 = async <Result>(root: string, work: (sizeOf: (name: string) => number) => Result): Promise<Result> => {
  const folder = await openFolderBelow(root, ['day1']);
  try {
    return workInside(folder, (pathOf) => work((name) => lstatSync(pathOf(name)).size));
  } finally {
    await folder.close();
  }
};

const isLinux = process.platform === 'linux';

test('workInside: the folder is entered, and not kept busy after that', async ({ root }) => {
  const home = process.cwd();
  let inside = '';
  const size = await inDay1(root, (sizeOf) => {
    inside = process.cwd();
    return sizeOf('a');
  });
  assert.is(size, 4);
  if (isLinux) assert.is(inside, join(root, 'day1'));
  assert.is(process.cwd(), home);
});

test('workInside: another working directory than / is not left, because to return to it may wait for a share that hangs', async ({
  root,
}) => {
  process.chdir(root);
  const elsewhere = process.cwd();
  const seen = await inDay1(root, (sizeOf) => [process.cwd(), sizeOf('a')]);
  assert.equal(seen, [elsewhere, 4]);
  assert.is(process.cwd(), elsewhere);
});

test('workInside: in a working directory that was removed it works too', async ({ root }) => {
  mkdirSync(join(root, 'gone'));
  process.chdir(join(root, 'gone'));
  // Windows refuses to remove it.
  if (isLinux) rmSync(join(root, 'gone'), { recursive: true });
  assert.is(await inDay1(root, (sizeOf) => sizeOf('a')), 4);
});

test('workInside: after work that throws, the folder is not kept busy either', async ({ root }) => {
  let error: unknown = null;
  await inDay1(root, (sizeOf) => sizeOf('none')).catch((thrown: unknown) => {
    error = thrown;
  });
  assert.match(String(error), /ENOENT/u);
  if (isLinux) assert.is(process.cwd(), '/');
});

test('workInside: a folder that is replaced by a link meanwhile is not left', async ({ root }) => {
  mkdirSync(join(root, 'other'));
  writeFileSync(join(root, 'other', 'a'), 'of somebody else');
  const size = await inDay1(root, (sizeOf) => {
    renameSync(join(root, 'day1'), join(root, 'moved'));
    symlinkSync('other', join(root, 'day1'));
    return sizeOf('a');
  });
  if (isLinux) assert.is(size, 4);
});

test('workInside: the names in the root are reached by their paths', async ({ root }) => {
  const size = workInside(await openFolderBelow(root, []), (pathOf) => lstatSync(pathOf(join('day1', 'a'))).size);
  assert.is(size, 4);
  if (isLinux) assert.is(process.cwd(), '/');
});

test('workInside: a folder that may not be searched gives the error of the call', async ({ root }) => {
  // Root may search every folder.
  if (process.getuid?.() === 0 || process.platform === 'win32') return;
  chmodSync(join(root, 'day1'), 0o400);
  try {
    await inDay1(root, (sizeOf) => sizeOf('a'));
    assert.unreachable('it was searched');
  } catch (error) {
    assert.match(String(error), /EACCES/u);
  } finally {
    chmodSync(join(root, 'day1'), 0o700);
  }
});

test.run();
