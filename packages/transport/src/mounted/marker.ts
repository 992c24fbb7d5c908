import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { markerBytesLimit, markerIn, markerName } from '@sluice/core/marker';
import type { DestinationMount } from '@sluice/core/model';
import { type Awaitable, closeQuietly, errnoError, errnoOf } from '@sluice/platform';
import type { OpenFile, Storage } from '../storage/storage.ts';
import { mountedFolder } from './folder.ts';

/**
 * The result of reading a marker. `none`: nothing has its name. `unclear`: the file is empty or incomplete, as while it is being written,
 * or it is too long or not a regular file.
 */
export type MarkerFound = { readonly kind: 'found'; readonly marker: string } | { readonly kind: 'none' } | { readonly kind: 'unclear' };

/**
 * Reads the marker of a destination. Its name is resolved only once, so that a link, a FIFO or an endless file that replaces it cannot
 * lead out of the destination or block the read.
 *
 * @throws the errno of a call that fails for another reason
 */
export async function readMarker(storage: Pick<Storage, 'open'>): Promise<MarkerFound> {
  let text: string | null;
  try {
    text = await readText(await storage.open(markerName, 'read'));
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return { kind: 'none' };
    if (notRegular.has(errno)) return { kind: 'unclear' };
    throw error;
  }
  const marker = text === null ? null : wholeMarkerIn(text);
  return marker === null ? { kind: 'unclear' } : { kind: 'found', marker };
}

/** Errors of opening a link, a socket (ENXIO), or anything else that is not a regular file. */
const notRegular = new Set(['ELOOP', 'EFTYPE', 'EISDIR', 'ENXIO']);

/**
 * Reads a file to its end, but not more than shows that it is larger than a marker.
 *
 * @returns null if it is larger
 */
async function readText(file: OpenFile): Promise<string | null> {
  const bytes = new Uint8Array(markerBytesLimit + 1);
  let text = '';
  try {
    let length = 0;
    for (let read = -1; read !== 0 && wholeMarkerIn(text) === null; ) {
      read = await file.read(bytes.subarray(length), length);
      length += read;
      if (length > markerBytesLimit) return null;
      text = new TextDecoder().decode(bytes.subarray(0, length));
    }
    // A share that goes offline may report the end of a file too early.
    if (length < Math.min(file.atOpen.sizeBytes, markerBytesLimit) && wholeMarkerIn(text) === null)
      throw errnoError('EIO', 'it ended before its end');
  } finally {
    void closeQuietly(file);
  }
  return text;
}

/** Returns the marker in a text; null if the text is not a complete marker. */
function wholeMarkerIn(text: string): string | null {
  return text.endsWith('\n') ? markerIn(text) : null;
}

/** An order to write a marker. */
export interface MarkerOrder {
  readonly marker: string;
  /** First eight hex digits of the agent's UUID. */
  readonly agentId: string;
  /** The mount that was probed. If the share was unmounted meanwhile, its path leads to an empty local folder. */
  readonly mount: DestinationMount;
  /** Called before every call that creates or links; false ends the work with ENDED. */
  readonly mayGoOn: () => boolean;
}

/** The error of a marker that cannot be written: the call that failed, with its errno. */
export class MarkerRefused extends Error {
  override name = 'MarkerRefused';
  readonly operation: string;
  /** The errno, for `errnoOf`. */
  readonly code: string;

  constructor(operation: string, cause: unknown) {
    super(`${operation}: ${errnoOf(cause)}`, { cause });
    this.operation = operation;
    this.code = errnoOf(cause);
  }
}

/**
 * Writes the marker to a temporary file, syncs it and links it to its name. So it is never visible half-written and never replaces
 * another one. If another process was faster, its marker is adopted. If the link fails, with whatever error, the marker is created
 * exclusively under its final name.
 *
 * @param storage the folder that the order names
 * @returns the UUID in the marker that is there now; null if it is unclear, and has to be read again later
 * @throws MarkerRefused with the errno of the failed call; REMOUNTED if the folder is on another mount now; ENDED
 */
export async function writeMarker(order: MarkerOrder, storage: Storage = mountedFolder(order.mount.path)): Promise<string | null> {
  await named('remove old files', () => removeStale(order, storage));
  await leave(order, markerName, storage);
  await named('sync the folder', () => storage.syncFolder(''));
  const there = await named('read the marker', () => readMarker(storage));
  return there.kind === 'found' ? there.marker : null;
}

