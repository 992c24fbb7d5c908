import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createChunkHashes } from '../../src/streams/read-chunks.ts';

test('createChunkHashes: a chunk is recognised by length and hash, and forgotten when it is truncated', () => {
  const hashes = createChunkHashes(10);
  for (let chunk = 0; chunk < 200; chunk += 1) hashes.set(chunk, 10, BigInt(chunk));
  hashes.set(200, 3, 7n);
  assert.is(hashes.copiedBytes, 2003);
  assert.ok(hashes.has(150, 10, 150n));
  assert.ok(hashes.has(200, 3, 7n));
  assert.not(hashes.has(200, 4, 7n));
  hashes.truncate(1995);
  assert.not(hashes.has(199, 10, 199n));
  assert.not(hashes.has(200, 3, 7n));
});

test('createChunkHashes: a chunk with an unknown hash counts as copied, and equals no chunk', () => {
  const hashes = createChunkHashes(10);
  hashes.set(0, 10, null);
  hashes.set(1, 4, 7n);
  assert.is(hashes.copiedBytes, 14);
  assert.equal([hashes.has(0, 10, 0n), hashes.has(0, 10, 5n), hashes.has(1, 4, 7n)], [false, false, true]);
});

test.run();
