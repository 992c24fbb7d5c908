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
  /** How long it records, without pauses. */
  readonly seconds: number;
  /** In the middle nothing is written until this resolves. */
  readonly goOn?: Promise<unknown>;
  /** After its seconds it goes on recording until this resolves or rejects: so a recording lasts as long as a test needs it to. */
  readonly until?: Promise<unknown>;
}

const headerBytes = 4_096;
const tickMs = 100;
/** A recording that is never ended fills no disk. */
const longestSeconds = 60;

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

async function write({ path, bytesPerSecond, seconds, goOn, until }: Take): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.write(Buffer.alloc(headerBytes, 'open '));
    await grow(file, bytesPerSecond, seconds / 2);
    await goOn;
    await grow(file, bytesPerSecond, seconds / 2);
    if (until !== undefined) await growUntil(file, bytesPerSecond, until);
    await file.write(Buffer.alloc(headerBytes, 'done '), 0, headerBytes, 0);
  } finally {
    await file.close();
  }
}

async function growUntil(file: FileHandle, bytesPerSecond: number, until: Promise<unknown>): Promise<void> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  until.then(end, end);
  await grow(file, bytesPerSecond, longestSeconds, () => isOver);
}

async function grow(file: FileHandle, bytesPerSecond: number, seconds: number, isOver = (): boolean => false): Promise<void> {
  const startedAt = performance.now();
  const total = Math.round(bytesPerSecond * seconds);
  for (let written = 0; written < total && !isOver(); await pause(tickMs)) {
    const due = Math.min(total, Math.round(((performance.now() - startedAt) / 1000) * bytesPerSecond));
    if (due > written) written += (await file.write(randomBytes(due - written))).bytesWritten;
  }
}
