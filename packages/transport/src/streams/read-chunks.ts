import type { ContentHash, Side } from '@sluice/core/model';
import { closeQuietly } from '@sluice/platform';
import xxhash from 'xxhash-wasm';
import { type CopyLimits, copyLimits } from '../limits.ts';
import { finding, type OpenFile } from '../storage/storage.ts';

/** A part of a file to be read. */
export interface ReadSpan {
  readonly file: OpenFile;
  readonly chunkBytes: number;
  /** A multiple of `chunkBytes`. */
  readonly fromByte: number;
  readonly toByte: number;
  readonly buffers: ReadBuffers;
  /** Fills `bytes` with this chunk instead, and returns how many bytes it has. @param readFile reads the chunk from the file */
  readonly readChunk?: ((chunk: number, bytes: Uint8Array, readFile: () => Promise<number>) => Promise<number>) | undefined;
}

type OnChunk = (bytes: Uint8Array, atByte: number) => Promise<void> | void;

/**
 * Reads a span chunk by chunk, and calls `onChunk` for each in order. One read is under way for each buffer that `onChunk` does not use.
 *
 * When it returns or a read fails, no read is under way and the buffers can be reused. That is not so if `onChunk` fails.
 *
 * @param onChunk may use `bytes` until it returns
 * @returns the offset at which the storage reported the end of the file, at most `toByte`
 */
export async function readChunks(span: ReadSpan, onChunk: OnChunk): Promise<number> {
  const { chunkBytes, fromByte, toByte, buffers } = span;
  if (toByte - fromByte <= chunkBytes && span.readChunk === undefined) return await readOnlyChunk(span, onChunk);
  const underWay: { readonly into: Uint8Array; readonly length: Promise<number> }[] = [];
  const read = span.readChunk === undefined ? readOne : oneAfterTheOther();
  let nextByte = fromByte;
  const readAhead = (into: Uint8Array): void => {
    if (nextByte >= toByte) return;
    const length = read(span, nextByte, into);
    // If an earlier read fails, nothing below awaits this one. Avoid an unhandled rejection.
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

/** Reads a span of one chunk, as a small file has. */
async function readOnlyChunk({ file, fromByte, toByte, buffers: [into] }: ReadSpan, onChunk: OnChunk): Promise<number> {
  if (fromByte >= toByte) return fromByte;
  const length = await readFully(file, into, fromByte, toByte - fromByte);
  if (length > 0) await onChunk(into.subarray(0, length), fromByte);
  return fromByte + length;
}

function readOne(span: ReadSpan, atByte: number, into: Uint8Array): Promise<number> {
  const { file, chunkBytes, readChunk } = span;
  const lengthBytes = Math.min(chunkBytes, span.toByte - atByte);
  const readFile = (): Promise<number> => readFully(file, into, atByte, lengthBytes);
  return readChunk === undefined ? readFile() : readChunk(atByte / chunkBytes, into.subarray(0, lengthBytes), readFile);
}

/** Returns a read function that reads one chunk at a time, as sharing needs it. After a short or failed read it reads nothing. */
function oneAfterTheOther(): typeof readOne {
  let before: Promise<number> | null = null;
  return (span, atByte, into) => {
    const read = (): Promise<number> => readOne(span, atByte, into);
    before = before === null ? read() : before.then(async (length) => (length < span.chunkBytes ? 0 : await read()));
    return before;
  };
}

type Reads = readonly { readonly length: Promise<number> }[];

/** Awaits a read. If it fails, waits for the others too, because the caller may start again with the same buffers. */
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
 * Reads until it has `lengthBytes` or the storage reports the end of the file.
 *
 * @param into page-aligned, and long enough for `lengthBytes` rounded up to a multiple of 4096
 * @returns the number of bytes read
 * @throws Error if `into` is too short, or the failure of a read
 */
export async function readFully(file: OpenFile, into: Uint8Array, atByte: number, lengthBytes: number): Promise<number> {
  const align = file.isDirect ? copyLimits.directAlignBytes : 1;
  // A buffer that is too short would look like the end of the file.
  if (into.length < lengthBytes) throw new Error(`a buffer of ${into.length} bytes is too short to read ${lengthBytes}`);
  let filled = 0;
  while (filled < lengthBytes) {
    // An uncached read has to start at a block boundary, and a short one may have ended anywhere.
    const from = Math.floor(filled / align) * align;
    const until = Math.min(into.length, Math.ceil(lengthBytes / align) * align);
    const count = await file.read(into.subarray(from, until), atByte + from);
    if (from + count <= filled) break;
    filled = from + count;
    if (file.isShortAtEndOnly && count < until - from) break;
  }
  return Math.min(filled, lengthBytes);
}

/** Returns the offset at which a file ends, by reading around `sizeBytes`. @param into page-aligned, 8 KiB */
export async function endSeen(file: OpenFile, into: Uint8Array, sizeBytes: number): Promise<number> {
  const block = copyLimits.directAlignBytes;
  const from = Math.floor(sizeBytes / block) * block;
  return from + (await readFully(file, into.subarray(0, 2 * block), from, 2 * block));
}

/** Runs `work`, then closes the file. The file was only read, so an error of the close is ignored. */
export async function readOnly<T>(file: OpenFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    void closeQuietly(file);
  }
}

/**
 * Page-aligned buffers, as uncached reads need them. While the bytes of one are written or hashed, the others are read into. A file that
 * is read in one piece has only one.
 */
export type ReadBuffers = readonly [first: Uint8Array, ...more: Uint8Array[]];

/** A pool of buffers for reading. */
export interface Buffers {
  /** Takes buffers for one file. @param sizeBytes the size of the file; null: it may grow, and is read chunk by chunk */
  acquire(sizeBytes: number | null): ReadBuffers;
  /** Returns buffers to the pool. No call that may still write into them may be under way. */
  giveBack(buffers: ReadBuffers): void;
}

const wasmPageBytes = 65_536;

/**
 * Creates the buffers for all copies of a process. Only WebAssembly memory is page-aligned for sure. It is slow to create, so many small
 * buffers are cut from one.
 *
 * @param chunkBytes the largest single read; a multiple of 4096
 * @param ahead how many buffers one copy gets
 * @param spare for how many copies unused buffers are kept
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

/** Returns whether one read can take a whole file and show where it ends. */
export function fitsInOnePiece(sizeBytes: number, [first]: ReadBuffers, chunkBytes: number): boolean {
  return sizeBytes < chunkBytes && neededFor(sizeBytes) <= first.length;
}

/** Returns the buffer size for a file: whole blocks and at least one byte more, so that the same read shows where the file ends. */
function neededFor(sizeBytes: number): number {
  const block = copyLimits.directAlignBytes;
  return (Math.floor(sizeBytes / block) + 2) * block;
}

function cut(bytes: number, pieces: number): ReadBuffers {
  const memory = pageAligned(bytes * pieces);
  const piece = (index: number): Uint8Array => new Uint8Array(memory, index * bytes, bytes);
  return [piece(0), ...Array.from({ length: pieces - 1 }, (_, index) => piece(index + 1))];
}

/** Returns page-aligned memory. If the address space is limited, returns ordinary memory, with which the system refuses uncached reads. */
function pageAligned(bytes: number): ArrayBufferLike {
  const pages = Math.ceil(bytes / wasmPageBytes);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer;
  } catch {
    return new ArrayBuffer(bytes);
  }
}

