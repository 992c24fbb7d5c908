import {
  type ContentHash,
  type CopyNote,
  type CopyOrder,
  type DestinationMount,
  type Fingerprint,
  isOtherFile,
  type ReadbackMethod,
  sameFingerprint,
} from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { type FileFacts, finding, isDirectRefused, isOfSide, isSameFile, type OpenFile } from '../storage/storage.ts';
import { endSeen, hashOfFile, type ReadBuffers, type Reading, readChunks, readOnly, type WholeHash } from '../streams/read-chunks.ts';
import {
  type Copied,
  type CopyTask,
  diverted,
  enter,
  fingerprintOf,
  isOnMount,
  type LaneDependencies,
  lost,
  type Opened,
  type OpenSource,
  openOwn,
  type Settled,
  targetName,
} from '../task/task.ts';

/** Opens the source of a copy. It stays open to the end, so that a removed source can still be copied. */
export async function openSource(task: CopyTask): Promise<Opened> {
  const checked = task.stage.kind === 'begun' ? task.stage.checked : null;
  const file = checked ?? (await task.source.open(task.order.source, 'read'));
  enter(task, { kind: 'opening', file });
  const facts = file.atOpen;
  assertOrdered(task, facts);
  const { sizeBytes, changeNs } = facts;
  const buffers = task.buffers.acquire(task.order.growing ? null : sizeBytes);
  const source = { file, facts, buffers, isGone: false, sizeBytes, changeNs, readSinceNs: changeNs, shared: null, doubt: null };
  return enter(task, { kind: 'opened', source });
}

/**
 * Returns the current fingerprint of the source: by its path, or from the open descriptor after the source was removed.
 *
 * @throws CHANGED if its path names another file
 */
export async function statSource(task: CopyTask, source: OpenSource): Promise<Fingerprint> {
  const facts = (await factsByPath(task, source)) ?? (await source.file.facts());
  source.sizeBytes = facts.sizeBytes;
  source.changeNs = facts.changeNs;
  return fingerprintOf(facts);
}

async function factsByPath(task: CopyTask, source: OpenSource): Promise<FileFacts | null> {
  const facts = await task.source.stat(task.order.source);
  // Some recorders remove a file and bring it back, so only the last stat counts.
  source.isGone = facts === null;
  if (facts !== null && (facts.kind !== 'file' || !isSameFile(facts, source.facts))) throw replaced(task);
  return facts;
}

/**
 * Runs `work` with a new descriptor of the source, past the page cache if possible. If the source was removed, uses the old one.
 *
 * @param work is run again, through the cache, if the first uncached read is refused
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
    if (!isSameFile(file.atOpen, source.facts)) throw replaced(task);
    return await work(file);
  });
}

/**
 * Returns whether the source ends at the expected size and has not changed. The cache of a network filesystem may show an old size to
 * both a read and a stat. So this reads past the cache, or waits until the cached metadata has expired. On a local disk a stat is enough.
 *
 * @returns false if the source changed
 * @throws SHORT if it ends before the size that every stat reports
 */
export async function hasExpectedEnd(task: CopyTask, source: OpenSource, expected: Fingerprint): Promise<boolean> {
  if (task.source.isOwnDisk()) return sameFingerprint(await statSource(task, source), expected);
  const wasDirect = await withFreshSource(task, source, async (file) => {
    const end = await endSeen(file, source.buffers[0], expected.sizeBytes);
    if (end > expected.sizeBytes) return null;
    if (end < expected.sizeBytes && sameFingerprint(await statSource(task, source), expected)) throw shortSource(task, source, end);
    return end < expected.sizeBytes ? null : file.isDirect;
  });
  if (wasDirect === null) return false;
  const cacheMs =
    wasDirect || source.isGone || task.source.isOwnDisk()
      ? 0
      : await task.calls.run('source', 'look for the mount', () => task.sourceCacheMs());
  if (cacheMs > 0) await task.clock.wait(cacheMs, task.calls.signal);
  return sameFingerprint(await statSource(task, source), expected);
}

/** Returns the error for a read that ended before the size that a stat confirmed. */
export function shortSource(task: CopyTask, source: OpenSource, endBytes: number): Error {
  const message = `the source ended after ${endBytes} bytes, its size is ${source.sizeBytes}`;
  return finding('source', 'SHORT', `read ${task.order.source}`, message);
}

/** Checks that the opened file is the one that was ordered. @throws CHANGED if it is another file */
function assertOrdered(task: CopyTask, facts: FileFacts): void {
  if (isOtherFile(task.order.sourceIdentity, facts)) throw replaced(task);
}

function replaced(task: CopyTask): Error {
  return finding('source', 'CHANGED', `look at ${task.order.source}`, 'another file has this path now');
}

