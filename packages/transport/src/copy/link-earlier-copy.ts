import type { CopyReport } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { hashOfName } from '../reading/source-and-readback.ts';
import { CallFailure, isSameFile } from '../storage/storage.ts';
import { assertRootOnMount, type CopyTask, type Opened } from '../task/task.ts';
import { isRefusedLink, takeNameBack } from '../writing/publish.ts';
import { folderOf, makeParents } from '../writing/target.ts';
import { type Equal, equalUnder } from './compare-existing.ts';

type NotLinked = Extract<CopyReport, { kind: 'not_linked' }>['why'];

/**
 * Links an earlier copy, which was published under the name `from`, to the final name of this order. Links only a copy that has the
 * bytes of the source, and never replaces a file.
 *
 * Reports `linked`, or `not_linked` if no link was left, or fails with an error.
 */
export async function linkCopy(task: CopyTask, opened: Opened, from: string): Promise<void> {
  const equal = await equalUnder(task, opened, from);
  const why = equal === null ? 'differs' : await link(task, opened, { from, equal });
  if (equal === null || why !== null) return await task.report({ kind: 'not_linked', why: why ?? 'differs' });
  await task.destination.syncFolder(folderOf(task.order.destination));
  // If the share was unmounted meanwhile, the link is in the empty local folder below it.
  await assertRootOnMount(task, task.order.mount);
  const { hash, readback, fingerprint } = equal;
  await task.report({ kind: 'linked', hash, readback, fingerprint });
}

/** A file at the destination that was found equal to the source, and the name it was read by. */
interface Compared {
  readonly from: string;
  readonly equal: Equal;
}

/** Makes the link. @returns null if the final name now names the compared file or equal bytes, else why it does not */
async function link(task: CopyTask, opened: Opened, { from, equal }: Compared): Promise<NotLinked | null> {
  const { destination, order } = task;
  await assertRootOnMount(task, order.mount);
  await makeParents(task, order.destination);
  try {
    await destination.link(from, order.destination);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT') return 'differs';
    // An earlier link call of ours may have taken effect after its deadline.
    if (code === 'EEXIST') return (await hasFinalName(task, opened, equal)) ? null : 'refused';
    if (error instanceof CallFailure && (await isRefusedLink(task, order.mount, from, code))) return 'refused';
    throw error;
  }
  if (await hasFinalName(task, opened, equal)) return null;
  // Another file replaced the old copy just before the link. It keeps the name `from`; the new name is removed.
  await takeNameBack(destination, order.destination, from);
  return 'differs';
}

/**
 * Returns whether the final name names the compared file. Some storage reports a different inode for a link: then the bytes are
 * compared instead.
 */
async function hasFinalName(task: CopyTask, { source }: Opened, { hash, facts }: Equal): Promise<boolean> {
  const { destination, mount } = task.order;
  const there = await task.destination.stat(destination);
  if (there !== null && !task.inodes.areMadeUp && isSameFile(there, facts)) return true;
  const reading = { name: destination, sizeBytes: facts.sizeBytes, buffers: source.buffers, onRead: () => undefined };
  return (await hashOfName(task, mount, reading))?.hash.value === hash.value;
}
