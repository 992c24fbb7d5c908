import { constants, zstdCompressSync } from 'node:zlib';

const params = { [constants.ZSTD_c_compressionLevel]: 19 };

/**
 * Compresses with Zstandard what is put into an executable: the same Node gives the same bytes. The smaller file is quicker to
 * copy by a stick or a slow line, and unpacking adds a few milliseconds to a start.
 */
export function compressed(bytes: Uint8Array): Buffer {
  return zstdCompressSync(bytes, { params });
}
