import { type ContentHash, type CopyOrder, type DestinationMount, type ReadbackMethod, sameFingerprint } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { type FileFacts, finding, isDirectRefused, type OpenFile, statNameOrNull } from '../storage/storage.ts';
import { hashOfFile, type Reading } from '../streams/hashing.ts';
import { type BufferPair, readOnly } from '../streams/read-chunks.ts';
import {
  type Copied,
  type CopyTask,
  diverted,
  fingerprintOf,
  isOnMount,
  type LaneDependencies,
  openOwn,
  targetName,
} from '../task/task.ts';
import { isAsRead, statSource } from './source.ts';

/** What a process needs to read back a copy that another one made. */
export interface FreshReadback {
  /** `expected` is the settled source. */
  readonly order: CopyOrder;
  readonly hash: ContentHash;
  readonly sizeBytes: number;
}

/**
 * Verifies that the destination has the settled bytes, and that the source still is the settled one.
 *
 * @returns false where the source moved, after `source_moved` was reported: it is to be followed again.
 * @throws MISMATCH, LOST, or what a call failed with.
 */
export async function readBack(task: CopyTask, copied: Copied): Promise<boolean> {
  task.progress.enter('reading_back');
  const method = task.route.verify === 'size' ? 'size' : 'direct';
  const readback = await verifyOrRefused(task, method, copied);
  if (!(await isUnmoved(task, copied))) return false;
  copied.isReadBackElsewhere = readback === null;
  if (readback === null) await task.report({ kind: 'direct_refused' });
  else await task.report({ kind: 'verified', readback, sourceGone: copied.source.isGone });
  return true;
}

/** @returns false where the source is not the settled one any more, after `source_moved` was reported. */
export async function isUnmoved(task: CopyTask, { source, settled }: Copied): Promise<boolean> {
  const now = await statSource(task, source);
  if (sameFingerprint(now, settled.fingerprint) && (await isAsRead(task, source, settled))) return true;
  await task.report({ kind: 'source_moved', sizeBytes: source.sizeBytes });
  return false;
}

/** @returns how it was verified; null where the read past the page cache is refused */
async function verifyOrRefused(task: CopyTask, method: 'size' | 'direct', { source, settled }: Copied): Promise<ReadbackMethod | null> {
  const { sizeBytes } = settled.fingerprint;
  const onRead = (done: number): void => task.progress.report(done);
  try {
    return await verify(task, task.order, method, { hash: settled.hash, sizeBytes, buffers: source.buffers, onRead });
  } catch (error) {
    if (method === 'direct' && isDirectRefused(error)) return null;
    throw error;
  }
}

/**
 * The same by a process that never saw the copy, through the page cache.
 *
 * Reports `verified`, or `source_moved`: then the carrier that made the copy has to follow the source again.
 *
 * @param onRead called after every chunk, 0 to 1.
 */
export async function readBackFresh(dependencies: LaneDependencies, asked: FreshReadback, onRead: (done: number) => void): Promise<void> {
  const buffers = dependencies.buffers.acquire(asked.sizeBytes);
  const readback = await verify(dependencies, asked.order, 'cached', { hash: asked.hash, sizeBytes: asked.sizeBytes, buffers, onRead });
  dependencies.buffers.giveBack(buffers);
  const facts = await statNameOrNull(dependencies.source, asked.order.source);
  if (facts === null || sameFingerprint(fingerprintOf(facts), asked.order.expected)) {
    await dependencies.report({ kind: 'verified', readback, sourceGone: facts === null });
  } else {
    await dependencies.report({ kind: 'source_moved', sizeBytes: facts.sizeBytes });
  }
}

interface Claim {
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  readonly buffers: BufferPair;
  readonly onRead: (done: number) => void;
}

/** @returns what the read has proven, which may be less than what was asked for */
async function verify(dependencies: LaneDependencies, order: CopyOrder, method: ReadbackMethod, claim: Claim): Promise<ReadbackMethod> {
  const name = targetName(order);
  const file = await openOwn(dependencies, order.mount, name, method === 'direct' ? 'read_direct' : 'read');
  return await readOnly(file, async () => {
    const { sizeBytes } = file.atOpen;
    if (sizeBytes !== claim.sizeBytes) throw mismatch(name, `${sizeBytes} bytes`, `${claim.sizeBytes} bytes`);
    if (method === 'size') return method;
    const hash = await hashOfFile(dependencies, file, { side: 'destination', name, ...claim });
    if (hash?.value === claim.hash.value) return provenBy(file, order.mount);
    throw mismatch(name, `xxh64 ${hash?.value ?? 'of more bytes'}`, `xxh64 ${claim.hash.value}`);
  });
}

/** Past the page cache there may be another cache of this machine. Without a guard, the file may lie on another mount than the probed one. */
function provenBy(file: OpenFile, mount: DestinationMount): 'direct' | 'cached' {
  const isKnown = mount.mountId === null || file.mountId === mount.mountId;
  return file.isDirect && mount.cache === undefined && isKnown ? 'direct' : 'cached';
}

export function mismatch(name: string, found: string, expected: string): Error {
  return finding('destination', 'MISMATCH', `read back ${name}`, `${found} at the destination, ${expected} at the source`);
}

/** What a file that was opened by its name holds. */
interface Hashed {
  readonly hash: ContentHash;
  readonly readback: ReadbackMethod;
  readonly facts: FileFacts;
}

/**
 * The hash of what stands under a name at the destination, past the cache where that is possible.
 *
 * @returns null where it is no regular file of this size.
 */
export async function hashOfName(
  dependencies: LaneDependencies,
  mount: DestinationMount,
  reading: Omit<Reading, 'side'>,
): Promise<Hashed | null> {
  for (const how of ['read_direct', 'read'] as const) {
    try {
      return await hashOpened(dependencies, mount, await dependencies.destination.open(reading.name, how), reading);
    } catch (error) {
      if (notARegularFile.has(errnoOf(error))) return null;
      if (how === 'read' || !isDirectRefused(error)) throw error;
    }
  }
  return null;
}

const notARegularFile = new Set(['ENOENT', 'ELOOP', 'EFTYPE', 'EISDIR']);

async function hashOpened(
  dependencies: LaneDependencies,
  mount: DestinationMount,
  file: OpenFile,
  reading: Omit<Reading, 'side'>,
): Promise<Hashed | null> {
  return await readOnly(file, async () => {
    if (!isOnMount(file, mount, dependencies.route)) throw diverted(`open ${reading.name}`);
    const facts = file.atOpen;
    if (facts.sizeBytes !== reading.sizeBytes) return null;
    const hash = await hashOfFile(dependencies, file, { ...reading, side: 'destination' });
    return hash === null ? null : { hash, readback: provenBy(file, mount), facts };
  });
}
