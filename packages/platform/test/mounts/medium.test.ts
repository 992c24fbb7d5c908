import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MountedDisks, mediumOf } from '../../src/mounts/medium.ts';
import { parseMountinfo } from '../../src/mounts/mountinfo.ts';

/** A machine with a reader in which a card is: the folders that the system shows of it. */
const test = suite<{ root: string }>('medium');
const disk = 'sys/devices/usb/block/sdb';
const card = { mountId: 65, source: '/dev/sdb1', device: '8:17' };

test.before.each(async (context) => {
  const root = realpathSync(await mkdtemp(join(tmpdir(), 'sluice-medium-')));
  context.root = root;
  write(root, 'proc/sys/kernel/random/boot_id', 'boot-1\n');
  write(root, `${disk}/diskseq`, '7\n');
  write(root, `${disk}/sdb1/dev`, '8:17\n');
  write(root, 'dev/sdb1', '');
  link(root, 'sys/class/block/sdb1', `${disk}/sdb1`);
  link(root, 'sys/class/block/sdb', disk);
  link(root, 'sys/dev/block/8:17', `${disk}/sdb1`);
});
test.after.each(({ root }) => rmSync(root, { recursive: true }));

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function link(root: string, path: string, to: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(join(root, to), join(root, path));
}

test('mediumOf: the number that the disk got with this medium, since the last boot, and the partition', ({ root }) => {
  assert.is(mediumOf(card, root), 'boot-1 7 sdb1');
  assert.is(mediumOf({ ...card, source: 'card' }, root), 'boot-1 7 sdb1', 'the disk is found by the number of its device too');
  assert.is(mediumOf({ ...card, source: '/dev/sdb1', device: '0:44' }, root), 'boot-1 7 sdb1', 'a FUSE filesystem names its disk');
});

test('mediumOf: another card in the reader, another boot and another format are other media', ({ root }) => {
  write(root, `${disk}/diskseq`, '8\n');
  assert.is(mediumOf(card, root), 'boot-1 8 sdb1');
  write(root, 'proc/sys/kernel/random/boot_id', 'boot-2\n');
  assert.is(mediumOf(card, root), 'boot-2 8 sdb1');
  write(root, 'run/udev/data/b8:17', 'S:disk/by-uuid/9016-4EF8\nE:ID_FS_UUID=9016-4EF8\nE:ID_FS_TYPE=exfat\n');
  assert.is(mediumOf(card, root), 'boot-2 8 sdb1 9016-4EF8');
});

test('mediumOf: where the system does not number its media, each process and each mount count as another one', ({ root }) => {
  rmSync(join(root, disk, 'diskseq'));
  const unknown = mediumOf(card, root);
  assert.is(mediumOf(card, root), unknown);
  assert.is.not(mediumOf({ ...card, mountId: 66 }, root), unknown);
  assert.match(unknown, /^[0-9a-f-]{36} 65$/);
});

test('MountedDisks: a disk by its device number, and a medium only where files do not tell', () => {
  const disks = new MountedDisks(
    parseMountinfo(`22 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw
36 22 8:17 / /media/card rw - exfat /dev/none1 rw
37 22 259:300 / /media/disc ro - udf /dev/none2 ro
38 22 0:50 / /mnt/nfs rw - nfs4 nas01:/ingest rw`),
  );
  const at = (major: number, minor: number): string =>
    String((BigInt(major) << 8n) | BigInt(minor & 0xff) | (BigInt(minor & ~0xff) << 12n));
  const facts = [at(254, 1), at(8, 17), at(259, 300), at(0, 50), at(9, 9)].map((device) => disks.of(device));
  assert.equal(
    facts.map(({ hasRealInodes, medium }) => [hasRealInodes, medium !== null]),
    [
      [true, false],
      [false, true],
      [true, true],
      [false, false],
      [false, false],
    ],
  );
});

test.run();
