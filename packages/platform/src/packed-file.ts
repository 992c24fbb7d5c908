import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { zstdDecompressSync } from 'node:zlib';
import { errnoOf } from './system-calls.ts';

/**
 * A file that was put into the executable, as Zstandard (RFC 8878). A bundle that is run by Node has such files
 * next to its main file; a checkout has none.
 *
 * @returns null where there is none of this name
 */
export function packedFile(name: string): Uint8Array | null {
  return fromExecutable(name) ?? fromBeside(name);
}

function fromExecutable(name: string): Uint8Array | null {
  // Deno has the module, and not what it holds.
  const sea = 'deno' in process.versions ? undefined : process.getBuiltinModule('node:sea');
  if (sea === undefined || !sea.isSea()) return null;
  try {
    return zstdDecompressSync(new Uint8Array(sea.getRawAsset(name)));
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
