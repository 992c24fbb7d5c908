import type { SourceEntry } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Listing } from '../../src/listing/listing.ts';
import type { Root } from '../../src/scan/root.ts';
import { SourceMemory } from '../../src/scan/scan.ts';

const first: Root = { device: '1', key: '1:10', medium: null, birthNs: '0', realPath: '/source' };
const renewed: Root = { device: '1', key: '1:11', medium: null, birthNs: '0', realPath: '/source' };
const otherDisk: Root = { device: '2', key: '2:10', medium: null, birthNs: '0', realPath: '/source' };

function listing(...paths: readonly string[]): Listing {
  const entries = paths.map(
    (path): SourceEntry => ({
      path,
      nameValid: true,
      fingerprint: { sizeBytes: 1, mtimeNs: '1' },
      identity: null,
      mode: 0o644,
      mayGrow: false,
    }),
  );
  const selection = { leftAlone: [], unmatched: [] };
  return {
    entries,
    anything: entries.length,
    youngEmptyCount: 0,
    selection,
    failure: null,
    unreadPath: null,
    unread: [],
    aside: [],
    tree: new Map(),
  };
}

/** Returns the memory after a complete scan of these paths under `first`. */
function memoryOf(...paths: readonly string[]): SourceMemory {
  const memory = new SourceMemory();
  memory.acceptRoot(first);
  memory.diff.all(listing(...paths).entries);
  return memory;
}

for (const { what, known, found, root, isStrange } of [
  { what: 'no file under the same root, of one known', known: ['a'], found: [], root: first, isStrange: false },
  { what: 'no file under the same root, of two known', known: ['a', 'b'], found: [], root: first, isStrange: true },
  { what: 'only unknown files on another disk', known: ['a'], found: ['x'], root: otherDisk, isStrange: true },
  { what: 'a known file on another disk', known: ['a', 'b'], found: ['b', 'x'], root: otherDisk, isStrange: false },
  { what: 'only unknown files in another folder of the same disk', known: ['a'], found: ['x'], root: renewed, isStrange: false },
  { what: 'files on another disk, of none known', known: [], found: ['x'], root: otherDisk, isStrange: false },
]) {
  test(`SourceMemory: ${what} is ${isStrange ? '' : 'not '}strange`, () => {
    assert.is(memoryOf(...known).isStrange(listing(...found), root), isStrange);
  });
}

test('SourceMemory: once everything known is copied, another disk with files is the source, and an empty one is not', () => {
  const memory = memoryOf('a', 'b');
  assert.is(memory.isStrange(listing('x'), otherDisk, { nothingWaits: true }), false);
  assert.is(memory.isStrange(listing(), otherDisk, { nothingWaits: true }), true);
  assert.is(memory.isStrange(listing(), first, { nothingWaits: true }), true);
});

test('SourceMemory: nothing is strange before the first complete scan', () => {
  assert.is(new SourceMemory().isStrange(listing('x'), first), false);
});

test('SourceMemory: files of a strange root are no evidence for it in the next scan, until that root is accepted', () => {
  const memory = memoryOf('a');
  const strange = listing('x');
  memory.addStrangers(strange.entries);
  memory.diff.some(strange.entries);
  assert.is(memory.isStrange(strange, otherDisk), true);
  memory.acceptRoot(first);
  assert.is(memory.isStrange(strange, otherDisk), false);
});

test('SourceMemory: acceptRoot reports another root, and forgets what earlier listings lacked', () => {
  const memory = memoryOf('a');
  memory.diff.all([]);
  assert.is(memory.acceptRoot(first), false);
  assert.is(memory.acceptRoot(renewed), true);
  assert.is(memory.root, renewed);
  assert.equal(memory.diff.all([]).missedTwice, []);
});

test('isStrange: true for an empty source of which an earlier process knew files that are not copied', () => {
  const memory = new SourceMemory();
  assert.is(memory.isStrange(listing(), first, { unseen: 1 }), true);
  assert.is(memory.isStrange(listing(), first, { unseen: 0 }), false);
  assert.is(memory.isStrange(listing('x'), first, { unseen: 1 }), false);
});

test.run();
