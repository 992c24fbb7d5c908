import type { Effect } from '@sluice/core';
import { type CopyOrder, type CopyReport, type Fingerprint, isOtherFile, sameFingerprint } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import {
  hasExpectedEnd,
  isAsRead,
  openSource,
  readBack,
  shortSource,
  statSource,
  withFreshSource,
} from '../reading/source-and-readback.ts';
import { type FileFacts, finding, isOfSide, isSameFile, type OpenFile } from '../storage/storage.ts';
import { fitsInOnePiece, hashOfFile, readChunks, type WholeHash } from '../streams/read-chunks.ts';
import {
  assertRootOnMount,
  type Copied,
  type CopyTask,
  fingerprintOf,
  type LaneDependencies,
  type OpenSource,
  type Settled,
  type Writing,
} from '../task/task.ts';
import { closeTarget, createTarget, dressEarly, foldersAbove, reopenTarget } from '../writing/target.ts';
import { compare } from './compare-existing.ts';
import { linkCopy } from './link-earlier-copy.ts';

/** Runs a `copy`: ends with `copied`, `already_there`, `name_taken`, `linked`, `not_linked`, or an error. */
export async function runCopy(task: CopyTask): Promise<void> {
  const opened = await openSource(task);
  if (task.order.compare) return await compare(task, opened);
  if (task.order.linkFrom !== undefined) return await linkCopy(task, opened, task.order.linkFrom);
  const writing = await createTarget(task, opened);
  if (writing === null) return await task.report({ kind: 'name_taken' });
  await finish(task, writing, task.order.growing ? await follow(task, writing) : await stableOrFollow(task, writing));
}

async function stableOrFollow(task: CopyTask, writing: Writing): Promise<Settled> {
  const settled = await copyStable(task, writing);
  if (settled !== null) return settled;
  await task.report({ kind: 'source_grew', sizeBytes: writing.source.sizeBytes });
  return await follow(task, writing);
}

/** Runs a `read_back`. If the source changed, follows and settles it again, which ends with another `copied`. */
export async function runReadBack(task: CopyTask, copied: Copied): Promise<void> {
  if (!(await readBack(task, copied))) await followAgain(task, copied);
}

/** Runs a `follow_again`: the source changed after it was settled. Ends with `copied`, or an error. */
export async function followAgain(task: CopyTask, copied: Copied): Promise<void> {
  const writing = await reopenTarget(task, copied);
  writing.quietForMs = Math.min(copied.quietForMs * 2, task.limits.settleWaitLastMs);
  await finish(task, writing, await follow(task, writing));
}

async function finish(task: CopyTask, writing: Writing, settled: Settled): Promise<void> {
  const copied = await closeTarget(task, writing, settled);
  await task.progress.reportEnd();
  if (settled.fingerprint.sizeBytes > task.limits.readBackAtOnceBytes) return await task.report({ kind: 'copied', ...settled });
  // A read changes nothing at the destination, so it may begin before `copied` is committed. Both reports are journaled together.
  const reporting = task.report({ kind: 'copied', ...settled, readsBack: true });
  reporting.catch(() => undefined);
  await runReadBack(task, copied);
  await reporting;
}

/** Runs a `hash_source`: hashes a source that probably has the same bytes as before. @throws CHANGED if it is not as `expected` */
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

/** Returns a copy order with which a source is only read. Nothing is copied by it. */
export function orderToRead(asked: Extract<Effect, { kind: 'hash_source' }>): CopyOrder {
  const { route, fileId, copyId, source, sourceIdentity, expected } = asked;
  const mount = { path: '', mountId: null };
  const target = { destination: source, part: null, mode: 0, removeFirst: [], mount };
  return { route, fileId, copyId, source, sourceIdentity, expected, growing: false, compare: true, ...target };
}

/** Errors of an open while a writer has the file: EAGAIN while a lease is being broken, EBUSY for a sharing violation on Windows. */
const heldByWriter = new Set(['EBUSY', 'ETXTBSY', 'EAGAIN', 'EWOULDBLOCK']);

/**
 * Checks source and destination before anything is created.
 *
 * @param keep receives the open source, from which the copy will read
 * @returns `preflight`, or `held_by_writer` if another program has the source open for writing
 * @throws LINKED, SAME_FILE, or the failure of a call
 */
