// real: it reads files
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOf, routeSettings } from '@sluice/core/fixtures';
import type { FileOf, SourceEntry, TrackedFile } from '@sluice/core/model';
import { temporaryFolder } from '@sluice/testkit';
import { ContentReader, mountedFolder } from '@sluice/transport';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Judged } from '../src/model.ts';
import { findCopy, type JudgeDependencies, judge, mayBeOther } from '../src/safe/judge.ts';

const fingerprint = { sizeBytes: 10, mtimeNs: '5' };
const entry = (over: Partial<SourceEntry> = {}): SourceEntry => ({
  path: 'x.mxf',
  nameValid: true,
  fingerprint,
  identity: { device: '1', inode: '2' },
  mode: 0o644,
  mayGrow: false,
  ...over,
});
const completed = (over: Partial<FileOf<'COMPLETED'>> = {}): TrackedFile => fileOf('COMPLETED', { source: 'x.mxf', fingerprint, ...over });
const other = { sizeBytes: 11, mtimeNs: '5' };
const kindOf = (attempts: readonly TrackedFile[], of = entry()): string => {
  const found = findCopy(attempts, of);
  return 'kind' in found ? found.kind : found.destination;
};

test('findCopy: finds the copy by size and time, from any attempt', () => {
  assert.is(kindOf([]), 'not_known');
  assert.is(kindOf([completed({ destination: 'x_1.mxf' })]), 'x_1.mxf');
  const failed = fileOf('FAILED', { source: 'x.mxf', fingerprint });
  assert.is(kindOf([failed, completed({ destination: 'x_1.mxf' })]), 'x_1.mxf');
  assert.is(kindOf([completed({ destination: 'a' }), completed({ destination: 'b', fingerprint: other })]), 'a');
});

test('findCopy: a file that changed after its copy is not copied, whatever happened later', () => {
  assert.is(kindOf([completed({ fingerprint: other })]), 'changed');
  const ready = fileOf('READY', { source: 'x.mxf', fingerprint });
  assert.is(kindOf([completed({ fingerprint: other }), ready]), 'not_copied');
  assert.is(kindOf([ready]), 'not_copied');
  assert.is(kindOf([fileOf('FAILED', { source: 'x.mxf', fingerprint })]), 'not_copied');
});

test('mayBeOther: a file has another identity, if both identities are known', () => {
  const at = (identity: string, of = entry()): boolean => mayBeOther(completed({ identity }) as FileOf<'COMPLETED'>, of);
  assert.equal([at('1:2'), at('1:3'), at('9:2'), at('1:3', entry({ identity: null }))], [false, true, true, false]);
});

test('mayBeOther: a file has another change time, if both are known', () => {
  const at = (copied: number | undefined, now?: number): boolean =>
    mayBeOther(
      completed(copied === undefined ? {} : { changedMs: copied }) as FileOf<'COMPLETED'>,
      entry(now === undefined ? {} : { changedMs: now }),
    );
  assert.equal([at(7, 7), at(7, 8), at(undefined, 8), at(7)], [false, true, false, false]);
});

test('mayBeOther: on a card, a copy is of another medium, or of one that is not known', () => {
  const at = (copied: string | undefined, now?: string): boolean =>
    mayBeOther(
      completed(copied === undefined ? {} : { medium: copied }) as FileOf<'COMPLETED'>,
      entry({ identity: null, ...(now === undefined ? {} : { medium: now }) }),
    );
  assert.equal([at('1', '1'), at('1', '2'), at(undefined, '2'), at('1')], [false, true, true, false]);
});

interface Asked {
  readonly bytes: string;
  readonly reads?: boolean;
  readonly hash?: null;
}

/** Judges a file whose device number is not that of the record. @param asked `bytes`: what is at the source now */
async function judgedAgain({ bytes, reads = false, hash }: Asked): Promise<Judged> {
  const [source, destination] = [temporaryFolder('judge-source'), temporaryFolder('judge-destination')];
  const content = await ContentReader.load();
  const onRead = (): void => undefined;
  await writeFile(join(destination, 'x.mxf'), '0123456789');
  await utimes(join(destination, 'x.mxf'), 1, 1);
  await writeFile(join(source, 'x.mxf'), bytes);
  const there = mountedFolder(destination);
  const of = { storage: there, side: 'source', name: 'x.mxf', sizeBytes: 10, mount: null, onRead } as const;
  const known = (await content.read(of)).hash;
  const at = { sizeBytes: 10, mtimeNs: '1000000000' };
  const copy = completed({
    identity: '8:2',
    destination: 'x.mxf',
    fingerprint: at,
    hash: hash === null ? null : known,
    readback: 'direct',
  });
  const dependencies: JudgeDependencies = {
    route: routeSettings({ source, destination }),
    journal: { lineage: () => [copy], timeline: () => [] },
    source: mountedFolder(source),
    destination: there,
    mount: { path: destination, mountId: null },
    content,
    reads,
    onRead,
  };
  return await judge(dependencies, entry({ fingerprint: at }));
}

test('judge: after a remount, a file with another device number is safe if it has the bytes that were copied', async () => {
  const { why, copy } = await judgedAgain({ bytes: '0123456789' });
  assert.is(why, null);
  assert.is(copy?.identity, '1:2', 'clear removes the file that was compared');
  assert.is((await judgedAgain({ bytes: '0123456789', reads: true })).why, null);
});

test('judge: a file that was replaced, with the same size and time, is another file', async () => {
  assert.equal((await judgedAgain({ bytes: '012345678X' })).why, { kind: 'other_file' });
  assert.equal((await judgedAgain({ bytes: '012345678X', reads: true })).why, { kind: 'source_differs' });
  assert.equal((await judgedAgain({ bytes: '0123456789', hash: null })).why, { kind: 'other_file' }, 'nothing to compare with');
});

test.run();
