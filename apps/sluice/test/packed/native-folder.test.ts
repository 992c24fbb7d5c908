import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nativeFolder } from '../../src/packed/native-folder.ts';

let folder = '';
const isPosix = process.platform !== 'win32';

test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-native-'));
});
test.after.each(() => rmSync(folder, { recursive: true, force: true }));

test('nativeFolder: is in the state folder, if that exists', () => {
  assert.is(nativeFolder(folder, {}), join(folder, 'native'));
  assert.is(nativeFolder(folder, { SLUICE_NATIVE_DIR: '' }), join(folder, 'native'));
});

test('nativeFolder: is a private temporary one if there is no state folder', () => {
  const chosen = nativeFolder(join(folder, 'none'), {});
  assert.ok(chosen.startsWith(tmpdir()), chosen);
  assert.not(existsSync(join(folder, 'none')));
});

test('nativeFolder: is not in a state folder that others may write to', () => {
  if (!isPosix) return;
  const state = join(folder, 'state');
  mkdirSync(state);
  chmodSync(state, 0o777);
  assert.not(nativeFolder(state, {}).startsWith(state));
});

test('nativeFolder: is the named one before all others', () => {
  const named = join(folder, 'named');
  mkdirSync(named);
  assert.is(nativeFolder(folder, { SLUICE_NATIVE_DIR: named }), named);
});

test('nativeFolder: a named one that is not suitable is refused, and no other is chosen', () => {
  const wrong = [
    { named: 'relative', why: /relative of SLUICE_NATIVE_DIR: it is not an absolute path/ },
    { named: join(folder, 'none'), why: /none of SLUICE_NATIVE_DIR: there is no such folder/ },
  ];
  for (const { named, why } of wrong) assert.throws(() => nativeFolder(folder, { SLUICE_NATIVE_DIR: named }), why);
});

test.run();
