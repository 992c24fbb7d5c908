import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { surroundings } from '@sluice/config';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type RememberedKey, rememberedKeys, rememberKey } from '../src/remembered-key.ts';

let home = '';
test.before.each(() => {
  home = mkdtempSync(join(tmpdir(), 'sluice-key-'));
});
test.after.each(() => rmSync(home, { recursive: true, force: true }));

const around = () => ({ ...surroundings(null), platform: 'linux' as const, env: { HOME: home } });

/** The keys of the user only: the machine that runs the tests may have its own. */
function ofUser(): readonly RememberedKey[] {
  return rememberedKeys(around()).filter(({ file }) => file.startsWith(home));
}

test('rememberKey: the key is found again, and no other file is left behind', () => {
  if (process.platform === 'win32') return;
  assert.equal(ofUser(), []);
  const umask = process.umask(0o077);
  const file = rememberKey('a key', 'user', around());
  process.umask(umask);
  assert.is(file, join(home, '.config/sluice/SIGNING-KEY.pub'));
  assert.equal(ofUser(), [{ file, read: { pem: 'a key' } }]);
  assert.is(statSync(file).mode & 0o777, 0o644);
  assert.equal(readdirSync(join(home, '.config/sluice')), ['SIGNING-KEY.pub']);
});

test('rememberedKeys: a key that cannot be read is reported', () => {
  mkdirSync(join(home, '.config/sluice/SIGNING-KEY.pub'), { recursive: true });
  assert.equal(
    ofUser().map(({ read }) => read),
    [{ why: 'EISDIR' }],
  );
});

test('rememberKey: says where it could not write', () => {
  writeFileSync(join(home, '.config'), 'a file');
  assert.throws(() => rememberKey('a key', 'user', around()), /cannot remember the key of this kit in .* \(E/);
  assert.throws(() => rememberKey('a key', 'user', { ...around(), env: {} }), /no home/);
  assert.is(readFileSync(join(home, '.config'), 'utf8'), 'a file');
});

test.run();