/**
 * Returns whether the source still has the bytes that were read. A writer can restore the size and mtime, but not the change time. A
 * chmod or a link changes that too, so if it changed, the source is read again and only the bytes decide. Call it after a stat that found
 * size and mtime unchanged. It costs nothing if the change time is unchanged too.
 *
 * If the change time keeps changing, this ends after `changeReadings` readings. Two consecutive readings of the same bytes show that the
 * source had them at one moment, and the copy gets a note.
 *
 * @returns false if the bytes differ, or the source changed meanwhile
 * @throws SHORT or the failure of a call
 */
export async function isAsRead(task: CopyTask, source: OpenSource, settled: Settled): Promise<boolean> {
  if (source.changeNs === source.readSinceNs) return true;
  const release = await task.settleMutex.acquire(task.calls.signal);
  try {
    task.progress.enter('settling');
    return await readUntilAtRest(task, source, settled);
  } catch (error) {
    // A removed source cannot always be read again, and this copy may be the last one.
    if (!source.isGone || !isOfSide(error, 'source')) throw error;
    return accept(source, { kind: 'source_removed' });
  } finally {
    release();
  }
}

async function readUntilAtRest(task: CopyTask, source: OpenSource, settled: Settled): Promise<boolean> {
  const { limits } = task;
  for (let readings = 0; readings < limits.changeReadings; readings += 1) {
    if (!(await waitForRest(task, source, settled))) return false;
    const sinceNs = source.changeNs;
    if (!(await hasSameBytes(task, source, settled)) || !(await hasExpectedEnd(task, source, settled.fingerprint))) return false;
    source.readSinceNs = sinceNs;
    if (source.changeNs === sinceNs) return true;
  }
  return accept(source, { kind: 'change_time_moved', readings: limits.changeReadings });
}

function accept(source: OpenSource, doubt: CopyNote): true {
  Object.assign(source, { readSinceNs: source.changeNs, doubt });
  return true;
}

/** Waits until the change time rests, because a program often changes it several times. @returns false if the source changed */
async function waitForRest(task: CopyTask, source: OpenSource, { fingerprint }: Settled): Promise<boolean> {
  const { limits } = task;
  for (let rests = 0; rests < limits.changeRests; rests += 1) {
    const before = source.changeNs;
    await task.clock.wait(limits.changeRestMs, task.calls.signal);
    if (!sameFingerprint(await statSource(task, source), fingerprint)) return false;
    if (source.changeNs === before) break;
  }
  return true;
}

async function hasSameBytes(task: CopyTask, source: OpenSource, { fingerprint, hash }: Settled): Promise<boolean> {
  const { end, whole } = await withFreshSource(task, source, (file) => readWhole(task, file, source.buffers, fingerprint.sizeBytes));
  if (end === fingerprint.sizeBytes) return whole.result().value === hash.value;
  if (sameFingerprint(await statSource(task, source), fingerprint)) throw shortSource(task, source, end);
  return false;
}

async function readWhole(
  task: CopyTask,
  file: OpenFile,
  buffers: ReadBuffers,
  sizeBytes: number,
): Promise<{ readonly end: number; readonly whole: WholeHash }> {
  const whole = task.hashing.whole();
  const span = { file, chunkBytes: task.limits.chunkBytes, fromByte: 0, toByte: sizeBytes, buffers };
  const end = await readChunks(span, (bytes, atByte) => {
    whole.update(bytes);
    task.progress.report((atByte + bytes.length) / sizeBytes);
  });
  return { end, whole };
}

/** A read-back of a copy that another process made. */
export interface FreshReadback {
  /** The order of the copy, with the fingerprint of the settled source as `expected`. */
  readonly order: CopyOrder;
  readonly hash: ContentHash;
  readonly sizeBytes: number;
}

/**
 * Verifies that the destination has the settled bytes, and that the source has not changed since it was settled.
 *
 * @returns false if the source changed; `source_moved` was reported, and the source has to be followed again
 * @throws MISMATCH, LOST, or the failure of a call
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

/** Checks that the source has not changed since it was settled. @returns false if it has, after reporting `source_moved` */
export async function isUnmoved(task: CopyTask, { source, settled }: Copied): Promise<boolean> {
  const now = await statSource(task, source);
  if (sameFingerprint(now, settled.fingerprint) && (await isAsRead(task, source, settled))) return true;
  await task.report({ kind: 'source_moved', sizeBytes: source.sizeBytes });
  return false;
}

