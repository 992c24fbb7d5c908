import { compare } from '../reading/compare.ts';
import { readBack } from '../reading/readback.ts';
import { openSource } from '../reading/source.ts';
import type { Copied, Settled, Writing } from '../task/stage.ts';
import type { CopyTask } from '../task/task.ts';
import { closeTarget, createTarget, reopenTarget } from '../writing/target.ts';
import { follow } from './growing.ts';
import { copyStable } from './stable.ts';

/** Carries out a `copy`: ends with `copied`, `already_there`, `name_taken`, or an error. */
export async function runCopy(task: CopyTask): Promise<void> {
  const opened = await openSource(task);
  if (task.order.compare) return await compare(task, opened);
  const writing = await createTarget(task, opened);
  if (writing === null) return await task.report({ kind: 'name_taken' });
  await finish(task, writing, task.order.growing ? await follow(task, writing) : await stableOrFollow(task, writing));
}

async function stableOrFollow(task: CopyTask, writing: Writing): Promise<Settled> {
  const settled = await copyStable(task, writing);
  if (settled !== null) return settled;
  await task.report({ kind: 'source_grew', sizeBytes: writing.source.sizeBytes });
  return await follow(task, writing);
}

/** Carries out a `read_back`; a source that moved is followed and settled again, up to the next `copied`. */
export async function runReadBack(task: CopyTask, copied: Copied): Promise<void> {
  if (!(await readBack(task, copied))) await followAgain(task, copied);
}

/** The source moved after it was settled. */
export async function followAgain(task: CopyTask, copied: Copied): Promise<void> {
  const writing = await reopenTarget(task, copied);
  writing.quietForMs = Math.min(copied.quietForMs * 2, task.limits.settleWaitLastMs);
  await finish(task, writing, await follow(task, writing));
}

async function finish(task: CopyTask, writing: Writing, settled: Settled): Promise<void> {
  await closeTarget(task, writing, settled);
  await task.progress.tellNow();
  await task.report({ kind: 'copied', ...settled });
}
