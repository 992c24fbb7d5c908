import type { WholeHash } from '../streams/hashing.ts';
import { readChunks } from '../streams/read-chunks.ts';
import type { Writing } from '../task/stage.ts';
import type { CopyTask } from '../task/task.ts';

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
