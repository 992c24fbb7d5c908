import { closeSync, constants, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callsFor } from '../../src/files/file-calls.ts';
import { errnoOf } from '../../src/system-calls.ts';

const test = suite<{ root: string }>('file calls');

test.before.each((context) => {
  context.root = mkdtempSync(join(tmpdir(), 'sluice-calls-'));
  writeFileSync(join(context.root, 'a'), 'first');
});
test.after.each(({ root }) => rmSync(root, { recursive: true }));

for (const isOwnDisk of [true, false]) {
  const where = isOwnDisk ? 'on a disk of this machine' : 'elsewhere';

  test(`callsFor: ${where} a name that is missing is null, and any other failure has its errno`, async ({ root }) => {
    const calls = callsFor(() => isOwnDisk);
    assert.is(await calls.lstat(join(root, 'none')), null);
    assert.is((await calls.lstat(join(root, 'a')))?.size, 5n);
    const codes = await Promise.all(
      [
        () => calls.lstat(join(root, 'a', 'b')),
        () => calls.open(join(root, 'none'), constants.O_RDONLY),
        () => calls.mkdir(root, 0o700),
      ].map(async (call) => {
        try {
          await call();
          return 'done';
        } catch (error) {
          return errnoOf(error);
        }
      }),
    );
    assert.equal(codes, ['ENOTDIR', 'ENOENT', 'EEXIST']);
  });

  test(`callsFor: ${where} a file is read, written and closed, and refuses what comes after its close`, async ({ root }) => {
    const file = await callsFor(() => isOwnDisk).open(join(root, 'a'), constants.O_RDWR);
    await file.write(Buffer.from('F'), 0, 1, 0);
    const into = Buffer.alloc(8);
    assert.is((await file.read(into, 0, 8, 0)).bytesRead, 5);
    assert.is(into.toString('utf8', 0, 5), 'First');
    await file.close();
    assert.is(file.fd, -1);
    const code = await (async () => await file.stat({ bigint: true }))().then(() => 'answered', errnoOf);
    assert.is(code, 'EBADF');
  });
}

test('callsFor: a close waits for the sync under way, so that its descriptor is not another file in the meantime', async ({ root }) => {
  const file = await callsFor(() => true).open(join(root, 'a'), constants.O_RDWR);
  const { fd } = file;
  const syncing = file.sync();
  const closing = file.close();
  assert.instance(closing, Promise);
  const other = openSync(join(root, 'b'), 'w');
  assert.is.not(other, fd);
  closeSync(other);
  await Promise.all([syncing, closing]);
});

test('callsFor: on a disk of this machine a folder has exactly the requested mode at once, whatever the umask', async ({ root }) => {
  // Windows has no modes.
  if (process.platform === 'win32') return;
  const before = process.umask(0o077);
  try {
    const calls = callsFor(() => true);
    await calls.mkdir(join(root, 'shared'), 0o775);
    assert.is(statSync(join(root, 'shared')).mode & 0o777, 0o775);
    assert.throws(() => calls.mkdir(join(root, 'shared'), 0o775), /EEXIST/u);
    assert.is(process.umask(0o077), 0o077);
  } finally {
    process.umask(before);
  }
});

test.run();
