// alone: it mounts disks
import { readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, rmdir, symlink, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProbeResult } from '@sluice/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { markerName } from '../src/mounted/marker.ts';
import { type LoopDisk, makeLoopDisk, run, whereRoot } from './support/loop-disk.ts';
import { agentId, type ProberChild, type ProberChildOptions, startProberChild } from './support/prober-child.ts';

const first = '11111111-1111-4111-8111-111111111111';
const second = '22222222-2222-4222-8222-222222222222';
const probeFile = `.sluice-probe-${agentId}`;

type Of<Kind extends ProbeResult['kind']> = Extract<ProbeResult, { kind: Kind }>;

function isKind<Kind extends ProbeResult['kind']>(result: ProbeResult, kind: Kind): asserts result is Of<Kind> {
  assert.is(result.kind, kind, JSON.stringify(result));
}

/** A folder below the temporary one, removed with its prober. */
async function inFolder(work: (prober: ProberChild, root: string) => Promise<void>, options: ProberChildOptions = {}): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'sluice-prober-'));
  const prober = startProberChild(root, options);
  try {
    await work(prober, root);
  } finally {
    await prober.end();
    await rm(root, { recursive: true, force: true });
  }
}

/** The same with a disk of its own below the folder. */
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

async function markAs(prober: ProberChild, marker: string): Promise<void> {
  assert.is(await prober.mark(marker, await prober.probe()), marker);
}

async function expectBad(
  prober: ProberChild,
  cause: Of<'bad'>['cause'],
  code: string,
  expectedMarker: string | null = first,
): Promise<Of<'bad'>> {
  const result = await prober.probe({ expectedMarker });
  isKind(result, 'bad');
  assert.equal({ cause: result.cause, code: result.code }, { cause, code }, JSON.stringify(result));
  return result;
}

test('prober: a new folder has no marker, gets one on demand, and is good from then on', () =>
  inFolder(async (prober, root) => {
    isKind(await prober.probe(), 'unmarked');
    assert.equal(readdirSync(root), []);
    await markAs(prober, first);
    for (const expectedMarker of [first, null]) {
      const result = await prober.probe({ expectedMarker });
      isKind(result, 'good');
      assert.is(result.marker, first);
      assert.is(result.isFull, false);
      assert.ok((result.space.freeBytes ?? 0) > 0 && (result.space.totalBytes ?? 0) >= (result.space.freeBytes ?? 0));
    }
    assert.equal(readdirSync(root), [markerName]);
  }));

test('prober: it creates its probe file and removes it, each time', () =>
  inFolder(async (prober, root) => {
    await markAs(prober, first);
    const seen = Promise.withResolvers<void>();
    const ended = new AbortController();
    const watching = (async () => {
      let times = 0;
      for await (const { filename, eventType } of watch(root, { signal: ended.signal })) {
        if (filename === probeFile && eventType === 'rename') times += 1;
        if (times === 4) seen.resolve();
      }
    })().catch(() => undefined);
    isKind(await prober.probe({ expectedMarker: first }), 'good');
    isKind(await prober.probe({ expectedMarker: first }), 'good');
    const patience = setTimeout(() => seen.reject(new Error('it was not created and removed twice')), 5_000);
    await seen.promise.finally(() => ended.abort());
    clearTimeout(patience);
    await watching;
    assert.equal(readdirSync(root), [markerName]);
  }));

test('prober: its own stale probe file is removed first, that of another agent never', () =>
  inFolder(async (prober, root) => {
    await markAs(prober, first);
    await writeFile(join(root, probeFile), 'stale');
    await writeFile(join(root, '.sluice-probe-ffffffff'), '');
    isKind(await prober.probe({ expectedMarker: first }), 'good');
    assert.equal(readdirSync(root).sort(), [markerName, '.sluice-probe-ffffffff']);
  }));

test('prober: a marker that was asked for when another mount lay there is not written', () =>
  inFolder(async (prober, root) => {
    const unmarked = await prober.probe();
    isKind(unmarked, 'unmarked');
    if (unmarked.place.mountId === null) return;
    prober.markUnheard(second, { ...unmarked, place: { path: root, mountId: -1 } });
    for (let times = 0; times < 3; times += 1) isKind(await prober.probe(), 'unmarked');
    assert.is(await prober.mark(first, unmarked), first);
    assert.match(await readFile(join(root, markerName), 'utf8'), first);
  }));

test('prober: a missing root is unreachable and is never made', () =>
  inFolder(async (prober, root) => {
    await rm(root, { recursive: true });
    const { operator } = await expectBad(prober, 'unreachable', 'ENOENT');
    assert.match(operator, 'is missing; mount the share or create the folder');
    await expectBad(prober, 'unreachable', 'ENOENT', null);
    assert.not.ok(readdirSync(tmpdir()).some((name) => root.endsWith(name)));
  }));

test('prober: a file where the root should be is no folder', () =>
  inFolder(async (prober, root) => {
    await rm(root, { recursive: true });
    await writeFile(root, 'x');
    assert.match((await expectBad(prober, 'unreachable', 'ENOTDIR')).operator, 'is no folder');
    assert.is(await readFile(root, 'utf8'), 'x');
  }));