/** Verifies a copy. @returns how it was verified; null if reads past the page cache are refused */
async function verifyOrRefused(task: CopyTask, method: 'size' | 'direct', copied: Copied): Promise<ReadbackMethod | null> {
  const { source, settled, pin } = copied;
  const { sizeBytes } = settled.fingerprint;
  if (method === 'direct' && copied.isDirectRefused) return null;
  const name = targetName(task.order);
  const found = await task.destination.stat(name);
  if (found === null || !isSameFile(found, pin.atOpen)) throw lost(name);
  if (found.sizeBytes !== sizeBytes) throw mismatch(name, `${found.sizeBytes} bytes`, `${sizeBytes} bytes`);
  if (method === 'size') return method;
  const onRead = (done: number): void => task.progress.report(done);
  try {
    return await verifyBytes(task, pin, task.order, { hash: settled.hash, sizeBytes, buffers: source.buffers, onRead });
  } catch (error) {
    if (isDirectRefused(error)) return null;
    throw error;
  }
}

/**
 * Verifies a copy through the page cache, in a process that did not make it.
 *
 * Reports `verified`, or `source_moved` if the carrier that made the copy has to follow the source again.
 *
 * @param onRead called after every chunk with the part that was read, 0 to 1
 */
export async function readBackFresh(dependencies: LaneDependencies, asked: FreshReadback, onRead: (done: number) => void): Promise<void> {
  const buffers = dependencies.buffers.acquire(asked.sizeBytes);
  const readback = await verifyCached(dependencies, asked.order, { hash: asked.hash, sizeBytes: asked.sizeBytes, buffers, onRead });
  dependencies.buffers.giveBack(buffers);
  const facts = await dependencies.source.stat(asked.order.source);
  if (facts === null || sameFingerprint(fingerprintOf(facts), asked.order.expected)) {
    await dependencies.report({ kind: 'verified', readback, sourceGone: facts === null });
  } else {
    await dependencies.report({ kind: 'source_moved', sizeBytes: facts.sizeBytes });
  }
}

interface Claim {
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  readonly buffers: ReadBuffers;
  readonly onRead: (done: number) => void;
}

async function verifyCached(dependencies: LaneDependencies, order: CopyOrder, claim: Claim): Promise<ReadbackMethod> {
  const name = targetName(order);
  const file = await openOwn(dependencies, order.mount, name, 'read');
  return await readOnly(file, async () => {
    const { sizeBytes } = file.atOpen;
    if (sizeBytes !== claim.sizeBytes) throw mismatch(name, `${sizeBytes} bytes`, `${claim.sizeBytes} bytes`);
    return await verifyBytes(dependencies, file, order, claim);
  });
}

/** Verifies the bytes of an open file. @returns the method that was really used, which may prove less than the requested one */
async function verifyBytes(dependencies: LaneDependencies, file: OpenFile, order: CopyOrder, claim: Claim): Promise<ReadbackMethod> {
  const name = targetName(order);
  const hash = await hashOfFile(dependencies, file, { side: 'destination', name, ...claim });
  if (hash?.value === claim.hash.value) return provenBy(file, order.mount);
  throw mismatch(name, `xxh64 ${hash?.value ?? 'of more bytes'}`, `xxh64 ${claim.hash.value}`);
}

/** Returns what a read proves. Past the page cache, it may still come from another cache of this machine, or from another mount. */
export function provenBy(file: OpenFile, mount: DestinationMount): 'direct' | 'cached' {
  const isKnown = mount.mountId === null || file.mountId === mount.mountId;
  return file.isDirect && mount.cache === undefined && isKnown ? 'direct' : 'cached';
}

/** Returns the error for a copy that differs from its source. */
export function mismatch(name: string, found: string, expected: string): Error {
  return finding('destination', 'MISMATCH', `read back ${name}`, `${found} at the destination, ${expected} at the source`);
}

/** The content of a file that was opened by its name. */
interface Hashed {
  readonly hash: ContentHash;
  readonly readback: ReadbackMethod;
  readonly facts: FileFacts;
}

/**
 * Hashes the file with this name at the destination, past the page cache if possible.
 *
 * @returns null if there is no regular file of this size, or Sluice may not read it
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
      if (notARegularFile.has(errnoOf(error)) || (await isOfOthers(dependencies, reading.name, error))) return null;
      if (how === 'read' || !isDirectRefused(error)) throw error;
    }
  }
  return null;
}

const notARegularFile = new Set(['ENOENT', 'ELOOP', 'EFTYPE', 'EISDIR']);

/** Returns whether an open failed only because Sluice may not read an existing file. It cannot be compared, so its name is taken. */
async function isOfOthers({ destination }: LaneDependencies, name: string, error: unknown): Promise<boolean> {
  return errnoOf(error) === 'EACCES' && (await destination.stat(name))?.kind === 'file';
}

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
