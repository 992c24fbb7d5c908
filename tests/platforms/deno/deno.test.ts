// timeout: 240s
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const house = join(import.meta.dirname, '../../..');

/** Runs a task of `deno.json`, with the permissions that it names. */
function task(...words: readonly string[]) {
  return spawnSync(execPath, [join(house, 'scripts/deno.mjs'), 'task', ...words], {
    cwd: house,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...env, NO_COLOR: '1' },
  });
}

test('deno task start: runs the program from the same sources', () => {
  const { status, stdout } = task('start', '--version');
  assert.equal([status, stdout], [0, 'sluice 0.1.0\n']);
});

test('deno task start: its permissions are enough to check real folders', () => {
  const root = mkdtempSync(join(tmpdir(), 'sluice-deno-'));
  const { status, stdout, stderr } = task('start', 'check', '--from', house, '--to', root, '--state', join(root, '../nowhere'));
  rmSync(root, { recursive: true });
  assert.is(status, 0, stderr);
  assert.match(stdout, /ready; Sluice writes its marker file there/);
});

test('deno check: the types are correct for Deno', () => {
  const { status, stderr } = spawnSync(execPath, [join(house, 'scripts/deno.mjs'), 'check', 'apps/sluice/src/main.ts'], {
    cwd: house,
    encoding: 'utf8',
    timeout: 200_000,
    env: { ...env, NO_COLOR: '1' },
  });
  assert.is(status, 0, stderr);
});

test('deno task demo: every byte is copied', () => {
  const { status, stdout, stderr } = task('demo', '--no-screen');
  assert.is(status, 0, `${stdout}${stderr}`);
  assert.not.match(stdout, 'BROKEN');
});

test('deno task test: runs tests', () => {
  const { status, stdout } = task('test', 'packages/core/test/policy', 'packages/persistence/test/journal.test.ts');
  assert.is(status, 0, stdout);
});

test.run();
