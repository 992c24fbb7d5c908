import { type CopyOrder, type Effect, sameFingerprint } from '@sluice/core';
import { finding } from '../storage/failure.ts';
import { type CopyTask, fingerprintOf } from '../task/task.ts';
import { isAsRead } from './as-read.ts';
import { hashOfFile } from './content.ts';
import { openSource, provesEnd, withFreshSource } from './source.ts';

/** Hashes a source that is thought to hold the bytes it held before. @throws CHANGED where it moves. */
export async function hashSource(task: CopyTask): Promise<void> {
  const { expected, source } = task.order;
  const changed = (): Error => finding('source', 'CHANGED', `read ${source}`, 'it moved while it was read');
  const opened = await openSource(task);
  if (!sameFingerprint(fingerprintOf(opened.source.facts), expected)) throw changed();
  const what = { side: 'source', name: source, sizeBytes: expected.sizeBytes } as const;
  const reading = { ...what, buffers: opened.source.buffers, onRead: () => undefined };
  const hash = await withFreshSource(task, opened.source, (file) => hashOfFile(task, file, reading));
  if (hash === null || !(await provesEnd(task, opened.source, expected))) throw changed();
  if (!(await isAsRead(task, opened.source, { hash, fingerprint: expected }))) throw changed();
  await task.report({ kind: 'source_hashed', hash });
}

/** A copy that will never be made: what reading its source needs to know. */
export function orderToRead(asked: Extract<Effect, { kind: 'hash_source' }>): CopyOrder {
  const { route, fileId, copyId, source, expected } = asked;
  const place = { path: '', mountId: null };
  const target = { destination: source, part: null, mode: 0, removeFirst: [], place };
  return { route, fileId, copyId, source, expected, growing: false, compare: true, ...target };
}
