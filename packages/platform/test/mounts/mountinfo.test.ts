import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeMount } from '../../src/mounts/describe-mount.ts';
import { mountOf, parseMountinfo, placeOf } from '../../src/mounts/mountinfo.ts';

const text = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /mnt rw - tmpfs tmpfs rw
41 40 0:50 / /mnt/nas rw,relatime shared:9 master:2 - nfs4 nas01:/ingest rw,acregmax=5
42 22 8:1 / /media/card\\0401 rw - exfat /dev/sdb1 rw
43 42 8:17 / /media/card\\0401 rw - fuseblk /dev/sdc1 rw
44 22 0:60 / /home/me/büro\\011\\134x rw - fuse.sshfs me@host:/a\\040b rw
45 22 254:0 /srv/in /in rw - ext4 /dev/vda rw

nonsense`;
const mounts = parseMountinfo(text);

test('parseMountinfo: reads every line, with any optional fields, and skips lines in another form', () => {
  assert.is(mounts.length, 7);
  assert.equal(mounts[2], {
    mountId: 41,
    parentId: 40,
    device: '0:50',
    root: '/',
    mountPoint: '/mnt/nas',
    options: ['rw', 'relatime'],
    fsType: 'nfs4',
    source: 'nas01:/ingest',
    superOptions: ['rw', 'acregmax=5'],
  });
  assert.equal(parseMountinfo(''), []);
});

for (const [path, mountId] of [
  ['/', 22],
  ['/mn', 22],
  ['/mnt', 40],
  ['/mnt/nasty', 40],
  ['/mnt/nas', 41],
  ['/mnt/nas/a/b', 41],
  ['/media/card 1/DCIM', 43],
  ['/home/me/büro\t\\x/y', 44],
  ['/in/a', 45],
] as const) {
  test(`mountOf: ${JSON.stringify(path)} is on ${mountId}`, () => {
    assert.is(mountOf(path, mounts)?.mountId, mountId);
  });
}

for (const [path, words] of [
  ['/home', '(LOCAL DISK, same as system)'],
  ['/in/a', '(LOCAL DISK, same as system)'],
  ['/mnt/x', '(tmpfs, gone when the machine restarts)'],
  ['/mnt/nas/day1', '(nfs4 nas01:/ingest)'],
  ['/media/card 1', '(LOCAL DISK fuseblk /dev/sdc1)'],
  ['/home/me/büro\t\\x', '(sshfs me@host:/a b)'],
] as const) {
  test(`describeMount: ${JSON.stringify(path)} is ${words}`, () => {
    assert.is(describeMount(path, mounts), words);
  });
}

test('placeOf: is the same for every mount of a folder, and differs for every share of a server', () => {
  const twice = parseMountinfo(`1 0 8:1 / / rw - ext4 /dev/sda1 rw
2 1 8:2 / /data rw - ext4 /dev/sdb1 rw
3 1 8:2 /in /mnt/out rw - ext4 /dev/sdb1 rw
4 1 0:50 / /mnt/a rw - nfs4 nas:/a rw
5 1 0:50 / /mnt/b rw - nfs4 nas:/b rw
6 1 0:50 / /mnt/again rw - nfs4 nas:/a rw`);
  const place = (path: string) => placeOf(path, twice);
  assert.is(place('/mnt/out'), place('/data/in'));
  assert.is(place('/mnt/out/day1'), place('/data/in/day1'));
  assert.is.not(place('/mnt/out'), place('/data'));
  assert.is.not(place('/in'), place('/data/in'));
  assert.is.not(place('/mnt/a'), place('/mnt/b'));
  assert.is(place('/mnt/a/x'), place('/mnt/again/x'));
  assert.is(placeOf('/in', []), null);
});

test('describeMount: says "folder" if nothing else is known', () => {
  assert.is(describeMount('/x', []), '(a folder)');
});

test.run();
