import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveUnder } from '../src/open-folders.ts';
import { errnoOf } from '../src/system-calls.ts';

for (const [root, relative, expected] of [
  ['D:\\out', 'a.mxf', '\\\\?\\D:\\out\\a.mxf'],
  ['D:\\out', 'day 1/größe/日本.mxf', '\\\\?\\D:\\out\\day 1\\größe\\日本.mxf'],
  ['D:\\', 'a.mxf', '\\\\?\\D:\\a.mxf'],
  ['\\\\nas01\\in', 'day1/a.mxf', '\\\\?\\UNC\\nas01\\in\\day1\\a.mxf'],
  ['\\\\nas01\\in\\', 'a.mxf', '\\\\?\\UNC\\nas01\\in\\a.mxf'],
  ['\\\\?\\D:\\out', 'day1/a.mxf', '\\\\?\\D:\\out\\day1\\a.mxf'],
  ['\\\\?\\UNC\\nas01\\in', 'day1/a.mxf', '\\\\?\\UNC\\nas01\\in\\day1\\a.mxf'],
  // Names that Windows would take for a device or shorten if they were not literal.
  ['D:\\out', 'aux.mxf', '\\\\?\\D:\\out\\aux.mxf'],
  ['D:\\out', 'CON', '\\\\?\\D:\\out\\CON'],
  ['D:\\out', 'COM1/nul.wav', '\\\\?\\D:\\out\\COM1\\nul.wav'],
  ['D:\\out', 'a.', '\\\\?\\D:\\out\\a.'],
  ['D:\\out', 'a /b ', '\\\\?\\D:\\out\\a \\b '],
  ['D:\\out', '...', '\\\\?\\D:\\out\\...'],
  // The system itself refuses these.
  ['D:\\out', 'a?<>|"*', '\\\\?\\D:\\out\\a?<>|"*'],
] as const) {
  test(`resolveUnder: on Windows ${JSON.stringify(relative)} under ${root} is ${expected}`, () => {
    assert.is(resolveUnder(root, relative, path.win32), expected);
  });
}

test('resolveUnder: on Windows a long path is kept whole', () => {
  const deep = Array.from({ length: 20 }, () => 'x'.repeat(40)).join('/');
  assert.is(resolveUnder('D:\\out', deep, path.win32), `\\\\?\\D:\\out\\${deep.replaceAll('/', '\\')}`);
  assert.is(resolveUnder('D:\\out', '', path.win32), 'D:\\out');
});

for (const relative of ['..', '.', 'a/..', 'a/../../b', 'a//b', '/a', 'a/', '..\\b', 'a\\b', 'C:', 'C:a', 'a.mxf:stream', 'a\0']) {
  test(`resolveUnder: on Windows ${JSON.stringify(relative)} is refused because it leads out of its root, or to a stream of another file`, () => {
    try {
      assert.unreachable(resolveUnder('D:\\out', relative, path.win32));
    } catch (error) {
      assert.is(errnoOf(error), 'EINVAL');
    }
  });
}

test.run();
