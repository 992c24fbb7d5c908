import { type Fingerprint, sameFingerprint } from '@sluice/core';
import { errnoOf } from '@sluice/platform';
import { finding, isDirectRefused, isOfSide } from '../storage/failure.ts';
import { type FileFacts, isSameFile, type OpenFile, statNameOrNull } from '../storage/storage.ts';
import { endSeen, readOnly } from '../streams/read-chunks.ts';
import type { Opened, OpenSource } from '../task/stage.ts';
import { type CopyTask, enter, fingerprintOf } from '../task/task.ts';

/** Opens the file this copy is of; it stays open to the end, so that a removed source can still be copied. */
export async function openSource(task: CopyTask): Promise<Opened> {
  const file = await task.source.open(task.order.source, 'read');
  enter(task, { kind: 'opening', file });
  const facts = await file.facts();
  const { sizeBytes, changeNs } = facts;
  const source = { file, facts, buffers: task.buffers.acquire(), isGone: false, sizeBytes, changeNs, readSinceNs: changeNs, doubt: null };
  return enter(task, { kind: 'opened', source });
}

/**
 * The source as it is now: by its path while that still names it, from the open descriptor after it is gone.
 *
 * @throws CHANGED where another file has its path.
 */
export async function statSource(task: CopyTask, source: OpenSource): Promise<Fingerprint> {
  const facts = (await factsByPath(task, source)) ?? (await source.file.facts());
  source.sizeBytes = facts.sizeBytes;
  source.changeNs = facts.changeNs;
  return fingerprintOf(facts);
}

async function factsByPath(task: CopyTask, source: OpenSource): Promise<FileFacts | null> {
  const facts = await statNameOrNull(task.source, task.order.source);
  // A file may come back under its name, as those of some recorders do: what the last stat says counts.
  source.isGone = facts === null;
  if (facts !== null && (facts.kind !== 'file' || !isSameFile(facts, source.facts))) throw replaced(task);
  return facts;
}

/**
 * Works with a fresh descriptor of the source, past the page cache where that is possible. Of a source that is gone
 * there is only the old one.
 *
 * @param work is begun again, through the cache, where the first uncached read is refused.
 */
export async function withFreshSource<T>(task: CopyTask, source: OpenSource, work: (file: OpenFile) => Promise<T>): Promise<T> {
  await statSource(task, source);
  for (const how of ['read_direct', 'read'] as const) {
    if (source.isGone) break;
    try {
      return await withOpened(task, source, how, work);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT' && isOfSide(error, 'source')) source.isGone = true;
      else if (how === 'read' || !isDirectRefused(error) || !isOfSide(error, 'source')) throw error;
    }
  }
  return await work(source.file);
}

async function withOpened<T>(
  task: CopyTask,
  source: OpenSource,
  how: 'read_direct' | 'read',
  work: (file: OpenFile) => Promise<T>,
): Promise<T> {
  const file = await task.source.open(task.order.source, how);
  return await readOnly(file, async () => {
    if (!isSameFile(await file.facts(), source.facts)) throw replaced(task);
    return await work(file);
  });
}

/**
 * Whether the source ends at the expected size, and is still the one it was. A read and a stat
 * through one cache agree with each other even when the file is much longer. So this reads past the cache, or waits until what
 * the cache holds is too old to count.
 *
 * @returns false where it moved.
 * @throws SHORT where it reads as shorter than every stat says.
 */
export async function hasExpectedEnd(task: CopyTask, source: OpenSource, expected: Fingerprint): Promise<boolean> {
  const wasDirect = await withFreshSource(task, source, async (file) => {
    const end = await endSeen(file, source.buffers.first, expected.sizeBytes);
    if (end > expected.sizeBytes) return null;
    if (end < expected.sizeBytes && sameFingerprint(await statSource(task, source), expected)) throw shortSource(task, source, end);
    return end < expected.sizeBytes ? null : file.isDirect;
  });
  if (wasDirect === null) return false;
  const cacheMs = wasDirect || source.isGone ? 0 : await task.calls.run('source', 'look for the mount', () => task.sourceCacheMs());
  if (cacheMs > 0) await task.clock.wait(cacheMs, task.calls.signal);
  return sameFingerprint(await statSource(task, source), expected);
}

/** The error for a read that ended before the size that a stat confirms. */
export function shortSource(task: CopyTask, source: OpenSource, endBytes: number): Error {
  const message = `the source ended after ${endBytes} bytes, its size is ${source.sizeBytes}`;
  return finding('source', 'SHORT', `read ${task.order.source}`, message);
}

function replaced(task: CopyTask): Error {
  return finding('source', 'CHANGED', `look at ${task.order.source}`, 'another file bears this path now');
}
