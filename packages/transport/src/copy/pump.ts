import { heldSource } from '../reading/source.ts';
import type { WholeHash } from '../streams/hashing.ts';
import { readChunks } from '../streams/read-chunks.ts';
import type { Sink } from '../streams/sink.ts';
import { buffersOf, type CopyTask } from '../task/task.ts';

/**
 * Copies from the open source up to `toByte`, beginning with the chunk that holds the end of what was copied. Reading,
 * hashing and writing overlap.
 *
 * @param whole hashes everything too; only for a span from the very start.
 * @returns where the storage said that the source ends, at most `toByte`.
 */
export async function pump(task: CopyTask, toByte: number, whole: WholeHash | null): Promise<number> {
  const { hashes } = task.held;
  const { chunkBytes } = task.limits;
  const fromByte = Math.floor(hashes.copiedBytes / chunkBytes) * chunkBytes;
  const sink = heldSink(task);
  const span = { file: heldSource(task).file, chunkBytes, fromByte, toByte, buffers: buffersOf(task) };
  return await readChunks(span, async (bytes, atByte) => {
    const writing = sink.write(bytes, atByte);
    // Hashing is synchronous and the write is not; what a failing write says is heard below.
    writing.catch(() => undefined);
    whole?.update(bytes);
    const hash = task.hashing.chunk(bytes);
    await writing;
    hashes.set(atByte / chunkBytes, bytes.length, hash);
  });
}

export function heldSink(task: CopyTask): Sink {
  if (task.held.sink === null) throw new Error(`no target of ${task.order.copyId} is open`);
  return task.held.sink;
}
