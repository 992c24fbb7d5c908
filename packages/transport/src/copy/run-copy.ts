import type { Effect } from '@sluice/core';
import { type CopyOrder, type CopyReport, isOtherFile, sameFingerprint } from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
import { hashOfName, readBack } from '../reading/readback.ts';
import { hasExpectedEnd, isAsRead, openSource, withFreshSource } from '../reading/source.ts';
import { type FileFacts, finding, isOfSide, isSameFile, statNameOrNull } from '../storage/storage.ts';
import { hashOfFile } from '../streams/hashing.ts';

import {
  assertRootOnMount,
  type Copied,
  type CopyTask,
  fingerprintOf,
  type LaneDependencies,
  type Opened,
  type Settled,
  type Writing,
} from '../task/task.ts';
import { closeTarget, createTarget, foldersAbove, reopenTarget } from '../writing/target.ts';
import { follow } from './growing.ts';
import { copyStable } from './stable.ts';

/** Runs a `copy`: ends with `copied`, `already_there`, `name_taken`, or an error. */
export async function runCopy(task: CopyTask): Promise<void> {
  const opened = await openSource(task);
  if (task.order.compare) return await compare(task, opened);
  const writing = await createTarget(task, opened);
  if (writing === null) return await task.report({ kind: 'name_taken' });
  await finish(task, writing, task.order.growing ? await follow(task, writing) : await stableOrFollow(task, writing));
}

/** Compares the source with a file of its size that has the final name already. Creates nothing. */
async function compare(task: CopyTask, { source: open }: Opened): Promise<void> {
  const { expected, source, destination, mount } = task.order;
  const changed = (): Error => finding('source', 'CHANGED', `read ${source}`, 'it moved while it was compared with what is there');
  if (!sameFingerprint(fingerprintOf(open.facts), expected)) throw changed();
  task.progress.enter('reading_back');
  const onRead = (done: number): void => task.progress.report(done);
  const reading = { sizeBytes: expected.sizeBytes, buffers: open.buffers, onRead };
  const there = await hashOfName(task, mount, { ...reading, name: destination });
  if (there === null) return await task.report({ kind: 'name_taken' });
  const here = await hashOfFile(task, open.file, { ...reading, side: 'source', name: source });
  if (here === null || !(await hasExpectedEnd(task, open, expected))) throw changed();
  if (!(await isAsRead(task, open, { hash: here, fingerprint: expected }))) throw changed();
  if (here.value !== there.hash.value) return await task.report({ kind: 'name_taken' });
  await task.report({ kind: 'already_there', hash: here, readback: there.readback, fingerprint: expected });
}

async function stableOrFollow(task: CopyTask, writing: Writing): Promise<Settled> {
  const settled = await copyStable(task, writing);
  if (settled !== null) return settled;
  await task.report({ kind: 'source_grew', sizeBytes: writing.source.sizeBytes });
  return await follow(task, writing);
}

/** Runs a `read_back`; a source that moved is followed and settled again, up to the next `copied`. */
export async function runReadBack(task: CopyTask, copied: Copied): Promise<void> {
  if (!(await readBack(task, copied))) await followAgain(task, copied);
}

/** Runs a `follow_again`: the source moved after it was settled. Ends with `copied`, or an error. */
export async function followAgain(task: CopyTask, copied: Copied): Promise<void> {
  const writing = await reopenTarget(task, copied);
  writing.quietForMs = Math.min(copied.quietForMs * 2, task.limits.settleWaitLastMs);
  await finish(task, writing, await follow(task, writing));
}

async function finish(task: CopyTask, writing: Writing, settled: Settled): Promise<void> {
  await closeTarget(task, writing, settled);
  await task.progress.reportNow();
  await task.report({ kind: 'copied', ...settled });
}

/** Runs a `hash_source`, for a source that is thought to hold the bytes it held before. @throws CHANGED where it moves */
export async function hashSource(task: CopyTask): Promise<void> {
  const { expected, source } = task.order;
  const changed = (): Error => finding('source', 'CHANGED', `read ${source}`, 'it moved while it was read');
  const opened = await openSource(task);
  if (!sameFingerprint(fingerprintOf(opened.source.facts), expected)) throw changed();
  const what = { side: 'source', name: source, sizeBytes: expected.sizeBytes } as const;
  const reading = { ...what, buffers: opened.source.buffers, onRead: () => undefined };
  const hash = await withFreshSource(task, opened.source, (file) => hashOfFile(task, file, reading));
  if (hash === null || !(await hasExpectedEnd(task, opened.source, expected))) throw changed();
  if (!(await isAsRead(task, opened.source, { hash, fingerprint: expected }))) throw changed();
  await task.report({ kind: 'source_hashed', hash });
}

/** A copy that will never be made: what reading its source needs to know. */
export function orderToRead(asked: Extract<Effect, { kind: 'hash_source' }>): CopyOrder {
  const { route, fileId, copyId, source, sourceIdentity, expected } = asked;
  const mount = { path: '', mountId: null };
  const target = { destination: source, part: null, mode: 0, removeFirst: [], mount };
  return { route, fileId, copyId, source, sourceIdentity, expected, growing: false, compare: true, ...target };
}

/** A lease or a lock that is being broken answers EAGAIN to a non-blocking open; Windows' sharing violation is EBUSY. */
const heldByWriter = new Set(['EBUSY', 'ETXTBSY', 'EAGAIN', 'EWOULDBLOCK']);

/** Checks both sides before anything is made. */
export async function preflight(dependencies: LaneDependencies, order: CopyOrder): Promise<CopyReport> {
  try {
    const source = await dependencies.source.open(order.source, 'read');
    void closeQuietly(source);
    const sourceFacts = source.atOpen;
    const sourceFingerprint = fingerprintOf(sourceFacts);
    const isOther = isOtherFile(order.sourceIdentity, sourceFacts);
    await assertRootOnMount(dependencies, order.mount);
    await assertOwnFolders(dependencies, order.destination);
    const existingSizeBytes = await sizeUnder(dependencies, order.destination, sourceFacts);
    const { freeBytes } = await dependencies.destination.room();
    return { kind: 'preflight', preflight: { sourceFingerprint, isOther, existingSizeBytes, freeBytes } };
  } catch (error) {
    const code = errnoOf(error);
    if (heldByWriter.has(code) && isOfSide(error, 'source')) return { kind: 'held_by_writer', code };
    throw error;
  }
}

/** A link instead of a folder may lead anywhere, into the source too. @throws LINKED */
async function assertOwnFolders(dependencies: LaneDependencies, name: string): Promise<void> {
  for (const folder of foldersAbove(name)) {
    const facts = await statNameOrNull(dependencies.destination, folder);
    if (facts === null) return;
    if (facts.kind !== 'folder') throw finding('destination', 'LINKED', `look at ${folder}`, 'it is a link or a file, not a folder');
  }
}

/**
 * @returns null where nothing has the name, -1 for what is no regular file.
 * @throws SAME_FILE where it is the source itself: what is compared with itself is always equal
 */
async function sizeUnder(dependencies: LaneDependencies, name: string, source: FileFacts): Promise<number | null> {
  const facts = await statNameOrNull(dependencies.destination, name);
  if (facts === null) return null;
  if (isSameFile(facts, source)) throw finding('destination', 'SAME_FILE', `look at ${name}`, 'it is the source file itself');
  return facts.kind === 'file' ? facts.sizeBytes : -1;
}
