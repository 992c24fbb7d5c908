import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ScreenFrame, ScreenWindow } from '@sluice/control';

/** What a real agent's side sent for one window: the first frame, and deltas in which every row has changed. */
export interface Recording {
  readonly frame: ScreenFrame;
  /** As they are sent. */
  readonly deltas: readonly string[];
}

/** Records in another thread, so that the heap of the screen does not contain the agent's files. */
export async function recordAgent(windows: readonly ScreenWindow[]): Promise<readonly Recording[]> {
  const worker = new Worker(join(import.meta.dirname, 'recording-main.ts'), { workerData: windows });
  const [recordings] = (await once(worker, 'message')) as [readonly Recording[]];
  await worker.terminate();
  return recordings;
}
