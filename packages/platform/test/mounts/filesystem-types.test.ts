import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CacheOfMount, cacheOfType } from '../../src/mounts/filesystem-types.ts';

for (const [fsType, cache] of [
  ['fuse.rclone', 'writes'],
  ['fuse.s3fs', 'writes'],
  ['fuse.gcsfuse', 'writes'],
  ['fuse.unheard-of', 'writes'],
  ['fuse', 'writes'],
  ['coda', 'writes'],
  ['fuseblk', 'reads'],
  ['fuse.exfat', 'reads'],
  ['fuse.sshfs', null],
  ['nfs4', null],
  ['cifs', null],
  ['ext4', null],
  ['', null],
] as const satisfies readonly (readonly [string, CacheOfMount | null])[]) {
  test(`cacheOfType: ${fsType === '' ? 'a type that the system does not name' : fsType} is ${cache}`, () => {
    assert.is(cacheOfType(fsType), cache);
  });
}

test.run();
