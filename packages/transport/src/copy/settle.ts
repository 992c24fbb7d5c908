import { type Fingerprint, sameFingerprint } from '@sluice/core/model';
import { hasExpectedEnd, shortSource, statSource, withFreshSource } from '../reading/source.ts';
import type { OpenFile } from '../storage/storage.ts';
import type { WholeHash } from '../streams/hashing.ts';
import { readChunks } from '../streams/read-chunks.ts';
import type { CopyTask, Settled, Writing } from '../task/task.ts';

/**
 * Reads the whole source again and makes the destination equal: recorders rewrite their headers when they close.
 *
 * @returns null where the source moved meanwhile.
 */
export async function settle(task: CopyTask, writing: Writing): Promise<Settled | null> {
  const release = await task.settleMutex.acquire(task.calls.signal);
  try {
    return await settleOnce(task, writing);
  } finally {
    release();
  }
}

async function settleOnce(task: CopyTask, writing: Writing): Promise<Settled | null> {
  const { source, sink, hashes } = writing;
  const before = await statSource(task, source);
  Object.assign(source, { readSinceNs: source.changeNs, doubt: null });
  const { end, whole } = await withFreshSource(task, source, (file) => compareAndRewrite(task, writing, file, before));
  if (end < before.sizeBytes) {
    if (sameFingerprint(await statSource(task, source), before)) throw shortSource(task, source, end);
    return null;
  }
  if (hashes.copiedBytes > before.sizeBytes) {
    await sink.truncate(before.sizeBytes);
    hashes.truncate(before.sizeBytes);
  }
  await sink.flush('all');
  return (await hasExpectedEnd(task, source, before)) ? { hash: whole.result(), fingerprint: before } : null;
}

async function compareAndRewrite(
  task: CopyTask,
  { source, sink, hashes }: Writing,
  file: OpenFile,
  expected: Fingerprint,
): Promise<{ readonly end: number; readonly whole: WholeHash }> {
  const { chunkBytes } = task.limits;
  const whole = task.hashing.whole();
  const span = { file, chunkBytes, fromByte: 0, toByte: expected.sizeBytes, buffers: source.buffers };
  const end = await readChunks(span, async (bytes, atByte) => {
    whole.update(bytes);
    const hash = task.hashing.chunk(bytes);
    const chunk = atByte / chunkBytes;
    if (!hashes.has(chunk, bytes.length, hash)) {
      await sink.write(bytes, atByte);
      hashes.set(chunk, bytes.length, hash);
    }
    task.progress.report((atByte + bytes.length) / expected.sizeBytes);
  });
  return { end, whole };
}