test('prober: what is marked otherwise, or not any more, is not the destination, and is left as it is', () =>
  inFolder(async (prober, root) => {
    await markAs(prober, first);
    assert.match((await expectBad(prober, 'not_the_destination', 'MARKER', second)).technical, `holds ${first}, expected ${second}`);
    await rm(join(root, markerName));
    const { operator, technical } = await expectBad(prober, 'not_the_destination', 'MARKER');
    assert.match(operator, 'WRONG DISK');
    assert.match(technical, `missing, expected ${first}`);
    assert.equal(readdirSync(root), []);
  }));

test('prober: an empty marker is asked for again, whether one is known or not', () =>
  inFolder(async (prober, root) => {
    await writeFile(join(root, markerName), '');
    await expectBad(prober, 'unknown', 'MARKER');
    await expectBad(prober, 'unknown', 'MARKER', null);
    assert.is(await readFile(join(root, markerName), 'utf8'), '');
  }));

test('prober: without a guard nothing is asked but whether the folder answers', () =>
  inFolder(
    async (prober, root) => {
      const result = await prober.probe({ expectedMarker: first });
      isKind(result, 'good');
      assert.is(result.marker, null);
      assert.equal(readdirSync(root), []);
    },
    { route: { guard: 'none' } },
  ));

const asNobody = (name: string, work: (prober: ProberChild, root: string) => Promise<void>): void =>
  whereRoot(name, test, () => inFolder(work, { asNobody: true }));

asNobody('prober: where its user may not write, the answer is denied', async (prober, root) => {
  await chmod(root, 0o755);
  await writeFile(join(root, markerName), `x\n${first}\n`);
  const { operator } = await expectBad(prober, 'denied', 'EACCES');
  assert.match(operator, `Sluice may not write to ${root}`);
  await chmod(root, 0o700);
  await expectBad(prober, 'denied', 'EACCES');
  await chmod(root, 0o777);
  isKind(await prober.probe({ expectedMarker: first }), 'good');
});

asNobody('prober: a new folder that its user may not write to is denied, too, and not ready', async (prober, root) => {
  await chmod(root, 0o755);
  const { operator } = await expectBad(prober, 'denied', 'EACCES', null);
  assert.match(operator, `Sluice may not write to ${root}`);
  await chmod(root, 0o777);
  isKind(await prober.probe(), 'unmarked');
});

asNobody('prober: a marker that may not be written leaves no trace, and the next question is answered', async (prober, root) => {
  await chmod(root, 0o777);
  const unmarked = await prober.probe();
  await chmod(root, 0o755);
  prober.markUnheard(first, unmarked);
  await expectBad(prober, 'denied', 'EACCES', null);
  await expectBad(prober, 'denied', 'EACCES', null);
  assert.equal(readdirSync(root), []);
});

test('prober: a destination that is named by a link is the one the link leads to', () =>
  inFolder(async (_, root) => {
    await mkdir(join(root, 'real'));
    await symlink(join(root, 'real'), join(root, 'link'));
    const prober = startProberChild(join(root, 'link'));
    await markAs(prober, first);
    await prober.end();
    assert.equal(readdirSync(join(root, 'real')), [markerName]);
  }));

whereRoot('prober: a probe file that cannot be removed because it is in use is an answer, and no outage', test, () =>
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

whereRoot('prober: a probe file that is gone but for whoever has it open is an answer too', test, () =>
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

whereRoot('prober: a link to a mounted share leads to the mount, in place and words', test, () =>
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
    assert.ok(one?.place.mountId !== null && one?.place.mountId === other?.place.mountId);
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
    assert.is.not(after.place.mountId, null);
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

whereRoot('prober: an unmounted place for mounts is adopted only where a plain folder is meant, marker or not', test, async () => {
  const at = await mkdtemp('/mnt/sluice-prober-');
  try {
    await onDisk(async (prober, disk) => {
      assert.match((await expectBad(prober, 'not_the_destination', 'MARKER', null)).operator, `nothing is mounted at ${at}`);
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

whereRoot('prober: a disk that became read-only is told as such, and keeps nothing of the question', test, () =>
  onDisk(async (prober, disk) => {
    disk.format('a', 4);
    disk.mount('a');
    await markAs(prober, first);
    disk.remount('ro');
    const { operator } = await expectBad(prober, 'read_only', 'EROFS');
    assert.match(operator, `${disk.path} is read-only`);
    disk.remount('rw');
    isKind(await prober.probe({ expectedMarker: first }), 'good');
    assert.equal(readdirSync(disk.path).sort(), [markerName, 'lost+found']);
  }),
);

whereRoot('prober: no room for so much as the probe file is a full destination, not a closed one', test, () =>
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

whereRoot('prober: free is what is available to everybody, not what is reserved for root', test, () =>
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

whereRoot('prober: a filesystem that counts nothing has unknown room, and is not full', test, () =>
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
