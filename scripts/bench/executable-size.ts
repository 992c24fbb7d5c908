import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import type { Figure } from './figure.ts';

const megabyte = 1_000_000;
const compress = promisify(zstdCompress);
/** The level of `zstd -19`. */
const params = { [constants.ZSTD_c_compressionLevel]: 19 };

/** The executable, and the Node inside it with nothing added. */
export interface Pair {
  readonly program: string;
  readonly base: string;
}

/** Measures the size of the file, and its compressed size for a slow line. 1 MB is a million bytes. */
export async function measureSizes({ program, base }: Pair): Promise<Figure[]> {
  const [packed, bare] = await Promise.all([compressedMegabytes(program), compressedMegabytes(base)]);
  return [
    size('size: the executable', 110, megabytes(program)),
    size('size: the Node in it, stripped, alone', null, megabytes(base)),
    size('size, zstd -19: the executable', 32, packed),
    size('size, zstd -19: the Node in it, stripped, alone', null, bare),
  ];
}

function size(what: string, goal: number | null, reading: number): Figure {
  return { what, unit: 'MB', goal, readings: [reading], judged: 'max' };
}

function megabytes(path: string): number {
  return statSync(path).size / megabyte;
}

async function compressedMegabytes(path: string): Promise<number> {
  return (await compress(readFileSync(path), { params })).length / megabyte;
}
