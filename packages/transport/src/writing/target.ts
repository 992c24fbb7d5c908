import process from 'node:process';
import { closeQuietly, errnoOf } from '@sluice/platform';
import { finding } from '../storage/failure.ts';
import { isSameFile, type OpenFile, statNameOrNull } from '../storage/storage.ts';
import { createChunkHashes } from '../streams/hashing.ts';
import { createSink, type Sink } from '../streams/sink.ts';
import type { Copied, Opened, Settled, Writing } from '../task/stage.ts';
import { assertRootOnMount, type CopyTask, diverted, enter, identityOf, isOnMount, lost, openOwn, targetName } from '../task/task.ts';
import { orStopped } from '../waiting.ts';
import { fileMode, refusalOf } from './dress.ts';
import { removePart } from './leftovers.ts';

/**
 * Makes the file that will be written to, exclusively, and announces it before it is made.
 *
 * @returns null where the visible name is taken.
 * @throws DIVERTED where it came to lie on another mount than the one that was probed; it is removed again.
 */
export async function createTarget(task: CopyTask, { source }: Opened): Promise<Writing | null> {
  const { order } = task;
  await assertRootOnMount(task, order.mount);
  for (const part of order.removeFirst) await removePart(task, part, order.mount);
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
  await task.report({ kind: 'created', identity: identityOf(await file.facts()) });
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

/** Everything written is durable and the file is closed, both without an error; the name still names it. */
export async function closeTarget(task: CopyTask, writing: Writing, settled: Settled): Promise<void> {
  const { file, sink, source, hashes, quietForMs, dressed } = writing;
  const { sizeBytes } = settled.fingerprint;
  const name = targetName(task.order);
  await sink.flush('all');
  const facts = await file.facts();
  if (facts.sizeBytes !== sizeBytes) {
    throw finding('destination', 'SHORT', `stat ${name}`, `${facts.sizeBytes} bytes are there, ${sizeBytes} were written`);
  }
  const pin = await openOwn(task, task.order.mount, name, 'read');
  enter(task, { ...writing, kind: 'closing', pin });
  if (!isSameFile(await pin.facts(), facts)) throw lost(name);
  sink.end();
  enter(task, { kind: 'copied', source, pin, hashes, quietForMs, dressed, settled, isReadBackElsewhere: false });
  await file.close();
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
  if (!isSameFile(await file.facts(), await pin.facts())) throw lost(name);
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
  const isThere = (await statNameOrNull(destination, deepest)) !== null;
  if (isThere && durableFolders.has(deepest)) return;
  for (const folder of folders) {
    await untilMade(task, folder);
    const isMissing = !isThere && (await statNameOrNull(destination, folder)) === null;
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
    if ((await statNameOrNull(task.destination, folder)) !== null) return;
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
    const made = (await opened.facts()).mode;
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
  const facts = await task.source.stat(folder).catch(() => null);
  // Without our own bits nothing could be made in it.
  return facts?.kind === 'folder' ? (facts.mode & 0o777) | 0o700 : 0o777 & ~process.umask();
}
