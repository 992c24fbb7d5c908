import type { ContentHash, Side } from '@sluice/core/model';
import { closeQuietly } from '@sluice/platform';
import xxhash from 'xxhash-wasm';
import { type CopyLimits, copyLimits } from '../limits.ts';
import { finding, type OpenFile } from '../storage/storage.ts';

/** The part of a file that is read. */
export interface ReadSpan {
  readonly file: OpenFile;
  readonly chunkBytes: number;
  /** On the grid. */
  readonly fromByte: number;
  readonly toByte: number;
  readonly buffers: ReadBuffers;
  /** Another way to fill `bytes` with a chunk of the grid. @param readFile the usual one */
  readonly readChunk?: ((chunk: number, bytes: Uint8Array, readFile: () => Promise<number>) => Promise<number>) | undefined;
}

/**
 * Reads a span chunk by chunk, with one read under way for each buffer: the next ones while `onChunk` works on the last.
 *
 * No read is under way on return, so that the buffers can be used again, unless `onChunk` has failed.
 *
 * @param onChunk its bytes are good until it returns.
 * @returns where the storage said that the file ends, at most `toByte`; the caller judges what an early end means.
 */
export async function readChunks(span: ReadSpan, onChunk: (bytes: Uint8Array, atByte: number) => Promise<void> | void): Promise<number> {
  const { chunkBytes, fromByte, toByte, buffers } = span;
  const underWay: { readonly into: Uint8Array; readonly length: Promise<number> }[] = [];
  const read = span.readChunk === undefined ? readOne : oneAfterTheOther();
  let nextByte = fromByte;
  const readAhead = (into: Uint8Array): void => {
    if (nextByte >= toByte) return;
    const length = read(span, nextByte, into);
    // It may never be waited for below: its failure must not go unheard as an unhandled rejection.
    length.catch(() => undefined);
    underWay.push({ into, length });
    nextByte += chunkBytes;
  };
  for (const buffer of buffers) readAhead(buffer);
  let at = fromByte;
  for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) {
    const length = await lengthOf(next.length, underWay);
    if (length > 0) await onChunk(next.into.subarray(0, length), at);
    at += length;
    if (length < chunkBytes && at < toByte) {
      await allReturned(underWay);
      return at;
    }
    readAhead(next.into);
  }
  return at;
}

function readOne(span: ReadSpan, atByte: number, into: Uint8Array): Promise<number> {
  const { file, chunkBytes, readChunk } = span;
  const lengthBytes = Math.min(chunkBytes, span.toByte - atByte);
  const readFile = (): Promise<number> => readFully(file, into, atByte, lengthBytes);
  return readChunk === undefined ? readFile() : readChunk(atByte / chunkBytes, into.subarray(0, lengthBytes), readFile);
}

/** Copies that share a source say which chunk they read next, one at a time. Behind a short or failed read nothing is read. */
function oneAfterTheOther(): typeof readOne {
  let before: Promise<number> | null = null;
  return (span, atByte, into) => {
    const read = (): Promise<number> => readOne(span, atByte, into);
    before = before === null ? read() : before.then(async (length) => (length < span.chunkBytes ? 0 : await read()));
    return before;
  };
}

type Reads = readonly { readonly length: Promise<number> }[];

/** Who begins again after a refused read does so into the same buffers. */
async function lengthOf(reading: Promise<number>, others: Reads): Promise<number> {
  try {
    return await reading;
  } catch (error) {
    await allReturned(others);
    throw error;
  }
}

async function allReturned(reads: Reads): Promise<void> {
  await Promise.allSettled(reads.map(({ length }) => length));
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

/**
 * Page-aligned memory to read into, as uncached reads need it. While one is written or hashed, the others are read into. A file that is
 * read in one piece has only one.
 */
export type ReadBuffers = readonly [first: Uint8Array, ...more: Uint8Array[]];

/** A pool of buffers for reading. */
export interface Buffers {
  /** @param sizeBytes of the file to be read; null: it may grow, and is read piece by piece */
  acquire(sizeBytes: number | null): ReadBuffers;
  /** Only where no call under way can still write into it. */
  giveBack(buffers: ReadBuffers): void;
}

const wasmPageBytes = 65_536;

/**
 * Memory for all copies of a process. WebAssembly memory is the one page-aligned memory that a script can have; it is slow to make,
 * so many small pieces are cut from one.
 *
 * @param chunkBytes the largest single read; a multiple of 4096
 * @param ahead how many chunks one copy holds
 * @param spare of how many copies the buffers are kept for the next taker
 */
export function createBuffers(chunkBytes: number, ahead: number, spare: number): Buffers {
  const sizes = copyLimits.smallBuffers.filter(({ bytes }) => bytes < chunkBytes);
  const pools = new Map<number, ReadBuffers[]>([...sizes.map(({ bytes }) => bytes), chunkBytes].map((bytes) => [bytes, []]));
  return {
    acquire(sizeBytes) {
      const fitting = sizeBytes === null ? undefined : sizes.find(({ bytes }) => neededFor(sizeBytes) <= bytes);
      if (fitting === undefined) return pools.get(chunkBytes)?.pop() ?? cut(chunkBytes, ahead);
      const pool = pools.get(fitting.bytes) ?? [];
      if (pool.length === 0) for (const piece of cut(fitting.bytes, fitting.atOnce)) pool.push([piece]);
      return pool.pop() ?? cut(chunkBytes, ahead);
    },
    giveBack(buffers) {
      const pool = pools.get(buffers[0].length);
      if (buffers.length === 1 || (pool !== undefined && pool.length < spare)) pool?.push(buffers);
    },
  };
}

/** Whether one read takes a whole file, and shows that it ends. */
export function fitsInOnePiece(sizeBytes: number, [first]: ReadBuffers, chunkBytes: number): boolean {
  return sizeBytes < chunkBytes && neededFor(sizeBytes) <= first.length;
}

/** Whole blocks, and one more: it shows in the same read that the file ends. */
function neededFor(sizeBytes: number): number {
  const block = copyLimits.directAlignBytes;
  return (Math.floor(sizeBytes / block) + 2) * block;
}

function cut(bytes: number, pieces: number): ReadBuffers {
  const memory = pageAligned(bytes * pieces);
  const piece = (index: number): Uint8Array => new Uint8Array(memory, index * bytes, bytes);
  return [piece(0), ...Array.from({ length: pieces - 1 }, (_, index) => piece(index + 1))];
}

/** Where the address space is limited there may be none: then uncached reads are refused, and everything else works. */
function pageAligned(bytes: number): ArrayBufferLike {
  const pages = Math.ceil(bytes / wasmPageBytes);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer;
  } catch {
    return new ArrayBuffer(bytes);
  }
}

