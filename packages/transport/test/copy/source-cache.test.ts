import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cacheMsOf } from '../../src/copy/source-cache.ts';
import { parseMountinfo } from '../../src/mounted/mountinfo.ts';

for (const [type, options, ms] of [
  ['ext4', 'rw', 0],
  ['tmpfs', 'rw', 0],
  ['nfs4', 'rw,vers=4.2', 60_000],
  ['nfs4', 'rw,acregmax=7,acdirmax=60', 7_000],
  ['nfs', 'rw,noac', 0],
  ['cifs', 'rw,actimeo=1', 1_000],
  ['fuse.sshfs', 'rw,user_id=0', 30_000],
] as const) {
  test(`cacheMsOf: ${type} ${options} is ${ms}`, () => {
    const [mount] = parseMountinfo(`36 35 98:0 / /mnt/x rw,noatime - ${type} nas:/x ${options}`);
    assert.is(cacheMsOf(mount ?? null), ms);
  });
}

test.run();
