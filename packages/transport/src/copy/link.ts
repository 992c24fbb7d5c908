import type { NotLinked } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { hashOfName } from '../reading/source.ts';
import { CallFailure, isSameFile } from '../storage/storage.ts';
import { assertRootOnMount, type CopyTask, type Opened } from '../task/task.ts';
import { isRefusedLink, takeNameBack } from '../writing/publish.ts';
import { folderOf, makeParents } from '../writing/target.ts';
import { type Equal, equalUnder } from './compare.ts';

/**
 * Gives a copy that was published under another name the final name of this one too. It gets that only if it has the bytes of the
 * source, and no name that something has. Where it cannot get it, no name was made.
 *
 * Ends with `linked`, `not_linked`, or an error.
 */
export async function linkCopy(task: CopyTask, opened: Opened, from: string): Promise<void> {
  const equal = await equalUnder(task, opened, from);
  const why = equal === null ? 'differs' : await link(task, opened, { from, equal });
  if (equal === null || why !== null) return await task.report({ kind: 'not_linked', why: why ?? 'differs' });
  await task.destination.syncFolder(folderOf(task.order.destination));
  // What was linked may have been in the empty folder of a share that is gone.
  await assertRootOnMount(task, task.order.mount);
  const { hash, readback, fingerprint } = equal;
  await task.report({ kind: 'linked', hash, readback, fingerprint });
}

/** What was compared, and the name that it was read under. */
interface Compared {
  readonly from: string;
  readonly equal: Equal;
}

/** @returns null once the final name has what was compared */
async function link(task: CopyTask, opened: Opened, { from, equal }: Compared): Promise<NotLinked | null> {
  const { destination, order } = task;
  await assertRootOnMount(task, order.mount);
  await makeParents(task, order.destination);
  try {
    await destination.link(from, order.destination);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT') return 'differs';
    // An earlier link of ours may have been answered late.
    if (code === 'EEXIST') return (await hasFinalName(task, opened, equal)) ? null : 'refused';
    if (error instanceof CallFailure && (await isRefusedLink(task, order.mount, from, code))) return 'refused';
    throw error;
  }
  if (await hasFinalName(task, opened, equal)) return null;
  // Another file took the name of the old copy just before the link. It keeps that name, and loses the one that was made for it.
  await takeNameBack(destination, order.destination, from);
  return 'differs';
}

/** Some storage makes up another inode for a link: there the bytes are read. */
async function hasFinalName(task: CopyTask, { source }: Opened, { hash, facts }: Equal): Promise<boolean> {
  const { destination, mount } = task.order;
  const there = await task.destination.stat(destination);
  if (there !== null && !task.inodes.areMadeUp && isSameFile(there, facts)) return true;
  const reading = { name: destination, sizeBytes: facts.sizeBytes, buffers: source.buffers, onRead: () => undefined };
  return (await hashOfName(task, mount, reading))?.hash.value === hash.value;
}
