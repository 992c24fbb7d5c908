import { sameFingerprint } from '@sluice/core';
import { hasExpectedEnd, isAsRead, shortSource, statSource } from '../reading/source.ts';
import type { Settled, Writing } from '../task/stage.ts';
import { type CopyTask, fingerprintOf } from '../task/task.ts';
import { pump } from './pump.ts';

/**
 * Copies a source that is not expected to move.
 *
 * @returns null where it moved all the same; what was copied of it is known by its chunks.
 * @throws SHORT, CHANGED or what a call failed with.
 */
export async function copyStable(task: CopyTask, writing: Writing): Promise<Settled | null> {
  const { expected } = task.order;
  const { source, sink } = writing;
  if (!sameFingerprint(fingerprintOf(source.facts), expected)) return null;
  const whole = task.hashing.whole();
  task.progress.enter(null);
  const end = await pump(task, writing, expected.sizeBytes, whole);
  await sink.flush();
  if (end < expected.sizeBytes) {
    if (sameFingerprint(await statSource(task, source), expected)) throw shortSource(task, source, end);
    return null;
  }
  const settled = { hash: whole.result(), fingerprint: expected };
  return (await hasExpectedEnd(task, source, expected)) && (await isAsRead(task, source, settled)) ? settled : null;
}
