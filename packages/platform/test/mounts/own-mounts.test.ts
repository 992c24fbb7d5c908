// real: asks the system for a folder until it is there
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { attributeCacheMs } from '../../src/mounts/attribute-cache.ts';
import { describeMount } from '../../src/mounts/describe-mount.ts';
import { mayBeNetwork } from '../../src/mounts/filesystem-types.ts';
import { mountOf, parseMountinfo } from '../../src/mounts/mountinfo.ts';
import { cacheMsOfPath, mountIdOfDescriptor, mountIdOfPath, readMounts, watchOwnDisk } from '../../src/mounts/own-mounts.ts';

/** As kernels wrote them, on a Debian with a rack of shares. The names of machines and people are invented. */
const text = String.raw`24 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro
25 24 0:5 / /dev rw,nosuid,relatime shared:2 - devtmpfs udev rw,size=4019808k,nr_inodes=1004952,mode=755
30 24 0:26 / /run rw,nosuid,nodev,noexec,relatime shared:5 - tmpfs tmpfs rw,size=807040k,mode=755
61 24 0:44 / /mnt/ingest rw,relatime shared:31 - nfs4 nas01:/ingest rw,vers=4.2,rsize=1048576,wsize=1048576,namlen=255,hard,proto=tcp,timeo=600,retrans=2,sec=sys,clientaddr=192.0.2.10,local_lock=none,addr=192.0.2.1
62 24 0:45 / /mnt/fast rw,relatime shared:32 - nfs nas02:/vol/fast rw,vers=3,rsize=65536,wsize=65536,namlen=255,acregmin=1,acregmax=3,acdirmin=1,acdirmax=3,hard,nolock,proto=tcp,mountaddr=192.0.2.2,mountvers=3,mountport=2049,mountproto=tcp,local_lock=all,addr=192.0.2.2
63 24 0:46 / /mnt/news rw,relatime shared:33 - cifs //filer/news$ rw,vers=3.1.1,cache=strict,username=ingest,uid=1000,forceuid,gid=1000,forcegid,addr=192.0.2.3,file_mode=0664,dir_mode=0775,soft,nounix,serverino,mapposix,rsize=4194304,wsize=4194304,bsize=1048576,retrans=1,echo_interval=60,actimeo=1,closetimeo=1
64 24 0:47 / /home/editor/remote rw,nosuid,nodev,relatime shared:34 - fuse.sshfs editor@edit-7:/srv/media rw,user_id=1000,group_id=1000
65 24 8:17 / /media/editor/CARD\0401\134A rw,nosuid,nodev,relatime shared:35 - exfat /dev/sdb1 rw,uid=1000,gid=1000,fmask=0022,dmask=0022,iocharset=utf8,errors=remount-ro
66 24 0:48 / /mnt/auto rw,relatime shared:36 - autofs systemd-1 rw,fd=62,pgrp=1,timeout=600,minproto=5,maxproto=5,direct,pipe_ino=15871
67 24 0:49 / /mnt/later rw,relatime shared:37 - autofs systemd-1 rw,fd=63,pgrp=1,timeout=600,minproto=5,maxproto=5,direct,pipe_ino=15872
68 67 0:50 / /mnt/later rw,relatime shared:38 - nfs4 nas03:/later rw,vers=4.1,rsize=1048576,wsize=1048576,noac,hard,addr=192.0.2.4
69 24 254:1 /srv/recordings /ingest rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro
70 24 0:44 /ingest/day\0401 /srv/day1 rw,relatime shared:31 - nfs4 nas01:/ingest rw,vers=4.2,hard,actimeo=0,addr=192.0.2.1
71 24 8:33 / /data rw,relatime master:9 propagate_from:2 - xfs /dev/sdc1 rw,attr2,inode64,noquota
72 24 0:51 / /var/lib/docker/overlay2/4f/merged rw,relatime shared:40 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/AB:/var/lib/docker/overlay2/l/CD,upperdir=/var/lib/docker/overlay2/4f/diff,workdir=/var/lib/docker/overlay2/4f/work
73 24 0:52 / /old\011tab\012line rw - 9p shared\040folder rw,trans=virtio
`;
const mounts = parseMountinfo(text);

test('parseMountinfo: reads every line of a busy machine', () => {
  assert.is(mounts.length, 16);
  assert.is(mounts.filter(({ mountId }) => Number.isNaN(mountId)).length, 0);
});

const network = true;
const local = false;

