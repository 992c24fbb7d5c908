import { createHash } from 'node:crypto';
import { closeSync, constants, createReadStream, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { limits } from './limits.ts';

/** Files that macOS, Windows and Linux desktops leave on a stick by themselves; in lower case. */
const leftBySystems = /^(?:\.ds_store|\._.*|thumbs\.db|desktop\.ini|system volume information|\.trash.*|\.fseventsd|\.spotlight-v100)$/;

/** What is in the folder of a kit. */
export interface Contents {
  /** Paths below the kit, with `/`. */
  readonly files: readonly string[];
  /** Links and everything else that is neither a file nor a folder. */
  readonly others: readonly string[];
  /** The folder has more entries than any kit, and was not read to the end. */
  readonly isCutShort: boolean;
}

/**
 * Lists everything in a kit except the files that systems leave on sticks, which the kit never uses.
 * @throws the error of the filesystem
 */
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

/**
 * A name of the kit does not stand for a regular file. The message continues a sentence that begins with the name: `is a link or a
 * special file`.
 */
export class NoFileOfKit extends Error {
  override readonly name = 'NoFileOfKit';
}

/**
 * Returns the SHA-256 of a file in hexadecimal digits. Never waits: the name may be that of a FIFO or of an endless file.
 * @throws NoFileOfKit if it is not a regular file, or the error of the filesystem
 */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  const fd = openFile(file, limits.fileBytes);
  await pipeline(createReadStream(file, { fd, highWaterMark: 1_048_576, end: limits.fileBytes }), hash);
  return hash.digest('hex');
}

/** Reads a short file in the same way. @throws as `sha256Of` */
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
  // Checked before the open, because opening a device may have an effect.
  if (!lstatSync(file).isFile()) throw new NoFileOfKit('is a link or a special file, which a kit never contains');
  const fd = openSync(file, withoutWaiting);
  const stats = fstatSync(fd);
  if (stats.isFile() && stats.size <= maxBytes) return fd;
  closeSync(fd);
  throw new NoFileOfKit(stats.isFile() ? 'is far too large' : 'was exchanged while it was opened');
}
