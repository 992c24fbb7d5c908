import type { Fingerprint } from '@sluice/core';
import { sameFingerprint } from '@sluice/core';
import { codeOf, finding, isDirectRefused, isOfSide } from '../storage/failure.ts';
import { type FileFacts, isSameFile, type OpenFile } from '../storage/storage.ts';
import { endSeen } from '../streams/read-chunks.ts';
import { readOnly } from '../streams/read-only.ts';
import { buffersOf, type CopyTask, fingerprintOf } from '../task/task.ts';

/** Opens the file this copy is of; it stays open to the end, so that a removed source can still be carried. */
export async function openSource(task: CopyTask): Promise<Fingerprint> {
  const file = await task.source.open(task.order.source, 'read');
  task.held.sourceFile = file;
  const facts = await file.facts();
  const { sizeBytes, changeNs } = facts;
  Object.assign(task.held, { sourceFacts: facts, sizeBytes, changeNs, readSinceNs: changeNs });
  return fingerprintOf(facts);
}

/**
 * The source as it is now: by its path while that still names it, from the open descriptor after it is gone.
 *
 * @throws CHANGED where another file bears its path.
 */
export async function lookAtSource(task: CopyTask): Promise<Fingerprint> {
  const facts = (await factsByPath(task)) ?? (await heldSource(task).file.facts());
  task.held.sizeBytes = facts.sizeBytes;
  task.held.changeNs = facts.changeNs;
  return fingerprintOf(facts);
}

async function factsByPath(task: CopyTask): Promise<FileFacts | null> {
  try {
    const facts = await task.source.look(task.order.source);
    // Back under its name, as some recorders do: gone is what the last look says.
    task.held.sourceGone = false;
    if (facts.kind !== 'file' || !isSameFile(facts, heldSource(task).facts)) throw replaced(task);
    return facts;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    task.held.sourceGone = true;
    return null;
  }
}

/**
 * Works with a fresh descriptor of the source, past the page cache where that is possible. Of a source that is gone
 * there is only the old one.
 *
 * @param work is begun again, through the cache, where the first uncached read is refused.
 */
export async function withFreshSource<T>(task: CopyTask, work: (file: OpenFile) => Promise<T>): Promise<T> {
  await lookAtSource(task);
  for (const how of ['read_direct', 'read'] as const) {
    if (task.held.sourceGone) break;
    try {
      return await withOpened(task, how, work);
    } catch (error) {
      if (codeOf(error) === 'ENOENT' && isOfSide(error, 'source')) task.held.sourceGone = true;
      else if (how === 'read' || !isDirectRefused(error) || !isOfSide(error, 'source')) throw error;
    }
  }
  return await work(heldSource(task).file);
}

async function withOpened<T>(task: CopyTask, how: 'read_direct' | 'read', work: (file: OpenFile) => Promise<T>): Promise<T> {
  const file = await task.source.open(task.order.source, how);
  return await readOnly(file, async () => {
    if (!isSameFile(await file.facts(), heldSource(task).facts)) throw replaced(task);
    return await work(file);
  });
}

/**
 * Proves that the source ends where it is said to, and is still the one it was: a read and a stat through one cache
 * agree with each other even when the file is much longer.
 *
 * @returns false where it moved.
 * @throws SHORT where it reads as shorter than every look says.
 */
export async function provesEnd(task: CopyTask, expected: Fingerprint): Promise<boolean> {
  const wasDirect = await withFreshSource(task, async (file) => {
    const end = await endSeen(file, buffersOf(task).first, expected.sizeBytes);
    if (end > expected.sizeBytes) return null;
    if (end < expected.sizeBytes && sameFingerprint(await lookAtSource(task), expected)) throw shortSource(task, end);
    return end < expected.sizeBytes ? null : file.isDirect;
  });
  if (wasDirect === null) return false;
  const cacheMs = wasDirect || task.held.sourceGone ? 0 : await task.calls.run('source', 'look for the mount', () => task.sourceCacheMs());
  if (cacheMs > 0) await task.clock.wait(cacheMs, task.calls.signal);
  return sameFingerprint(await lookAtSource(task), expected);
}

/** The error for a read that ended before the size that a look confirms. */
export function shortSource(task: CopyTask, endBytes: number): Error {
  const message = `the source ended after ${endBytes} bytes, its size is ${task.held.sizeBytes}`;
  return finding('source', 'SHORT', `read ${task.order.source}`, message);
}

export function heldSource(task: CopyTask): { readonly file: OpenFile; readonly facts: FileFacts } {
  const { sourceFile, sourceFacts } = task.held;
  if (sourceFile === null || sourceFacts === null) throw new Error(`source of ${task.order.copyId} is not open`);
  return { file: sourceFile, facts: sourceFacts };
}

function replaced(task: CopyTask): Error {
  return finding('source', 'CHANGED', `look at ${task.order.source}`, 'another file bears this path now');
}
