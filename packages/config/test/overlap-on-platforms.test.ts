import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findOverlaps, type NamedFolder } from '../src/routes/overlap.ts';

type Platform = 'win32' | 'darwin' | 'linux';

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

test.run();
