import { type Fingerprint, sameFingerprint } from '@sluice/core';
import { lookAtSource, provesEnd, shortSource, withFreshSource } from '../reading/source.ts';
import type { OpenFile } from '../storage/storage.ts';
import type { WholeHash } from '../streams/hashing.ts';
import { readChunks } from '../streams/read-chunks.ts';
import { buffersOf, type CopyTask, type Settled } from '../task/task.ts';
import { heldSink } from './pump.ts';

/**
 * Reads the whole source again and makes the destination equal: recorders rewrite their headers when they close.
 *
 * @returns null where the source moved meanwhile.
 */
export async function settle(task: CopyTask): Promise<Settled | null> {
  const endTurn = await task.settleTurn.take(task.calls.signal);
  try {
    return await settleOnce(task);
  } finally {
    endTurn();
  }
}

async function settleOnce(task: CopyTask): Promise<Settled | null> {
  const before = await lookAtSource(task);
  Object.assign(task.held, { readSinceNs: task.held.changeNs, doubt: null });
  const { end, whole } = await withFreshSource(task, (file) => compareAndRewrite(task, file, before));
  const { hashes } = task.held;
  if (end < before.sizeBytes) {
    if (sameFingerprint(await lookAtSource(task), before)) throw shortSource(task, end);
    return null;
  }
  if (hashes.copiedBytes > before.sizeBytes) {
    await heldSink(task).truncate(before.sizeBytes);
    hashes.truncate(before.sizeBytes);
  }
  await heldSink(task).flush();
  return (await provesEnd(task, before)) ? { hash: whole.result(), fingerprint: before } : null;
}

async function compareAndRewrite(
  task: CopyTask,
  file: OpenFile,
  expected: Fingerprint,
): Promise<{ readonly end: number; readonly whole: WholeHash }> {
  const { chunkBytes } = task.limits;
  const { hashes } = task.held;
  const whole = task.hashing.whole();
  const span = { file, chunkBytes, fromByte: 0, toByte: expected.sizeBytes, buffers: buffersOf(task) };
  const end = await readChunks(span, async (bytes, atByte) => {
    whole.update(bytes);
    const hash = task.hashing.chunk(bytes);
    const chunk = atByte / chunkBytes;
    if (!hashes.has(chunk, bytes.length, hash)) {
      await heldSink(task).write(bytes, atByte);
      hashes.set(chunk, bytes.length, hash);
    }
    task.progress.tell((atByte + bytes.length) / expected.sizeBytes);
  });
  return { end, whole };
}
