import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isSameTime } from '../src/process/times.ts';

const given = '1700000001234567891';

for (const [filesystem, found] of [
  ['one that keeps nanoseconds', given],
  ['a time that was set by a floating-point number', '1700000001234567800'],
  ['NTFS: 100 ns', '1700000001234567800'],
  ['microseconds', '1700000001234567000'],
  ['exFAT: 10 ms', '1700000001230000000'],
  ['a second', '1700000001000000000'],
  ['FAT: two seconds, rounded down or up', '1700000000000000000'],
  ['FAT: rounded up', '1700000002000000000'],
] as const) {
  test(`isSameTime: a time that was rounded is the same: ${filesystem}`, () => assert.ok(isSameTime(found, given)));
}

for (const [what, found] of [
  ['a moment later', '1700000001234568999'],
  ['half a second later', '1700000001734567891'],
  ['a whole second that is too far away', '1700000003000000000'],
] as const) {
  test(`isSameTime: another time differs: ${what}`, () => assert.not.ok(isSameTime(found, given)));
}

test.run();