/** xxh64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). */
export interface Hashing {
  whole(): WholeHash;
  chunk(bytes: Uint8Array): bigint;
}

/** A hash over a whole file. */
export interface WholeHash {
  update(bytes: Uint8Array): void;
  result(): ContentHash;
}

/** Loads xxHash. */
export async function loadHashing(): Promise<Hashing> {
  const { create64, h64Raw } = await xxhash();
  return {
    chunk: (bytes) => h64Raw(bytes),
    whole: () => {
      const hasher = create64();
      return {
        update: (bytes) => void hasher.update(bytes),
        result: () => contentHash(hasher.digest()),
      };
    },
  };
}

function contentHash(hash: bigint): ContentHash {
  return { algorithm: 'xxh64', value: hash.toString(16).padStart(16, '0') };
}

/** What is to be read. `onRead` is called after every chunk with the part that is read, 0 to 1. */
export interface Reading {
  readonly side: Side;
  readonly name: string;
  readonly sizeBytes: number;
  readonly buffers: ReadBuffers;
  readonly onRead: (done: number) => void;
}

interface HashDependencies {
  readonly hashing: Hashing;
  readonly limits: CopyLimits;
}

/**
 * Reads a file of a known size to its end and hashes it.
 *
 * @returns null where it goes on beyond its size.
 * @throws SHORT where it ends before: that is a broken connection until the opposite is shown.
 */
export async function hashOfFile(dependencies: HashDependencies, file: OpenFile, reading: Reading): Promise<ContentHash | null> {
  const { sizeBytes, buffers } = reading;
  const whole = dependencies.hashing.whole();
  const { chunkBytes } = dependencies.limits;
  const isOnePiece = fitsInOnePiece(sizeBytes, buffers, chunkBytes);
  // One byte more shows in the same read that it ends.
  const span = { file, chunkBytes, fromByte: 0, toByte: isOnePiece ? sizeBytes + 1 : sizeBytes, buffers };
  const end = await readChunks(span, (bytes, atByte) => {
    whole.update(bytes);
    reading.onRead(Math.min(1, (atByte + bytes.length) / sizeBytes));
  });
  if (end < sizeBytes) {
    const message = `it ended after ${end} bytes, its size is ${sizeBytes}`;
    throw finding(reading.side, 'SHORT', `read ${reading.name}`, message);
  }
  const isLonger = isOnePiece ? end > sizeBytes : (await endSeen(file, buffers[0], sizeBytes)) > sizeBytes;
  return isLonger ? null : whole.result();
}

/**
 * What was copied, as a hash for every chunk of the grid: 8 bytes for 2 MiB. By it the settle step finds
 * the chunks of the source that are no longer those at the destination.
 */
export interface ChunkHashes {
  /** Bytes from the start that were copied. */
  readonly copiedBytes: number;
  /** True where the chunk at the destination has these very bytes. */
  has(chunk: number, lengthBytes: number, hash: bigint): boolean;
  /** @param hash null: not known, and taken for another one than any */
  set(chunk: number, lengthBytes: number, hash: bigint | null): void;
  /** Of the first chunk: where there is no other, of the whole file. */
  ofFirst(): ContentHash;
  truncate(sizeBytes: number): void;
}

/** A chunk that really has this hash is written again, which does no harm. */
const unknownHash = 0n;

/** Creates an empty list of chunk hashes. */
export function createChunkHashes(chunkBytes: number): ChunkHashes {
  let hashes = new BigUint64Array(4);
  let copiedBytes = 0;
  const lengthOf = (chunk: number): number => Math.min(chunkBytes, Math.max(0, copiedBytes - chunk * chunkBytes));
  return {
    get copiedBytes() {
      return copiedBytes;
    },
    has: (chunk, lengthBytes, hash) => hash !== unknownHash && lengthOf(chunk) === lengthBytes && hashes[chunk] === hash,
    set: (chunk, lengthBytes, hash) => {
      if (chunk >= hashes.length) hashes = grown(hashes, chunk + 1);
      hashes[chunk] = hash ?? unknownHash;
      copiedBytes = Math.max(copiedBytes, chunk * chunkBytes + lengthBytes);
    },
    ofFirst: () => contentHash(hashes[0] ?? 0n),
    truncate: (sizeBytes) => {
      copiedBytes = Math.min(copiedBytes, sizeBytes);
    },
  };
}

function grown(hashes: BigUint64Array<ArrayBuffer>, minLength: number): BigUint64Array<ArrayBuffer> {
  const larger = new BigUint64Array(Math.max(minLength, hashes.length * 2));
  larger.set(hashes);
  return larger;
}
