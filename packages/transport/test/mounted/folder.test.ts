// real: makes a pipe and a socket
import { spawnSync } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountIdOfPath, resolveUnder } from '@sluice/platform';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mountedFolder, spaceOf } from '../../src/mounted/folder.ts';
import type { OpenHow, Storage } from '../../src/storage/storage.ts';
import { bytesOf } from '../support/files.ts';
import { codeOfFailure } from '../support/marker-folder.ts';

const claim = (name: string, work: (storage: Storage, root: string) => Promise<void>): void => {
  test(name, async () => {
    const root = await mkdtemp(join(tmpdir(), 'sluice-folder-'));
    try {
      await work(mountedFolder(root), root);
    } finally {
      await rm(root, { recursive: true });
    }
  });
};

for (const [path, expected] of [
  ['', '/root'],
  ['a', '/root/a'],
  ['a/b c/d.mxf', '/root/a/b c/d.mxf'],
  ['...', '/root/...'],
  ['a/..b', '/root/a/..b'],
  ['a\\b', '/root/a\\b'],
  ['\n', '/root/\n'],
] as const) {
  test(`resolveUnder: ${JSON.stringify(path)} is ${JSON.stringify(expected)}`, () => {
    assert.is(resolveUnder('/root', path), expected);
    assert.is(resolveUnder('/root/', path), path === '' ? '/root/' : expected);
  });
}

for (const path of ['..', '.', '/', '/etc/passwd', 'a/../b', 'a//b', 'a/', './a', 'a/..', 'a\0b']) {
  claim(`Storage: no call leads out of the root with ${JSON.stringify(path)}`, async (storage) => {
    const calls = [
      () => storage.open(path, 'read'),
      () => storage.open(path, { create: 0o644 }),
      () => storage.stat(path),
      () => storage.makeFolder(path, 0o755, null),
      () => storage.link(path, 'x'),
      () => storage.link('x', path),
      () => storage.rename(path, 'x'),
      () => storage.rename('x', path),
      () => storage.unlink(path),
      () => storage.syncFolder(path),
    ];
    for (const call of calls) assert.is(await codeOfFailure(call), 'EINVAL');
  });
}

claim('Storage.open: never follows a link to a file', async (storage, root) => {
  await writeFile(join(root, 'real'), 'x');
  await symlink('real', join(root, 'link'));
  await symlink('missing', join(root, 'dangling'));
  for (const how of ['read', 'write', 'read_direct'] as const)
    assert.is(await codeOfFailure(() => storage.open('link', how)), 'ELOOP', how);
  for (const name of ['link', 'dangling']) assert.is(await codeOfFailure(() => storage.open(name, { create: 0o644 })), 'EEXIST', name);
  assert.is((await storage.stat('link'))?.kind, 'other');
  await storage.link('link', 'second');
  assert.is(await readlink(join(root, 'second')), 'real');
  await storage.unlink('link');
  assert.is(await readFile(join(root, 'real'), 'utf8'), 'x');
});