/** The functions of xxh64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). */
export interface Hashing {
  whole(): WholeHash;
  chunk(bytes: Uint8Array): bigint;
}

/** A hash over a whole file. */
export interface WholeHash {
  update(bytes: Uint8Array): void;
  result(): ContentHash;
}

/** Hashes a file that comes in one piece. That takes less than a hash that is continued. */
function hashOfPiece({ chunk }: Hashing): WholeHash {
  let hash: bigint | null = null;
  return {
    update: (bytes) => {
      hash = chunk(bytes);
    },
    result: () => contentHash(hash ?? chunk(new Uint8Array())),
  };
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

/** A file to be read to its end. `onRead` is called after every chunk with the part that has been read, 0 to 1. */
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
 * @returns null if the file has more bytes than its size
 * @throws SHORT if it has fewer, which may be the fault of a broken connection
 */
export async function hashOfFile(dependencies: HashDependencies, file: OpenFile, reading: Reading): Promise<ContentHash | null> {
  const { sizeBytes, buffers } = reading;
  const { chunkBytes } = dependencies.limits;
  const isOnePiece = fitsInOnePiece(sizeBytes, buffers, chunkBytes);
  const whole = isOnePiece ? hashOfPiece(dependencies.hashing) : dependencies.hashing.whole();
  // Asking for one byte more shows in the same read where the file ends.
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
 * The hash of every chunk that was copied: 8 bytes for each chunk of 2 MiB. With it the settle step finds the chunks of the source that
 * differ from those at the destination.
 */
export interface ChunkHashes {
  /** Bytes copied, from the start of the file. */
  readonly copiedBytes: number;
  /** Returns whether the chunk at the destination has this length and this hash. */
  has(chunk: number, lengthBytes: number, hash: bigint): boolean;
  /** Records a copied chunk. @param hash null: unknown, and different from every hash */
  set(chunk: number, lengthBytes: number, hash: bigint | null): void;
  /** Returns the hash of the first chunk. If there is no other, it is the hash of the file. */
  ofFirst(): ContentHash;
  truncate(sizeBytes: number): void;
}

/** The value that stands for an unknown hash. A chunk that really has this hash is written again, which does no harm. */
const unknownHash = 0n;

/** Creates an empty list of chunk hashes. */
export function createChunkHashes(chunkBytes: number): ChunkHashes {
  return new HashList(chunkBytes);
}

class HashList implements ChunkHashes {
  readonly #chunkBytes: number;
  #hashes = new BigUint64Array(1);
  #copiedBytes = 0;

  constructor(chunkBytes: number) {
    this.#chunkBytes = chunkBytes;
  }

  get copiedBytes(): number {
    return this.#copiedBytes;
  }

  has(chunk: number, lengthBytes: number, hash: bigint): boolean {
    return hash !== unknownHash && this.#lengthOf(chunk) === lengthBytes && this.#hashes[chunk] === hash;
  }

  set(chunk: number, lengthBytes: number, hash: bigint | null): void {
    if (chunk >= this.#hashes.length) this.#hashes = grown(this.#hashes, chunk + 1);
    this.#hashes[chunk] = hash ?? unknownHash;
    this.#copiedBytes = Math.max(this.#copiedBytes, chunk * this.#chunkBytes + lengthBytes);
  }

  ofFirst(): ContentHash {
    return contentHash(this.#hashes[0] ?? 0n);
  }

  truncate(sizeBytes: number): void {
    this.#copiedBytes = Math.min(this.#copiedBytes, sizeBytes);
  }

  #lengthOf(chunk: number): number {
    return Math.min(this.#chunkBytes, Math.max(0, this.#copiedBytes - chunk * this.#chunkBytes));
  }
}

function grown(hashes: BigUint64Array<ArrayBuffer>, minLength: number): BigUint64Array<ArrayBuffer> {
  const larger = new BigUint64Array(Math.max(minLength, hashes.length * 2));
  larger.set(hashes);
  return larger;
}
