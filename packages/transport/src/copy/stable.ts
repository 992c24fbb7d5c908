import { sameFingerprint } from '@sluice/core/model';
import { hasExpectedEnd, isAsRead, shortSource, statSource } from '../reading/source.ts';
import type { WholeHash } from '../streams/hashing.ts';
import { neededFor, readChunks } from '../streams/read-chunks.ts';
import { type CopyTask, fingerprintOf, type Settled, type Writing } from '../task/task.ts';
import { dressEarly } from '../writing/target.ts';

/**
 * Copies a source that is not expected to move.
 *
 * @returns null where it moved all the same; what was copied of it is known by its chunks.
 * @throws SHORT, CHANGED or what a call failed with.
 */
export async function copyStable(task: CopyTask, writing: Writing): Promise<Settled | null> {
  const { expected } = task.order;
  const { source, sink, hashes } = writing;
  if (!sameFingerprint(fingerprintOf(source.facts), expected)) return null;
  // The hash of a single chunk is that of the file.
  const isOneChunk = expected.sizeBytes > 0 && expected.sizeBytes <= task.limits.chunkBytes;
  const whole = isOneChunk ? null : task.hashing.whole();
  task.progress.enter(null);
  // One byte more shows that it ends, where that costs no other read.
  const isOnePiece =
    isOneChunk && neededFor(expected.sizeBytes) <= source.buffers.first.length && expected.sizeBytes < task.limits.chunkBytes;
  const end = await pump(task, writing, isOnePiece ? expected.sizeBytes + 1 : expected.sizeBytes, whole);
  if (end > expected.sizeBytes) return null;
  if (end === expected.sizeBytes) await dressEarly(task, writing);
  await sink.flush('all');
  if (end < expected.sizeBytes) {
    if (sameFingerprint(await statSource(task, source), expected)) throw shortSource(task, source, end);
    return null;
  }
  const settled = { hash: whole?.result() ?? hashes.ofFirst(), fingerprint: expected };
  return (await hasExpectedEnd(task, source, expected)) && (await isAsRead(task, source, settled)) ? settled : null;
}

/**
 * Copies from the open source up to `toByte`, beginning with the chunk that holds the end of what was copied. Reading,
 * hashing and writing overlap.
 *
 * @param whole hashes everything too; only for a span from the very start.
 * @returns where the storage said that the source ends, at most `toByte`.
 */
export async function pump(task: CopyTask, writing: Writing, toByte: number, whole: WholeHash | null): Promise<number> {
  const { source, sink, hashes } = writing;
  const { chunkBytes } = task.limits;
  const fromByte = Math.floor(hashes.copiedBytes / chunkBytes) * chunkBytes;
  const span = { file: source.file, chunkBytes, fromByte, toByte, buffers: source.buffers };
  return await readChunks(span, async (bytes, atByte) => {
    const write = sink.write(bytes, atByte);
    // Hashing is synchronous and the write is not; what a failing write says is heard below.
    write.catch(() => undefined);
    whole?.update(bytes);
    const hash = task.hashing.chunk(bytes);
    await write;
    hashes.set(atByte / chunkBytes, bytes.length, hash);
  });
}
