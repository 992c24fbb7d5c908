// process: it changes the folder for temporary files
import path from 'node:path';
import process from 'node:process';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { privateRuntimeFolder } from '../src/runtime-folder.ts';

test('privateRuntimeFolder: where none can be made, the folder, the errno and the remedy are named', () => {
  const missing = path.join(temporaryFolder('runtime'), 'missing');
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = missing;
  try {
    assert.throws(
      () => privateRuntimeFolder('test', {}),
      (error: Error) => error.message.includes(`${missing} (ENOENT)`) && error.message.includes('set TMPDIR'),
    );
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
});

test.run();
