import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { demoLimits } from '../limits.ts';

/** A simulated recorder. */
export interface Recording {
  readonly path: string;
  /** Resolves when the file is closed, with its header rewritten. */
  readonly done: Promise<void>;
}

const headerBytes = 4_096;

/**
 * Writes a file like a recorder: it grows steadily, and its header is rewritten when it is closed.
 * @param signal ends the recording early; the file is closed nevertheless
 */
export function record(path: string, bytesPerSecond: number, seconds: number, signal?: AbortSignal): Recording {
  return { path, done: grow(path, bytesPerSecond, seconds, signal) };
}

async function grow(path: string, bytesPerSecond: number, seconds: number, signal?: AbortSignal): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.write(Buffer.alloc(headerBytes, 'open '));
    const ticks = Math.ceil((seconds * 1000) / demoLimits.recorderTickMs);
    for (let tick = 0; tick < ticks && signal?.aborted !== true; tick += 1) {
      await file.write(randomBytes(Math.round((bytesPerSecond * demoLimits.recorderTickMs) / 1000)));
      await pause(demoLimits.recorderTickMs);
    }
    await file.write(Buffer.alloc(headerBytes, 'done '), 0, headerBytes, 0);
  } finally {
    await file.close();
  }
}

/** Writes a complete file at once, like a person who copies it into the folder. */
export async function drop(path: string, sizeBytes: number): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await fill(file, sizeBytes);
  } finally {
    await file.close();
  }
}

async function fill(file: FileHandle, sizeBytes: number): Promise<void> {
  const block = randomBytes(1 << 20);
  for (let left = sizeBytes; left > 0; left -= block.length) {
    block.writeUInt32LE(left % 0xffffffff);
    await file.write(block, 0, Math.min(left, block.length));
  }
}
