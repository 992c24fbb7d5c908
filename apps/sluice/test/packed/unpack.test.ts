import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { unpack } from '../../src/packed/unpack.ts';

let folder = '';
const bytes = Buffer.from('the native part of something');

test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-unpack-'));
});
test.after.each(() => rmSync(folder, { recursive: true, force: true }));

test('unpack: writes the bytes under the name of their content, and nothing else', () => {
  const native = join(folder, 'native');
  const path = unpack(native, bytes, 'node');
  assert.equal(readFileSync(path), bytes);
  assert.match(path, /[\\/]native[\\/][0-9a-f]{32}\.node$/);
  assert.equal(readdirSync(native).length, 1);
  assert.is.not(unpack(native, Buffer.from('another version'), 'node'), path);
  if (process.platform !== 'win32') assert.is(statSync(native).mode & 0o777, 0o700);
});

test('unpack: leaves an existing file alone', () => {
  const path = unpack(folder, bytes, 'node');
  const before = statSync(path);
  assert.is(unpack(folder, bytes, 'node'), path);
  assert.is(statSync(path).ino, before.ino);
});

test('unpack: replaces a file with the name but another content', () => {
  const path = unpack(folder, bytes, 'node');
  for (const damaged of [bytes.subarray(0, 7), Buffer.alloc(bytes.length), Buffer.alloc(0)]) {
    writeFileSync(path, damaged);
    assert.is(unpack(folder, bytes, 'node'), path);
    assert.equal(readFileSync(path), bytes);
  }
});

test('unpack: leaves nothing behind if it fails', () => {
  const path = unpack(folder, bytes, 'node');
  rmSync(path);
  mkdirSync(join(path, 'in the way'), { recursive: true });
  assert.throws(() => unpack(folder, bytes, 'node'));
  assert.equal(readdirSync(folder).length, 1);
  assert.throws(() => unpack(join(folder, 'missing', 'native'), bytes, 'node'), /ENOENT/);
  assert.not(existsSync(join(folder, 'missing')));
});

test.run();
