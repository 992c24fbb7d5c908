import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FileFacts, isSameFile } from '../../src/storage/storage.ts';

const facts: FileFacts = { kind: 'file', sizeBytes: 1, mtimeNs: '1', changeNs: '1', mode: 0o644, device: '1', inode: '2' };

for (const [what, other, isSame] of [
  ['all is equal', facts, true],
  ['only content, times and mode differ', { ...facts, sizeBytes: 9, mtimeNs: '9', changeNs: '9', mode: 0o600 }, true],
  ['the device differs', { ...facts, device: '9' }, false],
  ['the inode differs', { ...facts, inode: '9' }, false],
] as const) {
  test(`isSameFile: ${isSame} where ${what}`, () => {
    assert.is(isSameFile(facts, other), isSame);
  });
}

test.run();
