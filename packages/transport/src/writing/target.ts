import process from 'node:process';
import type { CopyNote, PublishOrder } from '@sluice/core/model';
import { type Awaitable, closeQuietly, errnoOf, orElse } from '@sluice/platform';
import { mismatch } from '../reading/source-and-readback.ts';
import { type FileFacts, finding, isDirectRefused, isSameFile, type OpenFile } from '../storage/storage.ts';
import { createChunkHashes } from '../streams/read-chunks.ts';
import { createSink, type Sink } from '../streams/sink.ts';
import {
  assertRootOnMount,
  type Copied,
  type CopyTask,
  type Dressed,
  diverted,
  enter,
  identityOf,
  isOnMount,
  type LaneDependencies,
  lost,
  type Opened,
  openOwn,
  type Settled,
  targetName,
  type Writing,
} from '../task/task.ts';
import { orStopped } from '../waiting.ts';
import { removeEarlierPart, removePart } from './part-files.ts';

/**
 * Creates the file that the copy is written to, exclusively. Reports `creating` before that.
 *
 * @returns null if the copy is written under its final name, and that name is taken
 * @throws DIVERTED if the file was created on another mount than the one that was probed; it has been removed
 */
export async function createTarget(task: CopyTask, { source }: Opened): Promise<Writing | null> {
  const { order } = task;
  await assertRootOnMount(task, order.mount);
  for (const part of order.removeFirst) await removeEarlierPart(task, part, order.mount);
  // The removals may have taken long. Another disk may be mounted now.
  if (order.removeFirst.length > 0) await assertRootOnMount(task, order.mount);
  await makeParents(task, targetName(order));
  await task.report({ kind: 'creating' });
  enter(task, { kind: 'creating', source });
  const file = await createOwn(task, source.facts.mode).catch((error: unknown) => {
    if (createRefusals.has(errnoOf(error))) enter(task, { kind: 'opened', source, isCreateRefused: true });
    throw error;
  });
  if (file === null) return null;
  if (!isOnMount(file, order.mount, task.route)) await undoDiverted(task, file);
  const hashes = createChunkHashes(task.limits.chunkBytes);
  const sink = sinkOf(task, file, 0);
  const writing: Writing = { kind: 'writing', source, file, sink, hashes, quietForMs: task.route.growing.quietForMs, dressed: null };
  enter(task, writing);
  await task.report({ kind: 'created', identity: identityOf(file.atOpen) });
  return writing;
}

