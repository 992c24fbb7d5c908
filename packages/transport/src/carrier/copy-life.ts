import type { CopyOrder, PublishOrder } from '@sluice/core';
import { closeQuietly } from '@sluice/platform';
import { bytesOf, type CopyBytes, createProgress, mayHaveCreated, openFilesOf } from '../task/stage.ts';
import type { CopyTask, LaneDependencies } from '../task/task.ts';
import type { PublishMemory } from '../writing/publish.ts';

/** Returns a copy that has nothing open yet. */
export function beginCopy(dependencies: LaneDependencies, order: CopyOrder): CopyTask {
  const { clock, limits, report } = dependencies;
  const bytes = (): CopyBytes => bytesOf(task.stage, order);
  const progress = createProgress({ clock, everyMs: limits.progressEveryMs, report, bytes });
  const task: CopyTask = { ...dependencies, order, progress, stage: { kind: 'begun' } };
  return task;
}

/** Passes on what the copy knows of its temporary file, so that publishing need not verify it again. */
export function handOver(task: CopyTask | null, order: PublishOrder, memory: PublishMemory): void {
  if (task?.stage.kind !== 'copied') return;
  const { source, pin, settled } = task.stage;
  if (settled.hash.value !== order.hash.value) return;
  memory.isVerified = true;
  memory.pin ??= pin;
  if (source.doubt !== null) memory.notes.push(source.doubt);
  task.stage = { kind: 'publishing', source, settled };
}

/** Closes all that a copy and its publication have open, without waiting: a call that hangs keeps its buffers. */
export function endCopy(dependencies: LaneDependencies, task: CopyTask | null, memory: PublishMemory): void {
  const files = [...(task === null ? [] : openFilesOf(task.stage)), memory.pin, memory.claim];
  for (const file of files) if (file !== null) void closeQuietly(file);
  Object.assign(memory, { pin: null, claim: null });
  if (task === null) return;
  const { stage } = task;
  task.stage = { kind: 'ended', mayHaveCreated: mayHaveCreated(stage), bytes: bytesOf(stage, task.order) };
  if ('sink' in stage) stage.sink.end();
  if ('source' in stage) void dependencies.calls.settled().then(() => dependencies.buffers.giveBack(stage.source.buffers));
}
