import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { attributeCacheMs } from '../../src/mounts/attribute-cache.ts';
import { mayBeNetwork } from '../../src/mounts/filesystem-types.ts';
import { parseMountinfo } from '../../src/mounts/mountinfo.ts';

for (const [type, options, ms] of [
  ['ext4', 'rw', 0],
  ['ext4', 'rw,actimeo=60', 0],
  ['tmpfs', 'rw', 0],
  ['overlay', 'rw,lowerdir=/x', 0],
  ['nfs4', 'rw,vers=4.2', 60_000],
  ['nfs4', 'rw,acregmin=3,acregmax=7,acdirmax=60', 7_000],
  ['nfs', 'rw,acregmin=0,acregmax=0,acdirmin=0,acdirmax=0', 0],
  ['nfs', 'rw,noac', 0],
  ['nfs', 'rw,acregmax=', 60_000],
  ['cifs', 'rw,vers=3.1.1,actimeo=1,closetimeo=1', 1_000],
  ['cifs', 'rw,acdirmax=60,acregmax=2', 2_000],
  ['cifs', 'rw', 60_000],
  ['fuse.sshfs', 'rw,user_id=0', 30_000],
  ['fuse', 'rw', 30_000],
  ['fuseblk', 'rw', 0],
  ['autofs', 'rw', 60_000],
  ['a type of the future', 'rw', 60_000],
] as const) {
  test(`attributeCacheMs: ${type} ${options} is ${ms}`, () => {
    const [mount] = parseMountinfo(`36 35 98:0 / /mnt/x rw,noatime - ${type.replaceAll(' ', '_')} nas:/x ${options}`);
    assert.ok(mount);
    assert.is(attributeCacheMs(mount), ms);
  });
}

test('mayBeNetwork: a share without a cache still counts as a network', () => {
  assert.equal(['nfs', 'cifs', 'fuse.sshfs', 'lustre', 'autofs'].filter(mayBeNetwork).length, 5);
  assert.equal(['ext4', 'btrfs', 'tmpfs', 'overlay', 'fuseblk', 'exfat'].filter(mayBeNetwork), []);
});

test.run();
