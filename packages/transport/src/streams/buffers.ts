/** Two chunks of page-aligned memory: while one is written, the other is read into. */
export interface BufferPair {
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

export interface Buffers {
  acquire(): BufferPair;
  /** Only where no call under way can still write into it. */
  giveBack(pair: BufferPair): void;
}

const wasmPageBytes = 65_536;

/**
 * WebAssembly memory is the one page-aligned memory a script can have, and uncached reads need that.
 *
 * @param chunkBytes a multiple of 4096.
 * @param spare how many pairs are kept for the next taker.
 */
export function createBuffers(chunkBytes: number, spare: number): Buffers {
  const pool: BufferPair[] = [];
  return {
    acquire: () => pool.pop() ?? makePair(chunkBytes),
    giveBack: (pair) => {
      if (pool.length < spare) pool.push(pair);
    },
  };
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
