import type { ContentHash, Side } from '@sluice/core/model';
import xxhash from 'xxhash-wasm';
import type { CopyLimits } from '../limits.ts';
import { finding, type OpenFile } from '../storage/storage.ts';
import { type BufferPair, endSeen, neededFor, readChunks } from './read-chunks.ts';

/** xxh64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). */
export interface Hashing {
  whole(): WholeHash;
  chunk(bytes: Uint8Array): bigint;
}

export interface WholeHash {
  update(bytes: Uint8Array): void;
  result(): ContentHash;
}

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
  readonly buffers: BufferPair;
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
  const isOnePiece = sizeBytes < chunkBytes && neededFor(sizeBytes) <= buffers.first.length;
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
  const isLonger = isOnePiece ? end > sizeBytes : (await endSeen(file, buffers.first, sizeBytes)) > sizeBytes;
  return isLonger ? null : whole.result();
}

/**
 * What was copied, as a hash for every chunk of the grid: 8 bytes for 4 MiB. By it the settle step finds
 * the chunks of the source that are no longer those at the destination.
 */
export interface ChunkHashes {
  /** Bytes from the start that were copied. */
  readonly copiedBytes: number;
  /** True where the chunk at the destination has these very bytes. */
  has(chunk: number, lengthBytes: number, hash: bigint): boolean;
  set(chunk: number, lengthBytes: number, hash: bigint): void;
  /** Of the first chunk: where there is no other, of the whole file. */
  ofFirst(): ContentHash;
  truncate(sizeBytes: number): void;
}

export function createChunkHashes(chunkBytes: number): ChunkHashes {
  let hashes = new BigUint64Array(4);
  let copiedBytes = 0;
  const lengthOf = (chunk: number): number => Math.min(chunkBytes, Math.max(0, copiedBytes - chunk * chunkBytes));
  return {
    get copiedBytes() {
      return copiedBytes;
    },
    has: (chunk, lengthBytes, hash) => lengthOf(chunk) === lengthBytes && hashes[chunk] === hash,
    set: (chunk, lengthBytes, hash) => {
      if (chunk >= hashes.length) hashes = grown(hashes, chunk + 1);
      hashes[chunk] = hash;
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
