import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { zstdDecompressSync } from 'node:zlib';
import { errnoOf } from './system-calls.ts';

/** How a file begins that is compressed with Zstandard (RFC 8878, section 3.1.1). */
const zstdMagic = [0x28, 0xb5, 0x2f, 0xfd];

/**
 * Reads a file that was packed into the executable, compressed or not. A bundle that Node runs has such files next to its main
 * file. A checkout has none.
 * @returns null if no file has this name
 */
export function packedFile(name: string): Uint8Array | null {
  return fromExecutable(name) ?? fromBeside(name);
}

function fromExecutable(name: string): Uint8Array | null {
  // Deno has this module, but not its functions.
  const sea = 'deno' in process.versions ? undefined : process.getBuiltinModule('node:sea');
  if (sea === undefined || !sea.isSea()) return null;
  try {
    const bytes = new Uint8Array(sea.getRawAsset(name));
    return zstdMagic.every((byte, at) => bytes[at] === byte) ? zstdDecompressSync(bytes) : bytes;
  } catch (error) {
    if (errnoOf(error) === 'ERR_SINGLE_EXECUTABLE_APPLICATION_ASSET_NOT_FOUND') return null;
    throw error;
  }
}

function fromBeside(name: string): Uint8Array | null {
  const main = process.argv[1] ?? '';
  if (!main.endsWith('.cjs')) return null;
  try {
    return readFileSync(join(dirname(main), name));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
