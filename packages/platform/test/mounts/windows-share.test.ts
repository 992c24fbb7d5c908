import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stalenessOf } from '../../src/mounts/attribute-cache.ts';
import { describeMount } from '../../src/mounts/describe-mount.ts';
import { parseMountinfo } from '../../src/mounts/mountinfo.ts';
import { windowsShareOf } from '../../src/mounts/windows-share.ts';

for (const [path, share] of [
  ['\\\\nas01\\in', '\\\\nas01\\in'],
  ['\\\\nas01\\in\\', '\\\\nas01\\in'],
  ['\\\\nas01\\in\\day 1\\a.mxf', '\\\\nas01\\in'],
  ['\\\\192.0.2.7\\d$\\x', '\\\\192.0.2.7\\d$'],
  ['\\\\nas01.example\\Büro\\x', '\\\\nas01.example\\Büro'],
  ['\\\\?\\UNC\\nas01\\in\\day1', '\\\\nas01\\in'],
  ['\\\\?\\unc\\nas01\\in', '\\\\nas01\\in'],
  ['\\\\nas01', null],
  ['\\\\nas01\\', null],
  ['\\\\?\\D:\\in', null],
  ['\\\\?\\Volume{01234567-89ab-cdef-0123-456789abcdef}\\in', null],
  ['\\\\.\\pipe\\sluice', null],
  ['D:\\in', null],
  ['Z:\\', null],
  ['\\in\\x', null],
  ['/mnt/nas/in', null],
  ['//nas01/in', null],
  ['', null],
] as const) {
  test(`windowsShareOf: ${path} is on ${share ?? 'no share that it names'}`, () => {
    assert.is(windowsShareOf(path), share);
    assert.is(describeMount(path, []), share === null ? '(a folder)' : `(network share ${share})`);
    assert.equal(stalenessOf(path, []), { isNetwork: share !== null, cacheMs: share === null ? 0 : 10_000 });
  });
}

test('stalenessOf: listed mounts decide', () => {
  const mounts = parseMountinfo(`22 1 254:0 / / rw - ext4 /dev/vda rw
30 22 0:50 / /mnt/nas rw - nfs4 nas01:/in rw,acregmax=7`);
  assert.equal(stalenessOf('/mnt/nas/x', mounts), { isNetwork: true, cacheMs: 7_000 });
  assert.equal(stalenessOf('/home', mounts), { isNetwork: false, cacheMs: 0 });
});

test.run();
