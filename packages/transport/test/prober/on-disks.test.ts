// group: storage

import { readdirSync } from 'node:fs';
import { mkdtemp, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markerName } from '@sluice/core/marker';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LoopDisk, makeLoopDisk, run, whereRoot } from '../support/loop-disk.ts';
import { type ProberChild, startProberChild } from '../support/prober-child.ts';
import { expectBad, first, inFolder, isKind, markAs, probeFile, second } from '../support/prober-claims.ts';

/** Gives the work a small disk that can be mounted, and the prober of its mount point. */
async function onDisk(work: (prober: ProberChild, disk: LoopDisk) => Promise<void>, at?: string): Promise<void> {
  const disk = makeLoopDisk(at);
  const prober = startProberChild(disk.path);
  try {
    await work(prober, disk);
  } finally {
    await prober.end();
    disk.remove();
  }
}

whereRoot('prober: a probe file that cannot be removed because it is in use is not an outage', test, () =>
  inFolder(async (prober, root) => {
    await markAs(prober, first);
    const path = join(root, probeFile);
    await writeFile(path, '');
    // What another program has open on Windows is refused as a mount point is here: EBUSY.
    run('mount', '--bind', path, path);
    try {
      isKind(await prober.probe({ expectedMarker: first }), 'good');
    } finally {
      run('umount', path);
    }
    isKind(await prober.probe({ expectedMarker: first }), 'good');
    assert.equal(readdirSync(root), [markerName]);
  }),
);

whereRoot('prober: a probe file that is removed but still open in another program is not an outage either', test, () =>
  onDisk(async (prober, disk) => {
    disk.format('a', 4);
    disk.mount('a');
    await markAs(prober, first);
    const path = join(disk.path, probeFile);
    await writeFile(path, '');
    // Windows refuses its name until then; what may not be changed is refused here with the same code: EPERM.
    run('chattr', '+i', path);
    isKind(await prober.probe({ expectedMarker: first }), 'good');
    assert.equal(readdirSync(disk.path).sort(), ['lost+found', markerName, probeFile].sort());
    run('chattr', '-i', path);
    // As one that died meanwhile would have left it.
    await writeFile(`${path}-2`, '');
    isKind(await prober.probe({ expectedMarker: first }), 'good');
    assert.equal(readdirSync(disk.path).sort(), ['lost+found', markerName].sort());
  }),
);

whereRoot('prober: through a link to a mounted share, mount and description are those of the share', test, () =>
  onDisk(async (direct, disk) => {
    disk.format('a', 4);
    disk.mount('a');
    const root = await mkdtemp(join(tmpdir(), 'sluice-prober-'));
    await symlink(disk.path, join(root, 'link'));
    const linked = startProberChild(join(root, 'link'));
    await markAs(linked, first);
    const [one, other] = [await linked.probe(), await direct.probe()].map((result) => {
      isKind(result, 'good');
      return result;
    });
    assert.ok(one?.mount.mountId !== null && one?.mount.mountId === other?.mount.mountId);
    assert.match(one?.description ?? '', /^\(LOCAL DISK ext4 \/dev\/loop\d+\)$/);
    await linked.end();
    await rm(root, { recursive: true });
  }),
);

whereRoot('prober: a share that is not mounted is not the destination, and its folder stays empty', test, () =>
  onDisk(async (prober, disk) => {
    disk.format('a', 4);
    disk.mount('a');
    await markAs(prober, first);
    const before = await prober.probe({ expectedMarker: first });
    isKind(before, 'good');
    disk.unmountLazily();
    await expectBad(prober, 'not_the_destination', 'MARKER');
    assert.equal(readdirSync(disk.path), []);
    disk.mount('a');
    const after = await prober.probe({ expectedMarker: first });
    isKind(after, 'good');
    assert.is.not(after.mount.mountId, null);
  }),
);

