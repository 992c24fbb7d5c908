import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { pause } from './wait.ts';

/** A simulated recorder at work. */
export interface Recording {
  /** Whether the file is closed, its header rewritten. */
  isOver(): boolean;
  /** Resolves when the file is closed. */
  readonly done: Promise<void>;
}

export interface Take {
  readonly path: string;
  readonly bytesPerSecond: number;
  readonly seconds: number;
  /** In the middle nothing is written until this resolves. */
  readonly goOn?: Promise<unknown>;
}

const headerBytes = 4_096;
const tickMs = 100;

/**
 * Records as a camera does: the file grows at a steady rate whatever else the machine is busy with, and its header is
 * rewritten when it is closed.
 */
export function record(take: Take): Recording {
  let isOver = false;
  const done = write(take).finally(() => {
    isOver = true;
  });
  return { isOver: () => isOver, done };
}

async function write({ path, bytesPerSecond, seconds, goOn }: Take): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.write(Buffer.alloc(headerBytes, 'open '));
    await grow(file, bytesPerSecond, seconds / 2);
    await goOn;
    await grow(file, bytesPerSecond, seconds / 2);
    await file.write(Buffer.alloc(headerBytes, 'done '), 0, headerBytes, 0);
  } finally {
    await file.close();
  }
}

async function grow(file: FileHandle, bytesPerSecond: number, seconds: number): Promise<void> {
  const startedAt = performance.now();
  const total = Math.round(bytesPerSecond * seconds);
  for (let written = 0; written < total; await pause(tickMs)) {
    const due = Math.min(total, Math.round(((performance.now() - startedAt) / 1000) * bytesPerSecond));
    if (due > written) written += (await file.write(randomBytes(due - written))).bytesWritten;
  }
}
