import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { pause } from './wait.ts';

/** A recorder at work. */
export interface Recording {
  /** Returns whether the file is closed, with its header rewritten. */
  isOver(): boolean;
  /** Resolves when the file is closed. */
  readonly done: Promise<void>;
  /** Stops recording. Resolves when the file is closed. */
  end(): Promise<void>;
}

/** How a recorder records. */
export interface RecordingOptions {
  readonly path: string;
  readonly bytesPerSecond: number;
  /** How long it records, without pauses. By default until `end`, so exactly as long as a test needs it. */
  readonly seconds?: number;
  /** Half-way through its seconds it pauses until this resolves. */
  readonly goOn?: Promise<unknown>;
}

const headerBytes = 4_096;
const tickMs = 100;
/** A recording that a failed test never ends must not fill the disk. */
const maxSeconds = 60;

/**
 * Records as a camera does: the file grows at a steady rate whatever else the machine does, and its header is rewritten when it is
 * closed.
 */
export function record(options: RecordingOptions): Recording {
  const ending = new AbortController();
  let isOver = false;
  const done = write(options, ending.signal).finally(() => {
    isOver = true;
  });
  const end = (): Promise<void> => {
    ending.abort();
    return done;
  };
  return { isOver: () => isOver, done, end };
}

async function write({ path, bytesPerSecond, seconds = maxSeconds, goOn }: RecordingOptions, ending: AbortSignal): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.write(Buffer.alloc(headerBytes, 'open '));
    await grow(file, bytesPerSecond, seconds / 2, ending);
    await goOn;
    await grow(file, bytesPerSecond, seconds / 2, ending);
    await file.write(Buffer.alloc(headerBytes, 'done '), 0, headerBytes, 0);
  } finally {
    await file.close();
  }
}

async function grow(file: FileHandle, bytesPerSecond: number, seconds: number, ending: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  const total = Math.round(bytesPerSecond * seconds);
  for (let written = 0; written < total && !ending.aborted; await pause(tickMs)) {
    const due = Math.min(total, Math.round(((performance.now() - startedAt) / 1000) * bytesPerSecond));
    if (due > written) written += (await file.write(randomBytes(due - written))).bytesWritten;
  }
}