/** Errors of an exclusive create that prove that nothing was created. After any other error there may be a file. Source: open(2). */
const createRefusals: ReadonlySet<string> = new Set([
  ...['EROFS', 'ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'ENAMETOOLONG', 'EFBIG', 'ENOTDIR', 'ELOOP', 'EMFILE', 'ENFILE'],
  ...['EAGAIN', 'EBUSY'],
]);

/** Write permission of the group and of others. */
const othersWrite = 0o022;

async function createOwn(task: CopyTask, sourceMode: number): Promise<OpenFile | null> {
  const { order, destination } = task;
  const name = targetName(order);
  // Sluice itself must be able to write, and nobody else may until the copy is published. Publishing sets the exact mode.
  const how = { create: (fileMode(task, order, sourceMode) & ~othersWrite) | 0o600 };
  try {
    return await destination.open(name, how);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  if (order.part === null) return null;
  // The name contains our own id, so an earlier attempt of this copy, or a late call of one, created the file.
  await removePart(task, name, order.mount);
  return await destination.open(name, how);
}

async function undoDiverted(task: CopyTask, file: OpenFile): Promise<never> {
  const name = targetName(task.order);
  await file.close();
  await task.destination.unlink(name);
  throw diverted(`create ${name}`);
}

function sinkOf(task: CopyTask, file: OpenFile, startBytes: number): Sink {
  const { budget, rate, clock, limits, calls, order } = task;
  return createSink({
    file,
    name: targetName(order),
    startBytes,
    expectedBytes: order.growing ? Number.POSITIVE_INFINITY : order.expected.sizeBytes,
    budget,
    rate,
    clock,
    limits,
    get signal() {
      return calls.signal;
    },
    onSynced: () => task.progress.report(),
  });
}

/** Opens the written file for its readback, past the page cache if the destination allows that. */
async function openPin(task: CopyTask, name: string): Promise<{ readonly pin: OpenFile; readonly isDirectRefused: boolean }> {
  const { mount } = task.order;
  if (task.route.verify === 'size') return { pin: await openOwn(task, mount, name, 'read'), isDirectRefused: false };
  try {
    return { pin: await openOwn(task, mount, name, 'read_direct'), isDirectRefused: false };
  } catch (error) {
    if (!isDirectRefused(error)) throw error;
    return { pin: await openOwn(task, mount, name, 'read'), isDirectRefused: true };
  }
}

/**
 * Syncs and closes the written file, and keeps it open for reading as the pin.
 *
 * @throws LOST if the name names another file; SHORT if the size differs; the failure of a sync or a close
 */
export async function closeTarget(task: CopyTask, writing: Writing, settled: Settled): Promise<Copied> {
  const { file, sink, source, hashes, quietForMs, dressed } = writing;
  const { sizeBytes } = settled.fingerprint;
  const name = targetName(task.order);
  await sink.flush('all');
  const { pin, isDirectRefused } = await openPin(task, name);
  enter(task, { ...writing, kind: 'closing', pin });
  if (!isSameFile(pin.atOpen, file.atOpen)) throw lost(name);
  const there = pin.atOpen.sizeBytes;
  if (there !== sizeBytes) throw finding('destination', 'SHORT', `stat ${name}`, `${there} bytes are there, ${sizeBytes} were written`);
  sink.end();
  const copied: Copied = { kind: 'copied', source, pin, hashes, quietForMs, dressed, settled, isDirectRefused, isReadBackElsewhere: false };
  enter(task, copied);
  await file.close();
  return copied;
}

/** Opens the closed file for writing, because the source changed after all. @throws LOST if the name names another file */
export async function reopenTarget(task: CopyTask, copied: Copied): Promise<Writing> {
  const { source, pin, hashes, quietForMs } = copied;
  const name = targetName(task.order);
  const file = await openOwn(task, task.order.mount, name, 'write');
  const writing: Writing = {
    kind: 'writing',
    source,
    file,
    sink: sinkOf(task, file, hashes.copiedBytes),
    hashes,
    quietForMs,
    dressed: null,
  };
  enter(task, { ...writing, kind: 'closing', pin });
  if (!isSameFile(file.atOpen, pin.atOpen)) throw lost(name);
  enter(task, writing);
  await pin.close();
  return writing;
}

/** Returns the folder of a path, or an empty text if it has none. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/**
 * Creates the missing folders above a name, but never the root itself. When it returns, all of them are durable, including those that
 * another copy was creating or that were created before a crash.
 */
export async function makeParents(task: CopyTask, name: string): Promise<void> {
  const { destination, durableFolders, limits } = task;
  const folders = foldersAbove(name);
  const deepest = folders.at(-1);
  if (deepest === undefined) return;
  const isThere = (await destination.stat(deepest)) !== null;
  if (isThere && durableFolders.has(deepest)) return;
  for (const folder of folders) {
    await untilMade(task, folder);
    const isMissing = !isThere && (await destination.stat(folder)) === null;
    if (isMissing) await makeOnce(task, folder);
    else if (durableFolders.has(folder)) continue;
    try {
      await destination.syncFolder(folderOf(folder));
    } catch (error) {
      // A folder that Sluice did not create may be in one that it may enter but not open.
      if (isMissing || errnoOf(error) !== 'EACCES') throw error;
    }
    if (durableFolders.size >= limits.durableFolders) durableFolders.clear();
    durableFolders.add(folder);
  }
}

/** Returns the folders above a name, the outermost first: `a/b/c.mxf` gives `a`, `a/b`. */
export function foldersAbove(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

async function untilMade({ foldersInMaking, calls }: CopyTask, folder: string): Promise<void> {
  const making = foldersInMaking.get(folder);
  if (making !== undefined) await orStopped(making, calls.signal);
}

/** Creates a folder that several lanes may need. One lane creates it; if that fails, the next lane tries. */
async function makeOnce(task: CopyTask, folder: string): Promise<void> {
  const { foldersInMaking } = task;
  while (foldersInMaking.has(folder)) {
    await untilMade(task, folder);
    if ((await task.destination.stat(folder)) !== null) return;
  }
  const made = Promise.withResolvers<void>();
  foldersInMaking.set(folder, made.promise);
  try {
    await makeOne(task, folder);
  } finally {
    foldersInMaking.delete(folder);
    made.resolve();
  }
}

async function makeOne(task: CopyTask, folder: string): Promise<void> {
  task.durableFolders.delete(folder);
  const mode = await folderMode(task, folder);
  try {
    await task.destination.makeFolder(folder, mode, task.route.guard === 'none' ? null : task.order.mount.mountId);
    await setFolderMode(task, folder, mode);
  } catch (error) {
    // Another program may have created it. If that is not true, the create that follows fails.
    if (errnoOf(error) === 'DIVERTED') throw diverted(`make folder ${folder}`);
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

/** The setgid bit: new entries get the folder's group. A new folder may inherit it, and setting a mode must keep it. */
const setGroupBit = 0o2000;

/** The permissions of the group and others for a folder: list, write and enter. */
const entryBits = 0o077;

/**
 * Gives a new folder exactly the requested mode, from which the umask may have removed bits. If the mode is configured and refused, a
 * later publication gets a note.
 */
async function setFolderMode(task: CopyTask, folder: string, mode: number): Promise<void> {
  // On Windows folders cannot be opened and have no modes.
  if (process.platform === 'win32') return;
  const opened = await task.destination.open(folder, 'folder');
  try {
    if (!isOnMount(opened, task.order.mount, task.route)) throw diverted(`make folder ${folder}`);
    const made = opened.atOpen.mode;
    const asked = mode | (made & setGroupBit);
    if (made === asked) return;
    // A user who may write to the folder above can rename a private folder of the agent's user to this name before it is opened here.
    // Its mode must not be widened. The new folder is empty, because no lane uses it before its mode is set.
    if ((asked & ~made & entryBits) !== 0 && !(await opened.isEmpty())) return;
    const refusal = await refusalOf(() => opened.setMode(asked));
    const isSet = refusal === null && (await opened.facts()).mode === asked;
    if (!isSet && task.route.destinationMode !== null) task.folderModes.refusal ??= refusal ?? 'IGNORED';
  } finally {
    void closeQuietly(opened);
  }
}

/**
 * Returns the mode for a new folder: the configured one, else that of the source's folder without the setgid bit, which would pass on a
 * group of the source. If the source's folder cannot be read, the mode is what the umask allows.
 */
async function folderMode(task: CopyTask, folder: string): Promise<number> {
  const configured = task.route.destinationMode?.folder;
  if (configured !== undefined) return configured;
  const facts = await orElse(
    (): Awaitable<FileFacts | null> => task.source.stat(folder),
    () => null,
  );
  // Sluice itself must be able to create files in it.
  return facts?.kind === 'folder' ? (facts.mode & 0o777) | 0o700 : 0o777 & ~process.umask();
}

/** The state of this process between the steps of one publication. Empty in a process that did not make the copy. */
export interface PublishMemory {
  /** This process has verified the copy. */
  isVerified: boolean;
  /** The copy, kept open so that its inode stays the same; null: not open. */
  pin: OpenFile | null;
  /** The claim, kept open for the same reason; null: not open. */
  claim: OpenFile | null;
  /** Permission bits of the source that was copied; null: this process does not know them. */
  sourceMode: number | null;
  /** The times and mode that were set while the copy was written; null: none. */
  dressed: Dressed | null;
  readonly notes: CopyNote[];
}

/** Returns the state of a publication before its first step. */
export function emptyMemory(): PublishMemory {
  return { isVerified: false, pin: null, claim: null, sourceMode: null, dressed: null, notes: [] };
}

/**
 * Sets times and mode before the sync of the bytes, so that one sync makes everything durable. If one is refused here, or changed by a
 * later write or the close, publishing sets it.
 */
export async function dressEarly(task: CopyTask, writing: Writing): Promise<void> {
  const { file, source } = writing;
  const { mtimeNs } = task.order.expected;
  const mode = fileMode(task, task.order, source.facts.mode);
  // Sluice may have to open the file again to read and write, and nobody else may write to it until it is published.
  if ((mode & 0o622) !== 0o600) return;
  const refusal = (await refusalOf(() => file.setTimes(mtimeNs))) ?? (await refusalOf(() => file.setMode(mode)));
  if (refusal === null) writing.dressed = { mtimeNs, mode, setMtimeNs: (await file.facts()).mtimeNs };
}

/** Returns whether this name names the written file, and the file has kept the times and the mode that `dressEarly` set. */
async function isDressed(dependencies: LaneDependencies, order: PublishOrder, name: string, memory: PublishMemory): Promise<boolean> {
  const { dressed, pin } = memory;
  if (dressed === null || pin === null || dressed.mtimeNs !== order.mtimeNs) return false;
  const facts = await dependencies.destination.stat(name);
  if (facts === null || !isSameFile(facts, pin.atOpen) || facts.sizeBytes !== order.sizeBytes) return false;
  const isMode = (facts.mode & 0o777) === dressed.mode && dressed.mode === fileMode(dependencies, order, memory.sourceMode);
  return isMode && facts.mtimeNs === dressed.setMtimeNs;
}

/** Sets times and mode and syncs the file. A refusal becomes a note: CIFS refuses both after data was written. @throws LOST, MISMATCH */
export async function dress(dependencies: LaneDependencies, order: PublishOrder, name: string, memory: PublishMemory): Promise<void> {
  if (await isDressed(dependencies, order, name, memory)) return;
  const file = await openToDress(dependencies, order, name);
  try {
    const facts = await file.facts();
    await assertPinned(facts, memory, name);
    if (facts.sizeBytes !== order.sizeBytes) throw mismatch(name, `${facts.sizeBytes} bytes`, `${order.sizeBytes} bytes`);
    await noteRefusal(memory, 'times_not_set', () => file.setTimes(order.mtimeNs));
    await noteRefusal(memory, 'mode_not_set', () => file.setMode(fileMode(dependencies, order, memory.sourceMode)));
    await file.sync('all');
  } catch (error) {
    void closeQuietly(file);
    throw error;
  }
  await file.close();
}

/** Opens a file to set its times and mode. Windows needs a handle for writing, but a mode that was set earlier may refuse one. */
async function openToDress(dependencies: LaneDependencies, order: PublishOrder, name: string): Promise<OpenFile> {
  try {
    return await openOwn(dependencies, order.mount, name, 'write');
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EPERM') throw error;
    return await openOwn(dependencies, order.mount, name, 'read');
  }
}

async function noteRefusal(memory: PublishMemory, kind: 'times_not_set' | 'mode_not_set', call: () => Awaitable<void>): Promise<void> {
  const code = await refusalOf(call);
  if (code !== null && !memory.notes.some((note) => note.kind === kind && note.code === code)) memory.notes.push({ kind, code });
}

/** Checks that a file is the pinned one, because another user may be able to rename files in its folder. @throws LOST */
export async function assertPinned(facts: FileFacts, memory: PublishMemory, name: string): Promise<void> {
  if (memory.pin !== null && !isSameFile(facts, memory.pin.atOpen)) throw lost(name);
}

/** Returns the mode for a copy: the configured one, else the bits that both the order and the source that was read have. */
export function fileMode(dependencies: LaneDependencies, order: { readonly mode: number }, sourceMode: number | null): number {
  return (dependencies.route.destinationMode?.file ?? order.mode & (sourceMode ?? 0o777)) & 0o777;
}

/** Errors of a destination that refuses to set a mode or times. */
const refusals: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EROFS']);

/** Sets a mode or times. @returns the errno of a refusal, or null */
export async function refusalOf(call: () => Awaitable<void>): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (refusals.has(errnoOf(error))) return errnoOf(error);
    throw error;
  }
}
