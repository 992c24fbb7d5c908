import { type CopyNote, sameFingerprint } from '@sluice/core';
import { isOfSide } from '../storage/failure.ts';
import type { OpenFile } from '../storage/storage.ts';
import type { WholeHash } from '../streams/hashing.ts';
import { type BufferPair, readChunks } from '../streams/read-chunks.ts';
import type { OpenSource, Settled } from '../task/stage.ts';
import type { CopyTask } from '../task/task.ts';
import { hasExpectedEnd, shortSource, statSource, withFreshSource } from './source.ts';

/**
 * Whether the source still has the bytes that were read of it. A writer in place can set size and mtime back, but not
 * the change time. That moves with a chmod, a link or an attribute too: where it moved the source is read again, and only
 * the bytes decide. Call it after a stat that found size and mtime as they were; costs nothing where nothing moved.
 *
 * A change time that never rests ends after some readings: two of them, one after the other, that found the same bytes have
 * shown a moment at which the source had these, and the copy gets a note.
 *
 * @returns false where it has other bytes, or moved meanwhile.
 * @throws SHORT or what a call failed with.
 */
export async function isAsRead(task: CopyTask, source: OpenSource, settled: Settled): Promise<boolean> {
  if (source.changeNs === source.readSinceNs) return true;
  const release = await task.settleMutex.acquire(task.calls.signal);
  try {
    task.progress.enter('settling');
    return await readUntilAtRest(task, source, settled);
  } catch (error) {
    // What is gone can not always be read once more, and this copy may be all that is left of it.
    if (!source.isGone || !isOfSide(error, 'source')) throw error;
    return accept(source, { kind: 'source_removed' });
  } finally {
    release();
  }
}

async function readUntilAtRest(task: CopyTask, source: OpenSource, settled: Settled): Promise<boolean> {
  const { limits } = task;
  for (let readings = 0; readings < limits.changeReadings; readings += 1) {
    if (!(await waitForRest(task, source, settled))) return false;
    const sinceNs = source.changeNs;
    if (!(await hasSameBytes(task, source, settled)) || !(await hasExpectedEnd(task, source, settled.fingerprint))) return false;
    source.readSinceNs = sinceNs;
    if (source.changeNs === sinceNs) return true;
  }
  return accept(source, { kind: 'change_time_moved', readings: limits.changeReadings });
}

function accept(source: OpenSource, doubt: CopyNote): true {
  Object.assign(source, { readSinceNs: source.changeNs, doubt });
  return true;
}

/** What changes the times of a file often does so several times. @returns false where the source moved. */
async function waitForRest(task: CopyTask, source: OpenSource, { fingerprint }: Settled): Promise<boolean> {
  const { limits } = task;
  for (let rests = 0; rests < limits.changeRests; rests += 1) {
    const before = source.changeNs;
    await task.clock.wait(limits.changeRestMs, task.calls.signal);
    if (!sameFingerprint(await statSource(task, source), fingerprint)) return false;
    if (source.changeNs === before) break;
  }
  return true;
}

async function hasSameBytes(task: CopyTask, source: OpenSource, { fingerprint, hash }: Settled): Promise<boolean> {
  const { end, whole } = await withFreshSource(task, source, (file) => readWhole(task, file, source.buffers, fingerprint.sizeBytes));
  if (end === fingerprint.sizeBytes) return whole.result().value === hash.value;
  if (sameFingerprint(await statSource(task, source), fingerprint)) throw shortSource(task, source, end);
  return false;
}

async function readWhole(
  task: CopyTask,
  file: OpenFile,
  buffers: BufferPair,
  sizeBytes: number,
): Promise<{ readonly end: number; readonly whole: WholeHash }> {
  const whole = task.hashing.whole();
  const span = { file, chunkBytes: task.limits.chunkBytes, fromByte: 0, toByte: sizeBytes, buffers };
  const end = await readChunks(span, (bytes, atByte) => {
    whole.update(bytes);
    task.progress.report((atByte + bytes.length) / sizeBytes);
  });
  return { end, whole };
}