export async function preflight(dependencies: LaneDependencies, order: CopyOrder, keep: (source: OpenFile) => void): Promise<CopyReport> {
  try {
    const source = await dependencies.source.open(order.source, 'read');
    keep(source);
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

/** Checks that no link is above a name: it could lead out of the destination, even into the source. @throws LINKED */
async function assertOwnFolders(dependencies: LaneDependencies, name: string): Promise<void> {
  for (const folder of foldersAbove(name)) {
    const facts = await dependencies.destination.stat(folder);
    if (facts === null) return;
    if (facts.kind !== 'folder') throw finding('destination', 'LINKED', `look at ${folder}`, 'it is a link or a file, not a folder');
  }
}

/**
 * Returns the size in bytes of the file with this name: null if the name is free, -1 if it is not a regular file.
 *
 * @throws SAME_FILE if it is the source itself, because a comparison with itself would always succeed
 */
async function sizeUnder(dependencies: LaneDependencies, name: string, source: FileFacts): Promise<number | null> {
  const facts = await dependencies.destination.stat(name);
  if (facts === null) return null;
  if (isSameFile(facts, source)) throw finding('destination', 'SAME_FILE', `look at ${name}`, 'it is the source file itself');
  return facts.kind === 'file' ? facts.sizeBytes : -1;
}

/**
 * Copies a source that is not expected to change.
 *
 * @returns null if it changed; `writing.hashes` then says which chunks were copied
 * @throws SHORT, CHANGED or the failure of a call
 */
export async function copyStable(task: CopyTask, writing: Writing): Promise<Settled | null> {
  const { expected } = task.order;
  const { source, sink, hashes } = writing;
  if (!sameFingerprint(fingerprintOf(source.facts), expected)) return null;
  // The hash of a file of one chunk is the hash of that chunk.
  const isOneChunk = expected.sizeBytes > 0 && expected.sizeBytes <= task.limits.chunkBytes;
  const whole = isOneChunk ? null : task.hashing.whole();
  task.progress.enter(null);
  // Asking for one byte more shows where the file ends, if that needs no second read.
  const isOnePiece = isOneChunk && fitsInOnePiece(expected.sizeBytes, source.buffers, task.limits.chunkBytes);
  const end = await pumpShared(task, writing, isOnePiece ? expected.sizeBytes + 1 : expected.sizeBytes, whole);
  if (end > expected.sizeBytes) return null;
  if (end === expected.sizeBytes) await dressEarly(task, writing);
  await sink.flush('all');
  if (end < expected.sizeBytes) {
    if (sameFingerprint(await statSource(task, source), expected)) throw shortSource(task, source, end);
    return null;
  }
  const settled = { hash: whole?.result() ?? hashes.ofFirst(), fingerprint: expected };
  return (await hasExpectedEnd(task, source, expected)) && (await isAsRead(task, source, settled)) ? settled : null;
}

/**
 * Does what `pump` does, and shares the chunks with other routes that copy the same file. Not for a source on a local disk: there the
 * page cache already does that.
 */
async function pumpShared(task: CopyTask, writing: Writing, toByte: number, whole: WholeHash | null): Promise<number> {
  const { source } = writing;
  if (!task.source.isOwnDisk()) source.shared = task.sharing.join(task.order.source, source.facts, task.calls);
  try {
    return await pump(task, writing, toByte, whole);
  } finally {
    source.shared?.leave();
    source.shared = null;
  }
}

/**
 * Copies the open source up to `toByte`, starting at the beginning of the chunk in which the copied bytes end. Reading, hashing and
 * writing overlap.
 *
 * @param whole receives all bytes, for a copy that starts at byte 0; null: each chunk is hashed instead
 * @returns the offset at which the storage reported the end of the source, at most `toByte`
 */
export async function pump(task: CopyTask, writing: Writing, toByte: number, whole: WholeHash | null): Promise<number> {
  const { source, sink, hashes } = writing;
  const { chunkBytes } = task.limits;
  const fromByte = Math.floor(hashes.copiedBytes / chunkBytes) * chunkBytes;
  const readChunk = source.shared?.readChunk;
  const span = { file: source.file, chunkBytes, fromByte, toByte, buffers: source.buffers, readChunk };
  return await readChunks(span, async (bytes, atByte) => {
    const write = sink.write(bytes, atByte, (piece) => whole?.update(piece));
    // The hash below is computed while the write runs. `await write` throws its error; this only avoids an unhandled rejection.
    write.catch(() => undefined);
    // A file that is hashed as a whole is not expected to change. Hashing each chunk too would double the cost.
    const hash = whole === null ? task.hashing.chunk(bytes) : null;
    await write;
    hashes.set(atByte / chunkBytes, bytes.length, hash);
  });
}

/** The last metadata of the source, and when a change was last seen, in milliseconds. */
interface Watch {
  last: Fingerprint;
  movedAt: number;
}

/**
 * Copies a growing source until it has not changed for `quietForMs`, then drains and settles it. Returns when source and destination
 * are equal and the source has not changed since.
 */
export async function follow(task: CopyTask, writing: Writing): Promise<Settled> {
  readPieces(task, writing.source);
  const watch: Watch = { last: await statSource(task, writing.source), movedAt: task.clock.now() };
  for (;;) {
    await followUntilQuiet(task, writing, watch);
    if (!(await drain(task, writing, watch))) continue;
    task.progress.enter('settling');
    const settled = await settle(task, writing);
    if (settled !== null && (await isAsRead(task, writing.source, settled))) return settled;
    // It changed while it was being read. Wait longer before the next settle, which reads the whole file again.
    writing.quietForMs = Math.min(writing.quietForMs * 2, task.limits.settleWaitLastMs);
    watch.movedAt = task.clock.now();
  }
}

/** Replaces the single buffer of a file that was to be read in one piece, because the file now grows. */
function readPieces(task: CopyTask, source: OpenSource): void {
  if (source.buffers.length > 1) return;
  task.buffers.giveBack(source.buffers);
  source.buffers = task.buffers.acquire(null);
}

async function followUntilQuiet(task: CopyTask, writing: Writing, watch: Watch): Promise<void> {
  task.progress.enter('following');
  let reportedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    await checkForMove(task, writing.source, watch);
    if (task.clock.now() - watch.movedAt >= writing.quietForMs) return;
    if (await pumpSome(task, writing, watch.last, followLimit(task, watch.last))) continue;
    await writing.sink.flush('data');
    if (task.clock.now() - reportedAt >= task.limits.followingProgressEveryMs) {
      reportedAt = task.clock.now();
      await task.progress.reportNow();
    }
    await task.clock.wait(task.route.growing.pollMs, task.calls.signal);
  }
}

/** Returns up to which byte to copy while following: whole chunks, without the last `safetyMarginBytes`, which may still change. */
function followLimit(task: CopyTask, seen: Fingerprint): number {
  const { chunkBytes } = task.limits;
  return Math.floor((seen.sizeBytes - task.route.growing.safetyMarginBytes) / chunkBytes) * chunkBytes;
}

/** Copies everything up to the end of the source. @returns false if the source changed meanwhile */
async function drain(task: CopyTask, writing: Writing, watch: Watch): Promise<boolean> {
  task.progress.enter('draining');
  while (await pumpSome(task, writing, watch.last, watch.last.sizeBytes)) {
    if (await checkForMove(task, writing.source, watch)) return false;
  }
  await writing.sink.flush('data');
  await task.progress.reportNow();
  return !(await checkForMove(task, writing.source, watch));
}

/**
 * Copies at most `chunksBetweenStats` chunks, so that the source is checked in between.
 *
 * @returns false if there was nothing to copy, or if a source that changed ended early
 * @throws SHORT if a source that has not changed ends before its size
 */
async function pumpSome(task: CopyTask, writing: Writing, seen: Fingerprint, limitByte: number): Promise<boolean> {
  const { copiedBytes } = writing.hashes;
  if (copiedBytes >= limitByte) return false;
  const { chunkBytes, chunksBetweenStats } = task.limits;
  const runEnd = (Math.floor(copiedBytes / chunkBytes) + chunksBetweenStats) * chunkBytes;
  const toByte = Math.min(limitByte, runEnd);
  const end = await pump(task, writing, toByte, null);
  // A source that changed may have been truncated and written again, so that its old size says nothing about this end.
  if (end < toByte && sameFingerprint(await statSource(task, writing.source), seen)) throw shortSource(task, writing.source, end);
  return end >= toByte;
}

/** Reads the metadata of the source. @returns whether it changed since the last check */
async function checkForMove(task: CopyTask, source: OpenSource, watch: Watch): Promise<boolean> {
  const seen = await statSource(task, source);
  if (sameFingerprint(seen, watch.last)) return false;
  watch.last = seen;
  watch.movedAt = task.clock.now();
  return true;
}

/**
 * Reads the whole source again and rewrites the chunks that differ, because recorders rewrite their headers when they close a file.
 *
 * @returns null if the source changed meanwhile
 * @throws SHORT if the source ends before its size, or the failure of a call
 */
export async function settle(task: CopyTask, writing: Writing): Promise<Settled | null> {
  const release = await task.settleMutex.acquire(task.calls.signal);
  try {
    return await settleOnce(task, writing);
  } finally {
    release();
  }
}

async function settleOnce(task: CopyTask, writing: Writing): Promise<Settled | null> {
  const { source, sink, hashes } = writing;
  const before = await statSource(task, source);
  Object.assign(source, { readSinceNs: source.changeNs, doubt: null });
  const { end, whole } = await withFreshSource(task, source, (file) => compareAndRewrite(task, writing, file, before));
  if (end < before.sizeBytes) {
    if (sameFingerprint(await statSource(task, source), before)) throw shortSource(task, source, end);
    return null;
  }
  if (hashes.copiedBytes > before.sizeBytes) {
    await sink.truncate(before.sizeBytes);
    hashes.truncate(before.sizeBytes);
  }
  await sink.flush('all');
  return (await hasExpectedEnd(task, source, before)) ? { hash: whole.result(), fingerprint: before } : null;
}

async function compareAndRewrite(
  task: CopyTask,
  { source, sink, hashes }: Writing,
  file: OpenFile,
  expected: Fingerprint,
): Promise<{ readonly end: number; readonly whole: WholeHash }> {
  const { chunkBytes } = task.limits;
  const whole = task.hashing.whole();
  const span = { file, chunkBytes, fromByte: 0, toByte: expected.sizeBytes, buffers: source.buffers };
  const end = await readChunks(span, async (bytes, atByte) => {
    whole.update(bytes);
    const hash = task.hashing.chunk(bytes);
    const chunk = atByte / chunkBytes;
    if (!hashes.has(chunk, bytes.length, hash)) {
      await sink.write(bytes, atByte);
      hashes.set(chunk, bytes.length, hash);
    }
    task.progress.report((atByte + bytes.length) / expected.sizeBytes);
  });
  return { end, whole };
}
