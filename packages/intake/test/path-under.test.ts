import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pathUnder } from '../src/watch.ts';

const { win32, posix } = path;

for (const [flavour, root, given, expected] of [
  [posix, '/in', '/in/day1/a.mxf', 'day1/a.mxf'],
  [posix, '/in', '/in', ''],
  [posix, '/', '/a.mxf', 'a.mxf'],
  [posix, '/in', '/in/..a', '..a'],
  [posix, '/in', '/in/a\\b', 'a\\b'],
  [posix, '/in', '/other/a.mxf', ''],
  [posix, '/in', '/', ''],
  [win32, 'D:\\in', 'D:\\in\\day1\\a.mxf', 'day1/a.mxf'],
  [win32, 'D:\\in', 'd:/IN/day1/a.mxf', 'day1/a.mxf'],
  [win32, 'D:\\', 'D:\\a.mxf', 'a.mxf'],
  [win32, 'D:\\in', 'D:\\in\\', ''],
  [win32, '\\\\nas01\\in', '\\\\NAS01\\in\\day1\\a.mxf', 'day1/a.mxf'],
  [win32, '\\\\nas01\\in\\day1', '\\\\nas01\\in\\day1\\..a', '..a'],
  [win32, '\\\\?\\D:\\in', '\\\\?\\D:\\in\\a.mxf', 'a.mxf'],
  // None of these is a path of the source.
  [win32, '\\\\?\\D:\\in', 'D:\\in\\a.mxf', ''],
  [win32, 'D:\\in', 'E:\\in\\a.mxf', ''],
  [win32, 'D:\\in', 'D:\\inner\\a.mxf', ''],
  [win32, 'D:\\in', 'D:\\', ''],
  [win32, '\\\\nas01\\in', 'Z:\\a.mxf', ''],
] as const) {
  test(`pathUnder: ${given} in ${root} is ${JSON.stringify(expected)}`, () => {
    assert.is(pathUnder(root, given, flavour), expected);
  });
}

test.run();
