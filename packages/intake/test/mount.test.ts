import { parseMountinfo } from '@sluice/platform';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { folderText, mountOfSource } from '../src/mount.ts';

const mounts = parseMountinfo(`22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:50 / /mnt/nfs rw - nfs4 nas01:/ingest rw,acregmin=1,acregmax=7
31 22 0:51 / /mnt/nfs\\040plain rw - nfs nas01:/x rw,vers=3
32 22 0:52 / /mnt/noac rw - nfs4 nas01:/live rw,noac
33 22 0:53 / /mnt/cifs rw - cifs //nas/share rw,vers=3.1.1,actimeo=1
34 22 0:54 / /mnt/ssh rw - fuse.sshfs me@host:/a rw,user_id=0
35 22 0:55 / /mnt/odd rw - beegfs beegfs_nodev rw
36 22 8:1 / /media/card rw - exfat /dev/sdb1 rw
37 22 8:2 / /media/ntfs rw - fuseblk /dev/sdc1 rw,user_id=0
38 22 0:56 / /mnt/auto rw - autofs systemd-1 rw,fd=40`);

/** Disks without hard links, or that may have none. */
const cards = ['/media/card', '/media/ntfs'];

for (const [path, cacheMs, isNetwork, hasRealInodes, description] of [
  ['/ingest', 0, false, true, '(LOCAL DISK, same as system)'],
  ['/mnt/nfs/day1', 7_000, true, false, '(nfs4 nas01:/ingest)'],
  ['/mnt/nfs plain', 60_000, true, false, '(nfs nas01:/x)'],
  ['/mnt/noac', 0, true, false, '(nfs4 nas01:/live)'],
  ['/mnt/cifs/in', 1_000, true, false, '(cifs //nas/share)'],
  ['/mnt/ssh', 30_000, true, false, '(sshfs me@host:/a)'],
  ['/mnt/odd', 60_000, true, false, '(beegfs beegfs_nodev)'],
  ['/media/card', 0, false, false, '(LOCAL DISK exfat /dev/sdb1)'],
  ['/media/ntfs', 0, false, false, '(LOCAL DISK fuseblk /dev/sdc1)'],
  ['/mnt/auto/share', 60_000, true, false, '(autofs systemd-1)'],
] as const) {
  test(`mountOfSource: ${path} is ${description}, its attributes may be ${cacheMs} ms old`, () => {
    assert.equal(mountOfSource(path, mounts), {
      isNetwork,
      cacheMs,
      hasRealInodes,
      description,
      isOwnDisk: !isNetwork,
      mayLackLinks: cards.includes(path),
    });
  });
}

for (const path of ['/', '/mnt', '/media'])
  test(`mountOfSource: calls below ${path} may be answered by another filesystem that is mounted there`, () => {
    assert.not(mountOfSource(path, mounts).isOwnDisk);
  });

for (const [what, realPath, text] of [
  ['a disk with real inode numbers: device, inode and birth', '/ingest', '8:1:2 7'],
  ['a card that makes up inode numbers: its device', '/media/card', '8:1'],
  ['a share: its name, because its device is another one after each mount', '/mnt/nfs', 'nas01:/ingest /'],
] as const) {
  test(`folderText: ${what}`, () => {
    assert.is(folderText({ device: '8:1', key: '8:1:2', birthNs: '7', realPath }, mounts), text);
  });
}

test('mountOfSource: on a system that lists no mounts, disks count as local', () => {
  const expected = { isNetwork: false, cacheMs: 0, hasRealInodes: false, description: '(a folder)', isOwnDisk: false, mayLackLinks: false };
  assert.equal(mountOfSource('/ingest', []), expected);
});

test('mountOfSource: this system has a filesystem at its root', () => {
  assert.type(mountOfSource('/').cacheMs, 'number');
  assert.match(mountOfSource('/').description, /^\(.+\)$/);
});

test.run();
