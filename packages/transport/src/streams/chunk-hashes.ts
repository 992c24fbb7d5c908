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
  truncate(sizeBytes: number): void;
}

export function createChunkHashes(chunkBytes: number): ChunkHashes {
  let hashes = new BigUint64Array(64);
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