for (const [path, mountId, isNetwork, cacheMs, words] of [
  ['/home/x', 24, local, 0, '(LOCAL DISK, same as system)'],
  ['/run/media/me', 30, local, 0, '(tmpfs, gone when the machine restarts)'],
  ['/mnt/ingest/a/b.mxf', 61, network, 60_000, '(nfs4 nas01:/ingest)'],
  ['/mnt/ingest2', 24, local, 0, '(LOCAL DISK, same as system)'],
  ['/mnt/fast', 62, network, 3_000, '(nfs nas02:/vol/fast)'],
  ['/mnt/news', 63, network, 1_000, '(cifs //filer/news$)'],
  ['/home/editor/remote', 64, network, 30_000, '(sshfs editor@edit-7:/srv/media)'],
  ['/media/editor/CARD 1\\A/DCIM', 65, local, 0, '(LOCAL DISK exfat /dev/sdb1)'],
  ['/media/editor/CARD', 24, local, 0, '(LOCAL DISK, same as system)'],
  ['/mnt/auto/x', 66, network, 60_000, '(autofs systemd-1)'],
  ['/mnt/later/x', 68, network, 0, '(nfs4 nas03:/later)'],
  ['/ingest', 69, local, 0, '(LOCAL DISK, same as system)'],
  ['/srv/day1', 70, network, 0, '(nfs4 nas01:/ingest)'],
  ['/data/out', 71, local, 0, '(LOCAL DISK xfs /dev/sdc1)'],
  ['/var/lib/docker/overlay2/4f/merged/out', 72, local, 0, '(LOCAL DISK overlay overlay)'],
  ['/old\ttab\nline/x', 73, network, 60_000, '(9p shared folder)'],
] as const) {
  test(`mountinfo of a real machine: ${JSON.stringify(path)} is ${words}, stale for ${cacheMs} ms`, () => {
    const mount = mountOf(path, mounts);
    assert.is(mount?.mountId, mountId);
    assert.is(mayBeNetwork(mount?.fsType ?? ''), isNetwork);
    assert.is(mount === null ? null : attributeCacheMs(mount), cacheMs);
    assert.is(describeMount(path, mounts), words);
  });
}

test('describeMount: in a container whose root is an overlay, a volume is a disk by itself', () => {
  const inside = parseMountinfo(`800 700 0:60 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w
801 800 254:1 /var/lib/docker/volumes/out/_data /out rw,relatime - ext4 /dev/vda1 rw`);
  assert.is(describeMount('/out/a', inside), '(LOCAL DISK ext4 /dev/vda1)');
  assert.is(describeMount('/tmp', inside), '(LOCAL DISK, same as system)');
});

test('readMounts: this machine has a root mount, or lists no mounts at all', async () => {
  const own = readMounts();
  if (own.length === 0) {
    assert.is(mountIdOfPath('/'), null);
    assert.is(await cacheMsOfPath(tmpdir()), 0);
    return;
  }
  assert.ok(own.some(({ mountPoint }) => mountPoint === '/'));
  assert.is(mountIdOfPath('/'), mountOf('/', own)?.mountId);
  assert.is(await cacheMsOfPath('/proc'), 0);
});

test('mountIdOfDescriptor: agrees with mountinfo for an open file, and is null for a closed one', () => {
  for (const path of [import.meta.filename, '/proc/self/mountinfo']) {
    const descriptor = openSync(path, 'r');
    const mountId = mountIdOfDescriptor(descriptor);
    closeSync(descriptor);
    assert.is(mountId, mountIdOfPath(path), path);
  }
  assert.is(mountIdOfDescriptor(999_999), null);
});

/** Asks again, some time later by its clock, until a folder is on a disk of this machine. */
async function becomesOwn(isOwn: () => boolean, later: () => void, withinMs = 5_000): Promise<boolean> {
  const endAt = performance.now() + withinMs;
  while (!isOwn()) {
    if (performance.now() > endAt) return false;
    later();
    await nextTurn();
  }
  return true;
}

test('watchOwnDisk: a folder that is missing at first is found when it is there', async () => {
  // Other systems report no mounts.
  if (process.platform !== 'linux') return;
  const root = mkdtempSync(join(tmpdir(), 'sluice-own-'));
  let at = 0;
  const later = (): void => {
    at += 10_000;
  };
  const watch = (path: string): (() => boolean) => watchOwnDisk(path, () => at);
  // The folder for temporary files may be on a share.
  const isLocal = await becomesOwn(watch(root), later);
  const isOwn = watch(join(root, 'away'));
  assert.not(await becomesOwn(isOwn, later, 100));
  mkdirSync(join(root, 'away'));
  assert.is(await becomesOwn(isOwn, later), isLocal);
  rmSync(root, { recursive: true });
});

test.run();
