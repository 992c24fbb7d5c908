import { constants, zstdCompressSync } from 'node:zlib';

const params = { [constants.ZSTD_c_compressionLevel]: 19 };

/**
 * Compresses with Zstandard what is put into an executable: the same Node gives the same bytes. The smaller file is quicker to
 * copy by a stick or a slow line, and unpacking adds a few milliseconds to a start.
 */
function compressed(bytes: Uint8Array): Buffer {
  return zstdCompressSync(bytes, { params });
}

/**
 * Returns the bytes that an executable holds of a file: compressed, but for what scripts start every few seconds. To load what
 * unpacks that would take longer than to load it.
 * @param name such as `status.cjs`
 */
export function stored(name: string, bytes: Buffer): Buffer {
  return name === 'status.cjs' || name === 'status.cache' ? bytes : compressed(bytes);
}
