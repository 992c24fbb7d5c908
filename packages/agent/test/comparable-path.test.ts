import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { comparablePath } from '../src/comparable-path.ts';
import { findOverlaps, type NamedFolder } from '../src/config/overlap.ts';
import { standardAddress } from '../src/control/address.ts';

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
    test(`comparablePath: on ${platform} ${first} and ${other} are one folder`, () => {
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
  test(`comparablePath: on ${platform} ${first} and ${other} are two`, () => {
    assert.is.not(comparablePath(other, platform), comparablePath(first, platform));
  });
}

const overlapOf = (platform: Platform, source: string, destination: string): string[] => {
  const folder = (role: NamedFolder['role'], resolved: string): NamedFolder => ({ role, route: 'a', given: resolved, resolved });
  return findOverlaps([folder('source', source), folder('destination', destination)], platform).map(({ text }) => text);
};

for (const [platform, source, destination, isFine] of [
  ['win32', 'D:\\in', 'd:\\IN\\out', false],
  ['win32', 'D:\\', 'D:\\out', false],
  ['win32', 'D:\\in', '\\\\?\\D:\\in\\out', false],
  ['win32', '\\\\nas01\\in', '\\\\NAS01\\In\\out', false],
  ['win32', '\\\\nas01\\in', '\\\\?\\UNC\\nas01\\in\\out', false],
  ['win32', 'D:\\in\\out', 'D:\\in', false],
  ['win32', 'D:\\in', 'D:\\ingest', true],
  ['win32', 'D:\\in', 'E:\\in\\out', true],
  ['win32', '\\\\nas01\\in', '\\\\nas01\\inner', true],
  ['win32', '\\\\nas01\\in', '\\\\nas02\\in\\out', true],
  ['darwin', '/Volumes/in', '/volumes/IN/out', false],
  ['darwin', '/Volumes/in', '/Volumes/inner', true],
  ['linux', '/in', '/IN/out', true],
] as const) {
  test(`findOverlaps: on ${platform} a route from ${source} to ${destination} is ${isFine ? 'fine' : 'refused'}`, () => {
    assert.is(overlapOf(platform, source, destination).length === 0, isFine);
  });
}

test('standardAddress: on Windows a pipe, one for each state folder however it is written', () => {
  const address = standardAddress('D:\\State', 'win32');
  assert.match(address ?? '', /^\\\\\.\\pipe\\sluice-[0-9a-f]{16}$/);
  for (const same of ['d:\\state', 'D:/State/', '\\\\?\\D:\\State']) assert.is(standardAddress(same, 'win32'), address);
  for (const other of ['E:\\State', 'D:\\State2', '\\\\nas01\\State']) assert.is.not(standardAddress(other, 'win32'), address);
});

test.run();
