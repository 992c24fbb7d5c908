import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { comparablePath } from '../src/comparable-path.ts';

type Platform = 'win32' | 'darwin' | 'linux';

const one: readonly (readonly [Platform, ...string[]])[] = [
  ['win32', 'D:\\Ingest', 'd:\\ingest', 'D:/Ingest', 'D:\\Ingest\\', '\\\\?\\D:\\INGEST', '\\\\.\\D:\\ingest', 'D:\\x\\..\\ingest'],
  ['win32', '\\\\NAS01\\In\\day', '\\\\nas01\\in\\day\\', '\\\\?\\UNC\\nas01\\in\\day', '//nas01/in/day', '\\\\?\\unc\\NAS01\\in\\day'],
  ['win32', '\\\\nas01\\in', '\\\\nas01\\in\\', '\\\\?\\UNC\\nas01\\in'],
  ['win32', 'D:\\', 'd:/', '\\\\?\\D:\\'],
  ['darwin', '/Volumes/Büro', '/volumes/bu\u0308ro'],
  ['linux', '/ingest'],
];
for (const [platform, first = '', ...others] of one) {
  for (const other of others) {
    test(`comparablePath: on ${platform} ${first} and ${other} are the same folder`, () => {
      assert.is(comparablePath(other, platform), comparablePath(first, platform));
    });
  }
}

for (const [platform, first, other] of [
  ['win32', 'D:\\in', 'E:\\in'],
  ['win32', 'D:\\in', 'D:\\in.'],
  ['win32', 'D:\\in', 'D:\\in '],
  ['win32', '\\\\nas01\\in', '\\\\nas02\\in'],
  ['win32', 'C:\\nas01\\in', '\\\\nas01\\in'],
  ['win32', '\\\\?\\Volume{01}\\in', '\\\\?\\Volume{02}\\in'],
  ['darwin', '/Volumes/a', '/Volumes/b'],
  ['linux', '/Ingest', '/ingest'],
  ['linux', '/bu\u0308ro', '/büro'],
  ['linux', '/a\\b', '/a/b'],
] as const) {
  test(`comparablePath: on ${platform} ${first} and ${other} are different folders`, () => {
    assert.is.not(comparablePath(other, platform), comparablePath(first, platform));
  });
}

test.run();
