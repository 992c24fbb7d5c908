import type { CopyOrder, PublishOrder } from '@sluice/core';
import { createChunkHashes } from '../streams/chunk-hashes.ts';
import { createProgress } from '../streams/progress.ts';
import type { CopyTask, Held, LaneMeans } from '../task/task.ts';
import type { PublishMemory } from '../writing/publish.ts';

/** Returns a copy that holds nothing yet. */
export function createTask(means: LaneMeans, order: CopyOrder): CopyTask {
  const held: Held = {
    sourceFile: null,
    sourceFacts: null,
    sourceGone: false,
    sizeBytes: order.expected.sizeBytes,
    hashes: createChunkHashes(means.limits.chunkBytes),
    buffers: null,
    hasBegun: false,
    target: null,
    sink: null,
    pin: null,
    settled: null,
    changeNs: '',
    readSinceNs: '',
    isReadBackElsewhere: false,
    doubt: null,
    quietForMs: means.route.growing.quietForMs,
  };
  const bytes = (): { syncedBytes: number; sizeBytes: number } => ({
    syncedBytes: held.sink?.syncedBytes ?? held.hashes.copiedBytes,
    sizeBytes: held.sizeBytes,
  });
  const { clock, limits, report } = means;
  return { ...means, order, held, progress: createProgress({ clock, everyMs: limits.progressEveryMs, report, bytes }) };
}

/** Passes on what the copy knows of its temporary file, so that publishing need not verify it again. */
export function adopt(task: CopyTask | null, order: PublishOrder, memory: PublishMemory): void {
  if (task?.held.settled?.hash.value !== order.hash.value) return;
  memory.isProven = true;
  if (task.held.doubt !== null) memory.notes.push(task.held.doubt);
  task.held.doubt = null;
  memory.pin ??= task.held.pin;
  task.held.pin = null;
}

/** Closes all that a copy and its publication hold, without waiting: a call that hangs keeps its buffers. */
export function release(means: LaneMeans, task: CopyTask | null, memory: PublishMemory): void {
  const { held } = task ?? {};
  const files = [held?.sourceFile, held?.target, held?.pin, memory.pin, memory.claim];
  for (const file of files) file?.close().catch(() => undefined);
  Object.assign(memory, { pin: null, claim: null });
  if (held === undefined) return;
  held.sink?.end();
  const { buffers } = held;
  Object.assign(held, { sourceFile: null, target: null, pin: null, sink: null, buffers: null });
  if (buffers !== null) void means.calls.settled().then(() => means.buffers.giveBack(buffers));
}
