import { sameFingerprint } from '@sluice/core';
import { isAsRead } from '../reading/as-read.ts';
import { heldSource, lookAtSource, provesEnd, shortSource } from '../reading/source.ts';
import { type CopyTask, fingerprintOf, type Settled } from '../task/task.ts';
import { heldSink, pump } from './pump.ts';

/**
 * Copies a source that is not expected to move.
 *
 * @returns null where it moved all the same; what was copied of it is known by its chunks.
 * @throws SHORT, CHANGED or what a call failed with.
 */
export async function copyStable(task: CopyTask): Promise<Settled | null> {
  const { expected } = task.order;
  if (!sameFingerprint(fingerprintOf(heldSource(task).facts), expected)) return null;
  const whole = task.hashing.whole();
  task.progress.enter(null);
  const end = await pump(task, expected.sizeBytes, whole);
  await heldSink(task).flush();
  if (end < expected.sizeBytes) {
    if (sameFingerprint(await lookAtSource(task), expected)) throw shortSource(task, end);
    return null;
  }
  const settled = { hash: whole.result(), fingerprint: expected };
  return (await provesEnd(task, expected)) && (await isAsRead(task, settled)) ? settled : null;
}
