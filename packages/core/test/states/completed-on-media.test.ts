import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CopyReport } from '../../src/model/copy.ts';
import type { SourceEntry } from '../../src/model/file.ts';
import { fileId as fileIdOf } from '../../src/model/ids.ts';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import { completed, copied, failed, following, open, preflight, published, rested, verified } from '../support/stages.ts';
import { atSource, entry, hash, otherHash } from '../support/words.ts';

const onCard = (medium: string): SourceEntry => entry('a.mxf', 5_000, 1, { medium });
const onDisk = (device: string, inode: string): SourceEntry => entry('a.mxf', 5_000, 1, { identity: { device, inode }, changedMs: 7 });

function copying(from: SourceEntry): Scene {
  const scene = rested(open(), from);
  return scene.reports(preflight(scene)).reports({ kind: 'creating' });
}
const verify = (scene: Scene): Scene => scene.reports(copied()).reports(verified);
const copiedFrom = (from: SourceEntry): Scene => verify(copying(from)).reports(published);

/** The requests that follow once the source has been at rest. */
const askedAtRest = (scene: Scene): readonly string[] => scene.after(5_000).lists().last.asked;

/** The source is read, because another file may be there. */
function reads(scene: Scene, report: CopyReport): Scene {
  assert.equal(askedAtRest(scene), ['hash_source a.mxf']);
  const { id } = scene.file();
  const copyId = scene.route().rechecks.get(id)?.copyId;
  if (copyId === undefined || copyId === null) throw new Error('nothing is being read');
  return scene.send({ kind: 'copy_reported', route: ingest, fileId: id, copyId, report });
}

test('completed: seen on the medium that it was copied from, it is not read', () => {
  const scene = copiedFrom(onCard('1')).sees(onCard('1'));
  assert.equal([askedAtRest(scene), scene.as('COMPLETED').medium], [[], '1']);
});

test('completed: on another medium, the same size and time prove nothing: what has other bytes is copied', () => {
  const scene = reads(copiedFrom(onCard('1')).sees(onCard('2')), { kind: 'source_hashed', hash: otherHash });
  assert.is(scene.file().status, 'DISCOVERED');
  assert.is(scene.route().media.get('a.mxf'), '2');
});

test('completed: on a card that was put in again it is read once, and not copied', () => {
  const scene = reads(copiedFrom(onCard('1')).sees(onCard('2')), { kind: 'source_hashed', hash });
  assert.equal([scene.file().status, scene.as('COMPLETED').medium, scene.last.wrote], ['COMPLETED', '2', ['a.mxf: - same_bytes']]);
  assert.equal(askedAtRest(scene.sees(onCard('2'))), []);
  const again = scene.restarts().online();
  assert.equal(askedAtRest(again.sees(onCard('2'))), [], 'nor after a restart');
  reads(again.sees(onCard('3')), { kind: 'source_hashed', hash });
});

test('completed: a copy whose medium is not known is compared once a medium is', () => {
  reads(completed().sees(onCard('1')), { kind: 'source_hashed', hash });
});

test('completed: another inode with the same times may be another file; another device is the same disk, mounted again', () => {
  const scene = copiedFrom(onDisk('2049', '12'));
  assert.equal(askedAtRest(scene.sees(onDisk('2050', '12'))), []);
  reads(scene.sees(onDisk('2050', '13')), { kind: 'source_hashed', hash });
  assert.is(scene.as('COMPLETED').identity, '2050:13');
  assert.equal(askedAtRest(scene.sees(onDisk('2050', '13'))), []);
});

for (const [what, first, second] of [
  ['a card', onCard('1'), onCard('2')],
  ['a disk', onDisk('2049', '12'), { ...onDisk('2049', '13'), changedMs: 8 }],
] as const)
  test(`completed: ${what} that is exchanged while the copy is verified is not taken for the copied one`, () => {
    const scene = verify(copying(first).sees(second)).reports(published);
    assert.equal([scene.as('COMPLETED').medium, scene.as('COMPLETED').changedMs], [first.medium, first.changedMs]);
    reads(scene, { kind: 'source_hashed', hash: otherHash });
    assert.is(scene.file().status, 'DISCOVERED');
  });

