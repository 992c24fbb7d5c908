import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyMountFolderOf, readMountFolders } from '../../src/mounts/mount-folders.ts';
import { type Mount, mountOf, parseMountinfo } from '../../src/mounts/mountinfo.ts';

const wellKnown = ['/mnt', '/media', '/run/media', '/Volumes'];

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sluice-mounts-')));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Returns the folders that are named in addition to the well-known ones. */
async function foldersWith(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  let folders: readonly string[] = [];
  await inFolder(async (system) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(system, path)), { recursive: true });
      await writeFile(join(system, path), text);
    }
    folders = readMountFolders(system);
  });
  assert.equal(folders.slice(0, wellKnown.length), wellKnown);
  return folders.slice(wellKnown.length);
}

const fstab = String.raw`# /etc/fstab: static file system information.
UUID=0f2a-1c /               ext4    errors=remount-ro 0       1
UUID=77aa    none            swap    sw              0       0
/swapfile    swap            swap    defaults        0       0
	/dev/sdb1	/srv/disk/	xfs	nofail	0	2

nas01:/ingest   /ingest      nfs4    _netdev,nofail  0 0
//filer/news    /srv/News\040and\011more cifs credentials=/etc/cred 0 0
#nas02:/old     /old         nfs     noauto 0 0
broken
`;

test('readMountFolders: returns every folder of fstab except the root, swap and comments', async () => {
  assert.equal(await foldersWith({ 'etc/fstab': fstab }), ['/srv/disk', '/ingest', '/srv/News and\tmore']);
});

test("readMountFolders: returns the folders of the administrator's and the running system's units, in any notation", async () => {
  const folders = await foldersWith({
    'etc/systemd/system/srv-a.mount': '[Unit]\nDescription=a\n\n[Mount]\nWhat=nas:/a\nWhere=/srv/a\nType=nfs4\n',
    'etc/systemd/system/srv-b.automount': '[Automount]\n  Where = /srv/with space/  \n',
    'etc/systemd/system/masked.mount': '',
    'etc/systemd/system/x.service': '[Service]\nWhere=/no\n',
    'run/systemd/transient/srv-c.mount': '[Mount]\r\nWhere=/srv/c\r\n',
  });
  assert.equal(folders, ['/srv/a', '/srv/with space', '/srv/c']);
});

test('readMountFolders: returns the well-known folders on a system without fstab or systemd', async () => {
  assert.equal(await foldersWith({}), []);
});

const mounts = parseMountinfo(`1 0 8:1 / / rw - ext4 /dev/sda1 rw
2 1 0:30 / /run rw - tmpfs tmpfs rw
3 1 0:40 / /mnt/nas rw - nfs4 nas:/a rw
4 1 0:41 / /srv/auto rw - autofs systemd-1 rw
5 1 0:42 / /srv/both rw - autofs systemd-1 rw
6 5 0:43 / /srv/both rw - nfs4 nas:/b rw
7 1 8:2 / /srv rw - ext4 /dev/sda2 rw
8 1 0:44 / /media rw - tmpfs tmpfs rw
9 1 8:17 / /media/me/CARD rw - exfat /dev/sdb1 rw`);
const folders = [...wellKnown, '/srv/disk', '/srv', '/ingest', '/srv/auto', '/srv/both', '/media/deck'];

for (const [path, empty] of [
  ['/home/me/out', null],
  ['/mntx', null],
  ['/mnt', '/mnt'],
  ['/mnt/other', '/mnt'],
  ['/mnt/nas', null],
  ['/mnt/nas/day 1', null],
  ['/mnt/nasty', '/mnt'],
  ['/ingest/a', '/ingest'],
  ['/run/media/me/DISK', '/run/media'],
  ['/media/me/CARD/x', null],
  // Something is mounted above, but not the expected filesystem.
  ['/srv/disk/out', '/srv/disk'],
  ['/srv/out', null],
  ['/media/deck', '/media/deck'],
  // An automount alone does not count as a mount; a filesystem on it does.
  ['/srv/auto/x', '/srv/auto'],
  ['/srv/both/x', null],
] as const) {
  test(`emptyMountFolderOf: ${path} ${empty === null ? 'is in no empty mount folder' : `is in the empty mount folder ${empty}`}`, async () => {
    const mount = mountOf(path, mounts);
    assert.is(await emptyMountFolderOf({ path, realPath: path, mount }, folders), empty);
  });
}

test('emptyMountFolderOf: an automount counts, even if nothing else names it', async () => {
  const mount: Mount = { ...(mounts[3] as Mount), mountPoint: '/net' };
  assert.is(await emptyMountFolderOf({ path: '/net/host/a', realPath: '/net/host/a', mount }, []), '/net');
});

test('emptyMountFolderOf: where the system lists no mounts, the device of the mount folder itself is not a mount in it', () =>
  inFolder(async (folder) => {
    await mkdir(join(folder, 'share'));
    const mounted = { path: join(folder, 'share'), realPath: join(folder, 'share'), mount: null };
    assert.is(await emptyMountFolderOf(mounted, [folder]), folder);
    assert.is(await emptyMountFolderOf({ path: '/dev', realPath: '/dev', mount: null }, ['/']), null);
    assert.is(await emptyMountFolderOf(mounted, ['/mnt']), null);
  }));

test('emptyMountFolderOf: links are followed: out of a mount folder, into one, and to a mount folder', () =>
  inFolder(async (folder) => {
    const local = mountOf('/', mounts);
    await mkdir(join(folder, 'mnt'));
    await mkdir(join(folder, 'plain'));
    await mkdir(join(folder, 'mnt/nas'));
    await symlink(join(folder, 'plain'), join(folder, 'mnt/out'));
    await symlink(join(folder, 'mnt'), join(folder, 'named'));
    const empty = async (path: string, mountFolder: string): Promise<string | null> => {
      const [at, where] = [join(folder, path), join(folder, mountFolder)];
      return await emptyMountFolderOf({ path: at, realPath: await realpath(at), mount: local }, [where]);
    };
    assert.is(await empty('mnt/out', 'mnt'), null);
    assert.is(await empty('named/nas', 'mnt'), join(folder, 'mnt'));
    assert.is(await empty('named/nas', 'named'), join(folder, 'mnt'));
  }));

test.run();
