import type { ContentHash } from '@sluice/core';
import xxhash from 'xxhash-wasm';

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
        result: () => ({ algorithm: 'xxh64', value: hasher.digest().toString(16).padStart(16, '0') }),
      };
    },
  };
}
