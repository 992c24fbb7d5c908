import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { limits } from './limits.ts';

/** What macOS, Windows and desktops of Linux leave on a stick by themselves; in lower case. */
const leftBySystems = /^(?:\.ds_store|\._.*|thumbs\.db|desktop\.ini|system volume information|\.trash.*|\.fseventsd|\.spotlight-v100)$/;

export interface Contents {
  /** Below the kit, with `/`. */
  readonly files: readonly string[];
  /** Links and whatever else is neither file nor folder. */
  readonly others: readonly string[];
}

/** All that is in a kit but what systems leave on sticks, which nothing of the kit ever reads. @throws the error of the file system */
export function contentsOf(kit: string): Contents {
  const files: string[] = [];
  const others: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined && files.length < limits.kitFiles; folder = folders.pop()) {
    for (const entry of readdirSync(join(kit, folder), { withFileTypes: true })) {
      if (leftBySystems.test(entry.name.toLowerCase())) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else (entry.isFile() ? files : others).push(path);
    }
  }
  return { files, others };
}

/** @throws the error of the file system */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1_048_576 }), hash);
  return hash.digest('hex');
}