claim('Storage.open: anything but a regular file is refused at once, without waiting for it', async (storage, root) => {
  await mkdir(join(root, 'folder'));
  assert.is(spawnSync('mkfifo', [join(root, 'fifo')]).status, 0);
  const server = createServer().listen(join(root, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  for (const [name, code] of [
    ['folder', 'EFTYPE'],
    ['fifo', 'EFTYPE'],
    ['socket', 'ENXIO'],
  ] as const) {
    assert.is(await codeOfFailure(() => storage.open(name, 'read')), code, name);
    assert.is(await codeOfFailure(() => storage.open(name, { create: 0o644 })), 'EEXIST', name);
  }
  assert.is((await storage.stat('fifo'))?.kind, 'other');
  assert.is((await storage.stat('folder'))?.kind, 'folder');
  await new Promise((resolve) => server.close(resolve));
});

claim('Storage.open: `folder` opens a folder and refuses a file', async (storage, root) => {
  await writeFile(join(root, 'file'), '');
  for (const path of ['', 'sub']) {
    if (path !== '') await storage.makeFolder(path, 0o755, null);
    const folder = await storage.open(path, 'folder');
    assert.is(folder.mountId, mountIdOfPath(root));
    assert.is((await folder.facts()).kind, 'folder');
    await folder.close();
  }
  assert.is(await codeOfFailure(() => storage.open('file', 'folder')), 'ENOTDIR');
});

for (const how of ['read', 'write', 'folder', 'read_direct'] as const satisfies readonly OpenHow[]) {
  claim(`Storage.open: ${how} creates nothing`, async (storage, root) => {
    assert.is(await codeOfFailure(() => storage.open('missing', how)), 'ENOENT');
    assert.is(await storage.stat('missing'), null);
    assert.is(await storage.stat('no folder/missing'), null);
    await rm(root, { recursive: true });
    assert.is(await codeOfFailure(() => storage.open('', how)), 'ENOENT');
    assert.is(await codeOfFailure(() => storage.open('a', { create: 0o644 })), 'ENOENT');
    assert.is(await codeOfFailure(() => storage.makeFolder('a', 0o755, null)), 'ENOENT');
    assert.is(await codeOfFailure(() => storage.room()), 'ENOENT');
    await mkdir(root);
  });
}

claim('Storage.open: write leaves an existing file as it is; create applies the given mode', async (storage, root) => {
  await writeFile(join(root, 'a'), 'abcdef');
  const file = await storage.open('a', 'write');
  await file.write(Buffer.from('X'), 2);
  await file.close();
  assert.is(await readFile(join(root, 'a'), 'utf8'), 'abXdef');
  const made = await storage.open('b', { create: 0o640 });
  await made.close();
  assert.is(Number((await storage.stat('b'))?.mode) & 0o700, 0o600);
});

claim('OpenFile: reads and writes at an offset; a read of 0 bytes is the end', async (storage) => {
  const file = await storage.open('a', { create: 0o644 });
  const bytes = bytesOf(10_000);
  assert.is(await file.write(bytes.subarray(5_000), 5_000), 5_000);
  assert.is(await file.write(bytes.subarray(0, 5_000), 0), 5_000);
  const into = new Uint8Array(20_000);
  assert.is(await file.read(into, 0), 10_000);
  assert.ok(bytes.equals(into.subarray(0, 10_000)));
  assert.is(await file.read(into, 10_000), 0);
  assert.is(await file.read(into, 99_999), 0);
  await file.truncate(10);
  assert.is((await file.facts()).sizeBytes, 10);
  await file.sync('data');
  await file.sync('all');
  await file.close();
});

claim('OpenFile: times are set to the nearest double, before 1970 too; modes to the bit', async (storage, root) => {
  const file = await storage.open('a', { create: 0o600 });
  for (const mtimeNs of ['0', '1700000000123456789', '1699999999999999500', '-86400012345679', '-1', '4102444800999999000']) {
    await file.setTimes(mtimeNs);
    const away = BigInt((await file.facts()).mtimeNs) - BigInt(mtimeNs);
    assert.ok(away >= -240n && away <= 120n, `${mtimeNs}: ${away} ns away`);
  }
  await file.setMode(0o640);
  await file.close();
  assert.is((await stat(join(root, 'a'))).mode & 0o777, 0o640);
});

claim('Storage.open: read_direct is confirmed as direct, or refused', async (storage, root) => {
  const bytes = bytesOf(10_000);
  await writeFile(join(root, 'a'), bytes);
  if (constants.O_DIRECT === undefined) {
    assert.is(await codeOfFailure(() => storage.open('a', 'read_direct')), 'EINVAL');
    return;
  }
  const file = await storage.open('a', 'read_direct');
  assert.is(file.isDirect, true);
  const into = new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer);
  assert.is(await file.read(into, 0), 10_000);
  assert.ok(bytes.equals(into.subarray(0, 10_000)));
  await file.close();
  const cached = await storage.open('a', 'read');
  assert.is(cached.isDirect, false);
  await cached.close();
});

claim('Storage.makeFolder: creates one folder, whose parent must exist and whose name must be free', async (storage, root) => {
  assert.is(await codeOfFailure(() => storage.makeFolder('a/b', 0o755, null)), 'ENOENT');
  await storage.makeFolder('a', 0o700, null);
  await storage.makeFolder('a/b', 0o755, null);
  assert.is(await codeOfFailure(() => storage.makeFolder('a', 0o755, null)), 'EEXIST');
  await writeFile(join(root, 'file'), '');
  assert.is(await codeOfFailure(() => storage.makeFolder('file', 0o755, null)), 'EEXIST');
  assert.is(await codeOfFailure(() => storage.makeFolder('file/x', 0o755, null)), 'ENOTDIR');
  assert.is((await storage.stat('a'))?.mode, 0o700);
  await storage.syncFolder('a/b');
  assert.is(await codeOfFailure(() => storage.syncFolder('missing')), 'ENOENT');
});

claim('Storage: names of 255 bytes are accepted, longer ones are ENAMETOOLONG', async (storage) => {
  for (const name of ['a'.repeat(255), 'ü'.repeat(127), '🎬'.repeat(63)]) {
    await (await storage.open(name, { create: 0o644 })).close();
    assert.is((await storage.stat(name))?.kind, 'file');
    await storage.unlink(name);
  }
  assert.is(await codeOfFailure(() => storage.open('ü'.repeat(128), { create: 0o644 })), 'ENAMETOOLONG');
});

for (const [what, stated, expected] of [
  [
    'blocks are counted in their own size',
    { bsize: 4_096, frsize: 4_096, blocks: 100, bavail: 10 },
    { totalBytes: 409_600, freeBytes: 40_960 },
  ],
  ['fragments count, not transfers', { bsize: 131_072, frsize: 512, blocks: 100, bavail: 10 }, { totalBytes: 51_200, freeBytes: 5_120 }],
  ['no fragments are reported', { bsize: 1_024, blocks: 100, bavail: 10 }, { totalBytes: 102_400, freeBytes: 10_240 }],
  ['fragments are reported as nothing', { bsize: 1_024, frsize: 0, blocks: 100, bavail: 10 }, { totalBytes: 102_400, freeBytes: 10_240 }],
  ['full is full', { bsize: 4_096, frsize: 4_096, blocks: 100, bavail: 0 }, { totalBytes: 409_600, freeBytes: 0 }],
  ['all zeros are unknown', { bsize: 4_096, frsize: 4_096, blocks: 0, bavail: 0 }, { totalBytes: null, freeBytes: null }],
] as const) {
  test(`spaceOf: ${what}`, () => {
    assert.equal(spaceOf(stated), expected);
  });
}

test('Storage.room: unknown on a filesystem that reports no counts, known on a disk', async () => {
  assert.ok(((await mountedFolder(tmpdir()).room()).freeBytes ?? 0) > 0);
  if (process.platform === 'linux') assert.equal(await mountedFolder('/proc').room(), { freeBytes: null });
});

test.run();
