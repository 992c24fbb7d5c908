import { type ContentHash, type Fingerprint, type ReadbackMethod, sameFingerprint } from '@sluice/core/model';
import { hasExpectedEnd, hashOfName, isAsRead } from '../reading/source-and-readback.ts';
import { type FileFacts, finding } from '../storage/storage.ts';
import { hashOfFile } from '../streams/read-chunks.ts';
import { type CopyTask, fingerprintOf, lost, type Opened } from '../task/task.ts';

/** A file at the destination that has the same bytes as the source. */
export interface Equal {
  readonly hash: ContentHash;
  readonly readback: ReadbackMethod;
  readonly fingerprint: Fingerprint;
  /** Metadata of the destination's file, read while it was open. */
  readonly facts: FileFacts;
}

/**
 * Compares the source with the file of the same size that already has the final name. Creates nothing. Reports `already_there` or
 * `name_taken`.
 *
 * @throws LOST if no file has the final name any more; CHANGED if the source changes meanwhile
 */
export async function compare(task: CopyTask, opened: Opened): Promise<void> {
  const { destination } = task.order;
  const equal = await equalUnder(task, opened, destination);
  if (equal === null) {
    // The file may have been removed since the order was made. Then the name is not taken.
    if ((await task.destination.stat(destination)) === null) throw lost(destination);
    return await task.report({ kind: 'name_taken' });
  }
  const { hash, readback, fingerprint } = equal;
  await task.report({ kind: 'already_there', hash, readback, fingerprint });
}

/**
 * Reads the source and the file with this name at the destination, and compares their hashes.
 *
 * @returns null if no regular file of the source's size can be read under this name, or if its bytes differ
 * @throws CHANGED if the source changes meanwhile
 */
export async function equalUnder(task: CopyTask, { source: open }: Opened, name: string): Promise<Equal | null> {
  const { expected, source, mount } = task.order;
  const changed = (): Error =>
    finding('source', 'CHANGED', `read ${source}`, 'it changed while it was compared with the file at the destination');
  if (!sameFingerprint(fingerprintOf(open.facts), expected)) throw changed();
  task.progress.enter('reading_back');
  const onRead = (done: number): void => task.progress.report(done);
  const reading = { sizeBytes: expected.sizeBytes, buffers: open.buffers, onRead };
  const there = await hashOfName(task, mount, { ...reading, name });
  if (there === null) return null;
  const here = await hashOfFile(task, open.file, { ...reading, side: 'source', name: source });
  if (here === null || !(await hasExpectedEnd(task, open, expected))) throw changed();
  if (!(await isAsRead(task, open, { hash: here, fingerprint: expected }))) throw changed();
  if (here.value !== there.hash.value) return null;
  return { hash: here, readback: there.readback, fingerprint: expected, facts: there.facts };
}
