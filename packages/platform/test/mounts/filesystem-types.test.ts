import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CacheOfMount, cacheOfType, mayLackLinks } from '../../src/mounts/filesystem-types.ts';

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

for (const fsType of ['vfat', 'exfat', 'msdos', 'fuse.exfat', 'fuseblk']) {
  test(`mayLackLinks: ${fsType} may`, () => assert.is(mayLackLinks(fsType), true));
}
for (const fsType of ['ext4', 'xfs', 'btrfs', 'nfs4', 'cifs', 'ntfs3', '']) {
  test(`mayLackLinks: ${fsType === '' ? 'an unknown type' : fsType} does not`, () => assert.is(mayLackLinks(fsType), false));
}

test.run();
