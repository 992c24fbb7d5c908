import { createHash } from 'node:crypto';
import { closeSync, constants, createReadStream, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
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
  /** There is more than any kit holds, and not all of it was looked at. */
  readonly isCutShort: boolean;
}

/** All that is in a kit but what systems leave on sticks, which nothing of the kit ever reads. @throws the error of the file system */
export function contentsOf(kit: string): Contents {
  const files: string[] = [];
  const others: string[] = [];
  const folders = [''];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(join(kit, folder), { withFileTypes: true })) {
      if (leftBySystems.test(entry.name.toLowerCase())) continue;
      seen += 1;
      if (seen > limits.kitFiles) return { files, others, isCutShort: true };
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else (entry.isFile() ? files : others).push(path);
    }
  }
  return { files, others, isCutShort: false };
}

/** What has the name of a file of a kit is none. The message follows the name: `is a link or a special file`. */
export class NoFileOfKit extends Error {
  override readonly name = 'NoFileOfKit';
}

/**
 * Never waits: what has this name may be a FIFO, or have no end.
 *
 * @throws NoFileOfKit where it is not a file of a kit, or the error of the file system
 */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  const fd = openFile(file, limits.fileBytes);
  await pipeline(createReadStream(file, { fd, highWaterMark: 1_048_576, end: limits.fileBytes }), hash);
  return hash.digest('hex');
}

/** The same for a file that is short. @throws as `sha256Of` */
export function readShort(file: string): Buffer {
  const fd = openFile(file, limits.listBytes);
  try {
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

const withoutWaiting = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function openFile(file: string, maxBytes: number): number {
  // Before the open: to open a device may do something.
  if (!lstatSync(file).isFile()) throw new NoFileOfKit('is a link or a special file, which a kit never contains');
  const fd = openSync(file, withoutWaiting);
  const stats = fstatSync(fd);
  if (stats.isFile() && stats.size <= maxBytes) return fd;
  closeSync(fd);
  throw new NoFileOfKit(stats.isFile() ? 'is far too large' : 'was exchanged while it was opened');
}
