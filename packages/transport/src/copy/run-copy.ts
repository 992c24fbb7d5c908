import { compare } from '../reading/compare.ts';
import { readBack } from '../reading/readback.ts';
import { openSource } from '../reading/source.ts';
import type { CopyTask, Settled } from '../task/task.ts';
import { closeTarget, createTarget, reopenTarget } from '../writing/target.ts';
import { follow } from './growing.ts';
import { copyStable } from './stable.ts';

/** Carries out a `copy`: ends with `copied`, `already_there`, `name_taken`, or an error. */
export async function runCopy(task: CopyTask): Promise<void> {
  await openSource(task);
  if (task.order.compare) return await compare(task);
  if (!(await createTarget(task))) return await task.report({ kind: 'name_taken' });
  await finish(task, task.order.growing ? await follow(task) : await stableOrFollow(task));
}

async function stableOrFollow(task: CopyTask): Promise<Settled> {
  const settled = await copyStable(task);
  if (settled !== null) return settled;
  await task.report({ kind: 'source_grew', sizeBytes: task.held.sizeBytes });
  return await follow(task);
}

/** Carries out a `read_back`; a source that moved is followed and settled again, up to the next `copied`. */
export async function runReadBack(task: CopyTask): Promise<void> {
  const { settled } = task.held;
  if (settled === null) throw new Error(`read_back of ${task.order.copyId}, which is not copied`);
  if (!(await readBack(task, settled))) await followAgain(task);
}

/** The source moved after it was settled. */
export async function followAgain(task: CopyTask): Promise<void> {
  task.held.settled = null;
  task.held.quietForMs = Math.min(task.held.quietForMs * 2, task.limits.settleWaitLastMs);
  await reopenTarget(task, task.held.hashes.copiedBytes);
  await finish(task, await follow(task));
}

async function finish(task: CopyTask, settled: Settled): Promise<void> {
  await closeTarget(task, settled.fingerprint.sizeBytes);
  task.held.settled = settled;
  await task.progress.tellNow();
  await task.report({ kind: 'copied', ...settled });
}
