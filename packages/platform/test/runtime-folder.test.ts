// process: it changes the environment
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NoRuntimeFolder, privateRuntimeFolder } from '../src/runtime-folder.ts';

const before = env['TMPDIR'];
const folder = mkdtempSync(join(tmpdir(), 'runtime-'));
test.after(() => {
  if (before === undefined) delete env['TMPDIR'];
  else env['TMPDIR'] = before;
  rmSync(folder, { recursive: true, force: true });
});

test('privateRuntimeFolder: one of this user in the folder for temporary files, the same each time', () => {
  env['TMPDIR'] = folder;
  const made = privateRuntimeFolder('a', {});
  assert.ok(made.startsWith(join(folder, 'sluice-')), made);
  assert.is(privateRuntimeFolder('a', {}), made);
  assert.is(privateRuntimeFolder('a', { XDG_RUNTIME_DIR: folder }), join(folder, 'sluice-a'));
});

test('privateRuntimeFolder: a folder for temporary files that cannot be used is an error of usage, which says what to do', () => {
  env['TMPDIR'] = join(folder, 'none');
  try {
    privateRuntimeFolder('a', {});
  } catch (error) {
    assert.instance(error, NoRuntimeFolder);
    const { message, exitCode } = error as NoRuntimeFolder;
    assert.equal(
      [message, exitCode],
      [
        `cannot make a folder for temporary files in ${join(folder, 'none')} (ENOENT). Set TMPDIR to a folder that this user may write to`,
        2,
      ],
    );
    return;
  }
  assert.unreachable();
});

test.run();
