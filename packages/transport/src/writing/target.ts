import process from 'node:process';
import type { CopyNote, PublishOrder } from '@sluice/core/model';
import { type Awaitable, closeQuietly, errnoOf, orElse } from '@sluice/platform';
import { mismatch } from '../reading/source.ts';
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
import { removeEarlierPart, removePart } from './leftovers.ts';

/**
 * Makes the file that will be written to, exclusively, and announces it before it is made.
 *
 * @returns null where the visible name is taken.
 * @throws DIVERTED where it came to lie on another mount than the one that was probed; it is removed again.
 */
export async function createTarget(task: CopyTask, { source }: Opened): Promise<Writing | null> {
  const { order } = task;
  await assertRootOnMount(task, order.mount);
  for (const part of order.removeFirst) await removeEarlierPart(task, part, order.mount);
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

/** Answers of an exclusive create by which nothing was created. Any other one may come late, after the file was made. Source: open(2). */
const createRefusals: ReadonlySet<string> = new Set([
  ...['EROFS', 'ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'ENAMETOOLONG', 'EFBIG', 'ENOTDIR', 'ELOOP', 'EMFILE', 'ENFILE'],
  ...['EAGAIN', 'EBUSY'],
]);

/** Write permission of the group and of others. */
const othersWrite = 0o022;

async function createOwn(task: CopyTask, sourceMode: number): Promise<OpenFile | null> {
  const { order, destination } = task;
  const name = targetName(order);
  // Our own bits are needed to write on, whatever the mode says, and nobody else may write until it is verified and named;
  // publishing sets it exactly.
  const how = { create: (fileMode(task, order, sourceMode) & ~othersWrite) | 0o600 };
  try {
    return await destination.open(name, how);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  if (order.part === null) return null;
  // It has our own id in its name: a dead attempt, or a late call of one, left it.
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
  const { budget, rate, clock, limits, calls } = task;
  const onSynced = (): void => task.progress.report();
  return createSink({ file, name: targetName(task.order), startBytes, budget, rate, clock, limits, signal: calls.signal, onSynced });
}

/** What is read back later, in this process or in another one. */
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

/** Everything written is durable and the file is closed, both without an error; the name still names it. */
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

/** Opens what was closed, to write on: the source moved after all. @throws LOST where the name names something else. */
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

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/**
 * Makes the folders above a name that are missing, never the root itself. On return all of them are durable, also those that
 * another copy is just making, or that were made before a crash.
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
      // A folder that others made may lie in one that can be entered and not read.
      if (isMissing || errnoOf(error) !== 'EACCES') throw error;
    }
    if (durableFolders.size >= limits.durableFolders) durableFolders.clear();
    durableFolders.add(folder);
  }
}

/** `a/b/c.mxf` → `a`, `a/b`. */
export function foldersAbove(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

async function untilMade({ foldersInMaking, calls }: CopyTask, folder: string): Promise<void> {
  const making = foldersInMaking.get(folder);
  if (making !== undefined) await orStopped(making, calls.signal);
}

/** One lane makes it; where that fails, the next one that wants it tries. */
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
    // Somebody else may have made it; a server that says so falsely is found out by the create that follows.
    if (errnoOf(error) === 'DIVERTED') throw diverted(`make folder ${folder}`);
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

/** A folder whose group is that of the folder above it passes that on; a mode that is set keeps it. */
const setGroupBit = 0o2000;

/** They let the group and others list a folder and reach what is in it, and change its names. */
const entryBits = 0o077;

/**
 * Gives a folder that was just made exactly the mode that was asked for: the system's umask takes bits away from a new folder, and
 * never sets the group bit. A refusal is noted where the configuration asks for the mode.
 */
async function setFolderMode(task: CopyTask, folder: string, mode: number): Promise<void> {
  // Windows opens no folder, and has no modes.
  if (process.platform === 'win32') return;
  const opened = await task.destination.open(folder, 'folder');
  try {
    if (!isOnMount(opened, task.order.mount, task.route)) throw diverted(`make folder ${folder}`);
    const made = opened.atOpen.mode;
    const asked = mode | (made & setGroupBit);
    if (made === asked) return;
    // Who may write in the folder above can give this name to another folder before it is opened: to a private one of this user, which
    // must not be opened to everybody. The new one is empty, as no lane puts anything into it before it has its mode.
    if ((asked & ~made & entryBits) !== 0 && !(await opened.isEmpty())) return;
    const refusal = await refusalOf(() => opened.setMode(asked));
    const isSet = refusal === null && (await opened.facts()).mode === asked;
    if (!isSet && task.route.destinationMode !== null) task.folderModes.refusal ??= refusal ?? 'IGNORED';
  } finally {
    void closeQuietly(opened);
  }
}

/**
 * The source's group bit is not carried: it passes on a group of the source. A folder that cannot be looked at there gets what the
 * umask of this process allows.
 */
async function folderMode(task: CopyTask, folder: string): Promise<number> {
  const configured = task.route.destinationMode?.folder;
  if (configured !== undefined) return configured;
  const facts = await orElse(
    (): Awaitable<FileFacts | null> => task.source.stat(folder),
    () => null,
  );
  // Without our own bits nothing could be made in it.
  return facts?.kind === 'folder' ? (facts.mode & 0o777) | 0o700 : 0o777 & ~process.umask();
}

/** What this process remembers between the steps of one publication; empty in a process that never saw the copy. */
export interface PublishMemory {
  /** The part was verified here, or its content was verified on the way. */
  isVerified: boolean;
  /** What was written, open so that its inode stays the same. */
  pin: OpenFile | null;
  /** The claim, likewise. */
  claim: OpenFile | null;
  /** Permission bits of the source that was copied; null: not known here. */
  sourceMode: number | null;
  /** What the copy set already. */
  dressed: Dressed | null;
  readonly notes: CopyNote[];
}

export function emptyMemory(): PublishMemory {
  return { isVerified: false, pin: null, claim: null, sourceMode: null, dressed: null, notes: [] };
}

/**
 * Sets times and mode of what was written, so that the sync that makes the bytes durable makes these durable too. What is refused
 * here, or changed by a later write or by the close, is set when it is published.
 */
export async function dressEarly(task: CopyTask, writing: Writing): Promise<void> {
  const { file, source } = writing;
  const { mtimeNs } = task.order.expected;
  const mode = fileMode(task, task.order, source.facts.mode);
  // The file may have to be opened again, to read or to write on; and nobody else may write to it until it is verified and named.
  if ((mode & 0o622) !== 0o600) return;
  const refusal = (await refusalOf(() => file.setTimes(mtimeNs))) ?? (await refusalOf(() => file.setMode(mode)));
  if (refusal === null) writing.dressed = { mtimeNs, mode, setMtimeNs: (await file.facts()).mtimeNs };
}

/** Whether the file of this name is the one that was written, and has kept the times and the mode that were set and synced. */
async function isDressed(dependencies: LaneDependencies, order: PublishOrder, name: string, memory: PublishMemory): Promise<boolean> {
  const { dressed, pin } = memory;
  if (dressed === null || pin === null || dressed.mtimeNs !== order.mtimeNs) return false;
  const facts = await dependencies.destination.stat(name);
  if (facts === null || !isSameFile(facts, pin.atOpen) || facts.sizeBytes !== order.sizeBytes) return false;
  const isMode = (facts.mode & 0o777) === dressed.mode && dressed.mode === fileMode(dependencies, order, memory.sourceMode);
  return isMode && facts.mtimeNs === dressed.setMtimeNs;
}

/** Sets times and mode and makes all of it durable. Refused ones are notes: CIFS refuses both after data was written. */
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

/** Windows sets times only through a writing handle; a mode set by an earlier try may forbid one. */
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

/** A user who may write in this folder can give another file this name. @throws LOST */
export async function assertPinned(facts: FileFacts, memory: PublishMemory, name: string): Promise<void> {
  if (memory.pin !== null && !isSameFile(facts, memory.pin.atOpen)) throw lost(name);
}

/** Never wider than the file that was read: the mode of the order is that of whatever had its path when it was listed. */
export function fileMode(dependencies: LaneDependencies, order: { readonly mode: number }, sourceMode: number | null): number {
  return (dependencies.route.destinationMode?.file ?? order.mode & (sourceMode ?? 0o777)) & 0o777;
}

/** What a destination answers that does not let mode or times be set. */
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
