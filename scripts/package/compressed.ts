import { constants, zstdCompressSync } from 'node:zlib';

const params = { [constants.ZSTD_c_compressionLevel]: 19 };

/**
 * What is put into an executable, as Zstandard: the same bytes from the same Node. Anyone who copies the file by a stick or a slow line
 * is thanked; unpacking costs a start a few milliseconds.
 */
export function compressed(bytes: Uint8Array): Buffer {
  return zstdCompressSync(bytes, { params });
}