whereRoot('prober: another disk mounted on the same path is not the destination; it is neither marked nor probed', test, () =>
  onDisk(async (prober, disk) => {
    disk.format('a', 4);
    disk.format('b', 4);
    disk.mount('a');
    await markAs(prober, first);
    disk.unmountLazily();
    disk.mount('b');
    await expectBad(prober, 'not_the_destination', 'MARKER');
    assert.equal(readdirSync(disk.path), ['lost+found']);
    await markAs(prober, second);
    await expectBad(prober, 'not_the_destination', 'MARKER');
    isKind(await prober.probe({ expectedMarker: second }), 'good');
  }),
);

whereRoot('prober: an empty mount folder is accepted only if a plain folder is meant, with or without a marker', test, async () => {
  const at = await mkdtemp('/mnt/sluice-prober-');
  try {
    await onDisk(async (prober, disk) => {
      const { finding } = await expectBad(prober, 'not_the_destination', 'MARKER', null);
      assert.equal(finding, { kind: 'nothing_mounted', under: '/mnt' });
      await writeFile(join(at, markerName), `x\n${second}\n`);
      await expectBad(prober, 'not_the_destination', 'MARKER', null);
      const meant = await prober.probe({ plainFolderMeant: true });
      isKind(meant, 'good');
      assert.is(meant.marker, second);
      disk.format('a', 4);
      disk.mount('a');
      await markAs(prober, first);
    }, at);
    assert.equal(readdirSync(at), [markerName]);
  } finally {
    await rm(join(at, markerName), { force: true });
    await rmdir(at);
  }
});

whereRoot('prober: a disk that became read-only is reported as such, and no file of the question is left', test, () =>
  onDisk(async (prober, disk) => {
    disk.format('a', 4);
    disk.mount('a');
    await markAs(prober, first);
    disk.remount('ro');
    for (const writes of [true, false]) {
      const { finding } = await expectBad(prober, 'read_only', 'EROFS', first, writes);
      assert.equal(finding, { kind: 'call_failed', operation: 'remove an old probe file' });
    }
    disk.remount('rw');
    isKind(await prober.probe({ expectedMarker: first }), 'good');
    assert.equal(readdirSync(disk.path).sort(), [markerName, 'lost+found']);
  }),
);

whereRoot('prober: a destination without room for an empty probe file is full, not closed', test, () =>
  onDisk(async (prober, disk) => {
    disk.format('a', 4, '-N', '16');
    disk.mount('a');
    await markAs(prober, first);
    const made = disk.fillNames();
    const full = await prober.probe({ expectedMarker: first });
    isKind(full, 'good');
    assert.is(full.isFull, true);
    assert.is(full.marker, first);
    await rm(made);
    const again = await prober.probe({ expectedMarker: first });
    isKind(again, 'good');
    assert.is(again.isFull, false);
  }),
);

whereRoot('prober: free space does not include what is reserved for root', test, () =>
  onDisk(async (prober, disk) => {
    disk.format('a', 16, '-m', '50');
    disk.mount('a');
    await markAs(prober, first);
    const result = await prober.probe({ expectedMarker: first });
    isKind(result, 'good');
    const { freeBytes, totalBytes } = result.space;
    assert.ok((freeBytes ?? 0) > 0 && (freeBytes ?? 0) < (totalBytes ?? 0) * 0.55, JSON.stringify(result.space));
  }),
);

whereRoot('prober: a filesystem that reports no counts has unknown room, and is not full', test, () =>
  onDisk(async (prober, disk) => {
    run('mount', '-t', 'ramfs', 'ramfs', disk.path);
    await markAs(prober, first);
    const result = await prober.probe({ expectedMarker: first });
    isKind(result, 'good');
    assert.equal(result.space, { totalBytes: null, freeBytes: null });
    assert.is(result.isFull, false);
    assert.is(result.description, '(ramfs, gone when the machine restarts)');
  }),
);

test.run();
