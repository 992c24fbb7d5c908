import { closeQuietly } from '@sluice/platform';
import { copyLimits } from '../limits.ts';
import type { OpenFile } from '../storage/storage.ts';
import type { BufferPair } from './buffers.ts';

export interface ReadSpan {
  readonly file: OpenFile;
  readonly chunkBytes: number;
  /** On the grid. */
  readonly fromByte: number;
  readonly toByte: number;
  readonly buffers: BufferPair;
}

/**
 * Reads a span chunk by chunk; the next chunk is read while `onChunk` works on the last.
 *
 * @param onChunk its bytes are good until it returns.
 * @returns where the storage said that the file ends, at most `toByte`; the caller judges what an early end means.
 */
export async function readChunks(span: ReadSpan, onChunk: (bytes: Uint8Array, atByte: number) => Promise<void> | void): Promise<number> {
  let [current, other] = [span.buffers.first, span.buffers.second];
  let reading = readOne(span, span.fromByte, current);
  for (let at = span.fromByte; at < span.toByte; ) {
    const length = await reading;
    if (length === 0) return at;
    const bytes = current.subarray(0, length);
    const isLast = at + length >= span.toByte || length < span.chunkBytes;
    if (!isLast) reading = readOne(span, at + length, other);
    // A failing onChunk leaves the read behind: its own failure must not go unheard as an unhandled rejection.
    reading.catch(() => undefined);
    await onChunk(bytes, at);
    at += length;
    if (isLast) return at;
    [current, other] = [other, current];
  }
  return span.toByte;
}

function readOne(span: ReadSpan, atByte: number, into: Uint8Array): Promise<number> {
  return readFully(span.file, into, atByte, Math.min(span.chunkBytes, span.toByte - atByte));
}

/**
 * Reads until `lengthBytes` are there or the storage says that the file ends.
 *
 * @param into page-aligned, and long enough for `lengthBytes` rounded up to 4096.
 */
export async function readFully(file: OpenFile, into: Uint8Array, atByte: number, lengthBytes: number): Promise<number> {
  const align = file.isDirect ? copyLimits.directAlignBytes : 1;
  // A shorter one would look like the end of the file.
  if (into.length < lengthBytes) throw new Error(`a buffer of ${into.length} bytes is too short to read ${lengthBytes}`);
  let filled = 0;
  while (filled < lengthBytes) {
    // An uncached read goes on from the last whole block: a short one may have ended anywhere.
    const from = Math.floor(filled / align) * align;
    const until = Math.min(into.length, Math.ceil(lengthBytes / align) * align);
    const count = await file.read(into.subarray(from, until), atByte + from);
    if (from + count <= filled) break;
    filled = from + count;
    if (file.isShortAtEndOnly && count < until - from) break;
  }
  return Math.min(filled, lengthBytes);
}

/** Where the storage says that a file ends, reading one block around `sizeBytes`. @param into page-aligned, 8 KiB. */
export async function endSeen(file: OpenFile, into: Uint8Array, sizeBytes: number): Promise<number> {
  const block = copyLimits.directAlignBytes;
  const from = Math.floor(sizeBytes / block) * block;
  return from + (await readFully(file, into.subarray(0, 2 * block), from, 2 * block));
}

/** Works with a file that is only read, and closes it whatever happens: that close has nothing to report. */
export async function readOnly<T>(file: OpenFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    void closeQuietly(file);
  }
}