test('completed: of a card that was put in again, one file after the other is read, and the rest is not searched for each', () => {
  const name = (index: number): string => `b${index}.mxf`;
  const scene = copiedFrom(onCard('1'));
  const { rechecks } = scene.route();
  scene.sees(onCard('2'));
  const [first] = rechecks.values();
  if (first === undefined) throw new Error('nothing is to be read');
  for (let index = 0; index < 100; index += 1) {
    const fileId = fileIdOf(name(index));
    rechecks.set(fileId, { ...first, fileId, entry: { ...first.entry, path: name(index) } });
  }
  assert.equal(askedAtRest(scene), ['hash_source a.mxf']);
  let looks = 0;
  rechecks.values = function* values() {
    for (const [, recheck] of this.entries()) {
      looks += 1;
      yield recheck;
    }
    return undefined;
  };
  const { copyId } = rechecks.get(first.fileId) ?? {};
  if (copyId === undefined || copyId === null) throw new Error('nothing is being read');
  scene.send({ kind: 'copy_reported', route: ingest, fileId: first.fileId, copyId, report: { kind: 'source_hashed', hash } });
  assert.equal(scene.last.asked, ['hash_source b0.mxf']);
  assert.ok(looks < 10, `${looks} looks`);
});

test('completed: what takes the path of a file while that is being copied is copied after it', () => {
  const scene = copying(onDisk('2049', '12')).sees(entry('a.mxf', 8_000, 4, { identity: { device: '2049', inode: '13' } }));
  scene.reports(copied()).reports(verified).reports(published);
  const { status, fingerprint } = scene.file();
  assert.equal([status, fingerprint.sizeBytes, fingerprint.mtimeNs], ['DISCOVERED', 8_000, '4']);
});

test('completed: if what was copied is not what the intake saw last, the intake is to report the file again', () => {
  const asked = (scene: Scene): readonly string[] | undefined => {
    scene.lists().reports(copied(3_000, 3));
    scene.route().scanning.nextListingAt = scene.at();
    return scene.tick().last.effects.find((effect) => effect.kind === 'list_source')?.again;
  };
  assert.is(asked(following()), undefined);
  // Without inode numbers, nothing else shows that another file has the path.
  assert.equal(asked(following().sees(entry('a.mxf', 8_000, 4))), ['a.mxf']);
});

const publishing = (from: SourceEntry): Scene => verify(copying(from));

test('completed: what was written to the source while the copy got its name is read, whatever its times were set back to', () => {
  const scene = publishing(onDisk('2049', '12')).sees({ ...onDisk('2049', '12'), changedMs: 8 });
  reads(scene.reports(published), { kind: 'source_hashed', hash: otherHash });
  assert.is(scene.file().status, 'DISCOVERED');
});

for (const [what, first, second] of [
  ['a card', onCard('1'), onCard('2')],
  ['a disk', onDisk('2049', '12'), onDisk('2049', '13')],
  ['a file with times that were set back', onDisk('2049', '12'), { ...onDisk('2049', '12'), changedMs: 8 }],
] as const) {
  const next = (): Scene => publishing(first).restarts().online();
  test(`completed: ${what}, seen to be exchanged before the copy got its name in the next run of the agent, is read`, () => {
    reads(next().sees(second).reports(published), { kind: 'source_hashed', hash: otherHash });
  });

  test(`completed: ${what}, seen to be exchanged after the copy got its name in the next run of the agent, is read`, () => {
    reads(next().reports(published).sees(second), { kind: 'source_hashed', hash: otherHash });
  });

  test(`completed: ${what} that is the same in the next run of the agent is not read`, () => {
    assert.equal(askedAtRest(next().sees(first).reports(published)), []);
    assert.equal(askedAtRest(next().reports(published).sees(first)), []);
  });
}

test('failed: the next attempt is of the file that has the path by then', () => {
  const scene = copying(onCard('1')).sees(onCard('2'));
  assert.is(scene.route().media.get('a.mxf'), '1', 'the running copy is of the first');
  scene.reports(failed(atSource('EIO')));
  assert.equal([scene.route().media.get('a.mxf'), scene.route().seenSince.size], ['2', 0]);
});

test.run();
