import { copyLimits } from '../limits.ts';

/** Page-aligned memory to read into, as uncached reads need it. */
export interface BufferPair {
  readonly first: Uint8Array;
  /** While one is written, the other is read into. Empty for a file that is read in one piece. */
  readonly second: Uint8Array;
}

export interface Buffers {
  /** @param sizeBytes of the file to be read; null: it may grow, and is read piece by piece */
  acquire(sizeBytes: number | null): BufferPair;
  /** Only where no call under way can still write into it. */
  giveBack(pair: BufferPair): void;
}

const wasmPageBytes = 65_536;

/**
 * Memory for all copies of a process. WebAssembly memory is the one page-aligned memory that a script can have; it is slow to make,
 * so many small pieces are cut from one.
 *
 * @param chunkBytes the largest single read; a multiple of 4096
 * @param spare how many full pairs are kept for the next taker
 */
export function createBuffers(chunkBytes: number, spare: number): Buffers {
  const sizes = copyLimits.smallBuffers.filter(({ bytes }) => bytes < chunkBytes);
  const pools = new Map<number, BufferPair[]>([...sizes.map(({ bytes }) => bytes), chunkBytes].map((bytes) => [bytes, []]));
  return {
    acquire(sizeBytes) {
      const fitting = sizeBytes === null ? undefined : sizes.find(({ bytes }) => neededFor(sizeBytes) <= bytes);
      if (fitting === undefined) return pools.get(chunkBytes)?.pop() ?? makePair(chunkBytes);
      const pool = pools.get(fitting.bytes) ?? [];
      if (pool.length === 0) pool.push(...cut(fitting.bytes, fitting.atOnce));
      return pool.pop() ?? makePair(chunkBytes);
    },
    giveBack(pair) {
      const pool = pools.get(pair.first.length);
      if (pair.second.length === 0 || (pool !== undefined && pool.length < spare)) pool?.push(pair);
    },
  };
}

/** Whole blocks, and one more: it shows in the same read that the file ends. */
export function neededFor(sizeBytes: number): number {
  const block = copyLimits.directAlignBytes;
  return (Math.floor(sizeBytes / block) + 2) * block;
}

function cut(bytes: number, atOnce: number): BufferPair[] {
  const memory = pageAligned(bytes * atOnce);
  return Array.from({ length: atOnce }, (_, index) => ({ first: new Uint8Array(memory, index * bytes, bytes), second: new Uint8Array(0) }));
}

function makePair(chunkBytes: number): BufferPair {
  const buffer = pageAligned(2 * chunkBytes);
  return { first: new Uint8Array(buffer, 0, chunkBytes), second: new Uint8Array(buffer, chunkBytes, chunkBytes) };
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
