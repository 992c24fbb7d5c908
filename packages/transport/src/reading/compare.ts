import { sameFingerprint } from '@sluice/core';
import { finding } from '../storage/failure.ts';
import type { Opened } from '../task/stage.ts';
import { type CopyTask, fingerprintOf } from '../task/task.ts';
import { isAsRead } from './as-read.ts';
import { hashOfFile, hashOfName } from './content.ts';
import { provesEnd } from './source.ts';

/** A file of the expected size stands under the final name: are these its bytes? Creates nothing. */
export async function compare(task: CopyTask, { source: open }: Opened): Promise<void> {
  const { expected, source, destination, place } = task.order;
  if (!sameFingerprint(fingerprintOf(open.facts), expected)) throw changed(task);
  task.progress.enter('reading_back');
  const onRead = (done: number): void => task.progress.tell(done);
  const reading = { sizeBytes: expected.sizeBytes, buffers: open.buffers, onRead };
  const there = await hashOfName(task, place, { ...reading, name: destination });
  if (there === null) return await task.report({ kind: 'name_taken' });
  const here = await hashOfFile(task, open.file, { ...reading, side: 'source', name: source });
  if (here === null || !(await provesEnd(task, open, expected))) throw changed(task);
  if (!(await isAsRead(task, open, { hash: here, fingerprint: expected }))) throw changed(task);
  if (here.value !== there.hash.value) return await task.report({ kind: 'name_taken' });
  await task.report({ kind: 'already_there', hash: here, readback: there.readback, fingerprint: expected });
}

function changed(task: CopyTask): Error {
  return finding('source', 'CHANGED', `read ${task.order.source}`, 'it moved while it was compared with what is there');
}