/**
 * Makes all calls that write a marker, under another name, and removes the file. For a `check`, which must not leave a marker.
 *
 * @throws MarkerRefused
 */
export async function rehearseMarker(order: MarkerOrder, storage: Storage = mountedFolder(order.mount.path)): Promise<void> {
  const name = asideName(order.agentId);
  try {
    await leave(order, name, storage);
  } finally {
    await unlinkIfThere(() => storage.unlink(name)).catch(() => undefined);
  }
}

async function leave(order: MarkerOrder, name: string, storage: Storage): Promise<void> {
  const aside = asideName(order.agentId);
  try {
    await named('create', () => writeSynced(aside, order, storage));
    await linkUnlessThere(aside, name, order, storage);
  } finally {
    // If the file stays, the next call removes it first, or reports why it cannot.
    await unlinkIfThere(() => storage.unlink(aside)).catch(() => undefined);
  }
}

async function named<Value>(operation: string, work: () => Awaitable<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MarkerRefused || !(error instanceof Error && 'code' in error)) throw error;
    throw new MarkerRefused(operation, error);
  }
}

/** Returns a new temporary name. A late call of an ended process must not affect the file of its successor. */
function asideName(agentId: string): string {
  return `${markerName}-${agentId}-${randomUUID().slice(0, 8)}`;
}

/** Removes temporary files of earlier processes of this agent, never those of another agent. */
async function removeStale({ agentId, mount }: MarkerOrder, storage: Storage): Promise<void> {
  // Not `opendir`, for the reason given at `isEmptyFolder`.
  for (const name of await readdir(mount.path)) {
    if (!name.startsWith(`${markerName}-${agentId}-`)) continue;
    try {
      await unlinkIfThere(() => storage.unlink(name));
    } catch (error) {
      if (!ofOthers.has(errnoOf(error))) throw error;
    }
  }
}

/** Errors of removing a folder, or another user's file in a sticky folder. Such leftovers are ignored. */
const ofOthers = new Set(['EISDIR', 'EPERM', 'EACCES']);

async function linkUnlessThere(aside: string, name: string, order: MarkerOrder, storage: Storage): Promise<void> {
  await named('link', async () => assertMayGoOn(order));
  try {
    await storage.link(aside, name);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return;
    await named(`link: ${errnoOf(error)}, then create`, () => writeUnlessThere(name, order, storage));
  }
}

function contentOf(marker: string): Uint8Array {
  return Buffer.from(`Sluice knows this folder by this file. Please do not delete it.\n${marker}\n`);
}

async function writeUnlessThere(name: string, order: MarkerOrder, storage: Storage): Promise<void> {
  try {
    await writeSynced(name, order, storage);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

/** Creates the file exclusively, and removes it if it cannot be written completely. @throws EEXIST if the name is taken */
async function writeSynced(name: string, order: MarkerOrder, storage: Storage): Promise<void> {
  assertMayGoOn(order);
  const file = await storage.open(name, { create: 0o644 });
  try {
    await fill(file, order);
  } catch (error) {
    await unlinkIfThere(() => storage.unlink(name)).catch(() => undefined);
    throw error;
  }
}

async function fill(file: OpenFile, { marker, mount }: MarkerOrder): Promise<void> {
  try {
    const isThere = file.mountId === null || mount.mountId === null || file.mountId === mount.mountId;
    if (!isThere) throw errnoError('REMOUNTED', `${mount.path} lies on another mount by now`);
    await writeAll(file, contentOf(marker));
    await file.sync('all');
  } finally {
    await file.close();
  }
}

async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const written = await file.write(bytes.subarray(at), at);
    if (written === 0) throw errnoError('EIO', 'the storage takes no bytes of the marker');
    at += written;
  }
}

function assertMayGoOn({ mayGoOn }: MarkerOrder): void {
  if (!mayGoOn()) throw errnoError('ENDED', 'Sluice is ending');
}

/** Removes a file that Sluice created. A missing file is not an error. */
export async function unlinkIfThere(unlink: () => Awaitable<void>): Promise<void> {
  try {
    await unlink();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
