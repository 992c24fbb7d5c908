import { type CopyNote, sameFingerprint } from '@sluice/core';
import { isOfSide } from '../storage/failure.ts';
import type { OpenFile } from '../storage/storage.ts';
import type { WholeHash } from '../streams/hashing.ts';
import { readChunks } from '../streams/read-chunks.ts';
import { buffersOf, type CopyTask, type Settled } from '../task/task.ts';
import { lookAtSource, provesEnd, shortSource, withFreshSource } from './source.ts';

/**
 * Whether the source still has the bytes that were read of it. Whoever writes in place can set size and mtime back, but not
 * the change time. That moves with a chmod, a link or an attribute too: where it moved the source is read again, and only
 * the bytes decide. To be asked after a look that found size and mtime as they were; costs nothing where nothing moved.
 *
 * A change time that never rests ends after some readings: two of them, one after the other, that found the same bytes have
 * shown a moment at which the source had these, and the copy is told with a note.
 *
 * @returns false where it has other bytes, or moved meanwhile.
 * @throws SHORT or what a call failed with.
 */
export async function isAsRead(task: CopyTask, settled: Settled): Promise<boolean> {
  if (task.held.changeNs === task.held.readSinceNs) return true;
  const endTurn = await task.settleTurn.take(task.calls.signal);
  try {
    task.progress.enter('settling');
    return await readUntilAtRest(task, settled);
  } catch (error) {
    // What is gone can not always be read once more, and this copy may be all that is left of it.
    if (!task.held.sourceGone || !isOfSide(error, 'source')) throw error;
    return accept(task, { kind: 'source_removed' });
  } finally {
    endTurn();
  }
}

async function readUntilAtRest(task: CopyTask, settled: Settled): Promise<boolean> {
  const { held, limits } = task;
  for (let readings = 0; readings < limits.changeReadings; readings += 1) {
    if (!(await waitForRest(task, settled))) return false;
    const sinceNs = held.changeNs;
    if (!(await hasSameBytes(task, settled)) || !(await provesEnd(task, settled.fingerprint))) return false;
    held.readSinceNs = sinceNs;
    if (held.changeNs === sinceNs) return true;
  }
  return accept(task, { kind: 'change_time_moved', readings: limits.changeReadings });
}

function accept({ held }: CopyTask, doubt: CopyNote): true {
  Object.assign(held, { readSinceNs: held.changeNs, doubt });
  return true;
}

/** What changes the times of a file often does so several times. @returns false where the source moved. */
async function waitForRest(task: CopyTask, { fingerprint }: Settled): Promise<boolean> {
  const { held, limits } = task;
  for (let rests = 0; rests < limits.changeRests; rests += 1) {
    const before = held.changeNs;
    await task.clock.wait(limits.changeRestMs, task.calls.signal);
    if (!sameFingerprint(await lookAtSource(task), fingerprint)) return false;
    if (held.changeNs === before) break;
  }
  return true;
}

async function hasSameBytes(task: CopyTask, { fingerprint, hash }: Settled): Promise<boolean> {
  const { end, whole } = await withFreshSource(task, (file) => readWhole(task, file, fingerprint.sizeBytes));
  if (end === fingerprint.sizeBytes) return whole.result().value === hash.value;
  if (sameFingerprint(await lookAtSource(task), fingerprint)) throw shortSource(task, end);
  return false;
}

async function readWhole(task: CopyTask, file: OpenFile, sizeBytes: number): Promise<{ readonly end: number; readonly whole: WholeHash }> {
  const whole = task.hashing.whole();
  const span = { file, chunkBytes: task.limits.chunkBytes, fromByte: 0, toByte: sizeBytes, buffers: buffersOf(task) };
  const end = await readChunks(span, (bytes, atByte) => {
    whole.update(bytes);
    task.progress.tell((atByte + bytes.length) / sizeBytes);
  });
  return { end, whole };
}
