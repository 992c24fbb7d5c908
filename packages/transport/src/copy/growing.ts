import { type Fingerprint, sameFingerprint } from '@sluice/core/model';
import { isAsRead, shortSource, statSource } from '../reading/source.ts';
import type { CopyTask, OpenSource, Settled, Writing } from '../task/task.ts';
import { settle } from './settle.ts';
import { pump } from './stable.ts';

/** When the source last moved, as far as this copy saw. */
interface Watch {
  last: Fingerprint;
  movedAt: number;
}

/**
 * Follows a source while it grows and, when it has become quiet, drains and settles it. Ends when source and
 * destination are equal and the source has not moved since.
 */
export async function follow(task: CopyTask, writing: Writing): Promise<Settled> {
  readPieces(task, writing.source);
  const watch: Watch = { last: await statSource(task, writing.source), movedAt: task.clock.now() };
  for (;;) {
    await followUntilQuiet(task, writing, watch);
    if (!(await drain(task, writing, watch))) continue;
    task.progress.enter('settling');
    const settled = await settle(task, writing);
    if (settled !== null && (await isAsRead(task, writing.source, settled))) return settled;
    // It moved while it was being read: each further settle is worth a longer wait.
    writing.quietForMs = Math.min(writing.quietForMs * 2, task.limits.settleWaitLastMs);
    watch.movedAt = task.clock.now();
  }
}

/** What was to be read in one piece grows. */
function readPieces(task: CopyTask, source: OpenSource): void {
  if (source.buffers.second.length > 0) return;
  task.buffers.giveBack(source.buffers);
  source.buffers = task.buffers.acquire(null);
}

async function followUntilQuiet(task: CopyTask, writing: Writing, watch: Watch): Promise<void> {
  task.progress.enter('following');
  let reportedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    await checkForMove(task, writing.source, watch);
    if (task.clock.now() - watch.movedAt >= writing.quietForMs) return;
    if (await pumpSome(task, writing, watch.last, followLimit(task, watch.last))) continue;
    await writing.sink.flush('data');
    if (task.clock.now() - reportedAt >= task.limits.followingProgressEveryMs) {
      reportedAt = task.clock.now();
      await task.progress.reportNow();
    }
    await task.clock.wait(task.route.growing.pollMs, task.calls.signal);
  }
}

/** Whole chunks only, and not what the recorder may still be busy with. */
function followLimit(task: CopyTask, seen: Fingerprint): number {
  const { chunkBytes } = task.limits;
  return Math.floor((seen.sizeBytes - task.route.growing.safetyMarginBytes) / chunkBytes) * chunkBytes;
}

/** To the very end. @returns false where the source moved. */
async function drain(task: CopyTask, writing: Writing, watch: Watch): Promise<boolean> {
  task.progress.enter('draining');
  while (await pumpSome(task, writing, watch.last, watch.last.sizeBytes)) {
    if (await checkForMove(task, writing.source, watch)) return false;
  }
  await writing.sink.flush('data');
  await task.progress.reportNow();
  return !(await checkForMove(task, writing.source, watch));
}

/**
 * A run of chunks, bounded so that the source is checked now and then.
 *
 * @returns false where there is nothing to copy.
 * @throws SHORT where a source that has not moved ends before its size.
 */
async function pumpSome(task: CopyTask, writing: Writing, seen: Fingerprint, limitByte: number): Promise<boolean> {
  const { copiedBytes } = writing.hashes;
  if (copiedBytes >= limitByte) return false;
  const { chunkBytes, chunksBetweenStats } = task.limits;
  const runEnd = (Math.floor(copiedBytes / chunkBytes) + chunksBetweenStats) * chunkBytes;
  const toByte = Math.min(limitByte, runEnd);
  const end = await pump(task, writing, toByte, null);
  // One that moved may have been cut and written again; then its size and this end are not of one moment.
  if (end < toByte && sameFingerprint(await statSource(task, writing.source), seen)) throw shortSource(task, writing.source, end);
  return end >= toByte;
}

/** Checks the source. @returns whether it moved since the last check */
async function checkForMove(task: CopyTask, source: OpenSource, watch: Watch): Promise<boolean> {
  const seen = await statSource(task, source);
  if (sameFingerprint(seen, watch.last)) return false;
  watch.last = seen;
  watch.movedAt = task.clock.now();
  return true;
}
