import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseMountinfo } from '@sluice/platform';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';
import { assertLocalDisk } from '../../src/open/local-disk.ts';
import { refusal, withPath } from '../support/folder.ts';

const mount = (point: string, fsType: string): string => `99 22 0:50 / ${point} rw,relatime shared:1 - ${fsType} nas:/x rw,vers=4.2`;
const system = mount('/', 'ext4');

const table: readonly (readonly [folder: string, mounts: readonly string[], fsType: string | null])[] = [
  ['/var/lib/sluice', [system], null],
  ['/var/lib/sluice', [], null],
  ['/mnt/nas/state', [system, mount('/mnt/nas', 'nfs4')], 'nfs4'],
  ['/mnt/nas', [system, mount('/mnt/nas', 'nfs')], 'nfs'],
  ['/mnt/nas2/state', [system, mount('/mnt/nas', 'nfs')], null],
  ['/mnt/win/state', [system, mount('/mnt/win', 'cifs')], 'cifs'],
  ['/mnt/win/state', [system, mount('/mnt/win', 'smb3')], 'smb3'],
  ['/mnt/ssh/state', [system, mount('/mnt/ssh', 'fuse.sshfs')], 'fuse.sshfs'],
  ['/mnt/any/state', [system, mount('/mnt/any', 'fuse')], 'fuse'],
  ['/mnt/usb/state', [system, mount('/mnt/usb', 'fuseblk')], null],
  ['/mnt/usb/state', [system, mount('/mnt/usb', 'vfat')], null],
  ['/host/state', [system, mount('/host', '9p')], '9p'],
  ['/host/state', [system, mount('/host', 'vboxsf')], 'vboxsf'],
  ['/mnt/nas/disk/state', [system, mount('/mnt/nas', 'nfs4'), mount('/mnt/nas/disk', 'xfs')], null],
  ['/mnt/nas/state', [system, mount('/mnt/nas', 'ext4'), mount('/mnt/nas', 'nfs4')], 'nfs4'],
  ['/mnt/nas/state', [system, mount('/mnt/nas', 'nfs4'), mount('/mnt/nas', 'ext4')], null],
  ['/mnt/my nas/state', [system, mount('/mnt/my\\040nas', 'nfs4')], 'nfs4'],
  ['/mnt/tab\tand\\/state', [system, mount('/mnt/tab\\011and\\134', 'nfs4')], 'nfs4'],
  ['/mnt/nas/../nas/./state', [system, mount('/mnt/nas', 'nfs4')], 'nfs4'],
  ['/home/me/state', [mount('/', 'nfs4')], 'nfs4'],
  ['/home/me/state', ['a line that is none', '', system], null],
];

for (const [folder, mounts, fsType] of table) {
  test(`assertLocalDisk ${fsType === null ? 'takes' : 'refuses'} ${JSON.stringify(folder)} among ${mounts.map((line) => line.slice(13, 40)).join(', ')}`, () => {
    const judge = (): void => assertLocalDisk(folder, parseMountinfo(mounts.join('\n')));
    if (fsType === null) judge();
    else {
      const error = refusal(judge);
      assert.is(error.reason, 'network_filesystem');
      assert.match(error.operator, '--state');
      assert.match(error.technical, `filesystem type ${fsType},`);
    }
  });
}

for (const [folder, isRefused] of [
  ['\\\\nas01\\in\\state', true],
  ['\\\\?\\UNC\\nas01\\in\\state', true],
  ['D:\\state', false],
  ['\\\\?\\D:\\state', false],
] as const) {
  test(`assertLocalDisk ${isRefused ? 'refuses' : 'takes'} ${folder}, where no mounts are named`, () => {
    if (!isRefused) return assertLocalDisk(folder, []);
    assert.match(refusal(() => assertLocalDisk(folder, [])).technical, 'it lies on the share \\\\nas01\\in');
  });
}

test(
  'assertLocalDisk: follows links to the real folder',
  withPath((_path, folder) => {
    mkdirSync(join(folder, 'nas'));
    symlinkSync(join(folder, 'nas'), join(folder, 'state'));
    const mounts = parseMountinfo([system, mount(join(folder, 'nas'), 'nfs4')].join('\n'));
    assert.is(refusal(() => assertLocalDisk(join(folder, 'state'), mounts)).reason, 'network_filesystem');
    assertLocalDisk(folder, mounts);
  }),
);

test(
  'openJournal: creates no file on a network filesystem',
  withPath((path, folder) => {
    const mounts = parseMountinfo([system, mount(folder, 'nfs4')].join('\n'));
    assert.is(refusal(() => openJournal({ path, now: () => 0, mounts })).reason, 'network_filesystem');
    openJournal({ path: join(folder, 'new.db'), now: () => 0, mounts: parseMountinfo(system) }).close();
    assert.throws(() => openJournal({ path: join(folder, 'no', 'such', 'folder', 'x.db'), now: () => 0, mounts: parseMountinfo(system) }));
  }),
);

test.run();
