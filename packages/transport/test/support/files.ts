import { lstat, readFile, writeFile } from 'node:fs/promises';
import type { Fingerprint } from '@sluice/core/model';

/** Bytes that differ everywhere and by seed. @param seed any number. */
export function bytesOf(length: number, seed = 1): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  for (let index = 0; index < words.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words[index] = state;
  }
  return Buffer.from(words.buffer, 0, length);
}

export async function make(path: string, length: number, seed = 1): Promise<Fingerprint> {
  await writeFile(path, bytesOf(length, seed));
  return await fingerprint(path);
}

export async function fingerprint(path: string): Promise<Fingerprint> {
  const { size, mtimeNs } = await lstat(path, { bigint: true });
  return { sizeBytes: Number(size), mtimeNs: String(mtimeNs) };
}

export async function isSame(a: string, b: string): Promise<boolean> {
  return (await readFile(a)).equals(await readFile(b));
}
