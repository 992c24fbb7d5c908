import { fileOf } from '@sluice/core/fixtures';
import type { FileOf, SourceEntry, TrackedFile } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findCopy } from '../src/safe/judge.ts';

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

test('findCopy: a file with another identity is another file, if both identities are known', () => {
  assert.is(kindOf([completed({ identity: '1:2', destination: 'x' })]), 'x');
  assert.is(kindOf([completed({ identity: '1:3' })]), 'other_file');
  assert.is(kindOf([completed({ identity: '1:3', destination: 'x' })], entry({ identity: null })), 'x');
});

test.run();
