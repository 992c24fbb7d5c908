import { randomUUID } from 'node:crypto';
import { opendir } from 'node:fs/promises';
import { type DestinationMount, markerBytesLimit, markerIn, markerName } from '@sluice/core/model';
import { type Awaitable, closeQuietly, errnoError, errnoOf } from '@sluice/platform';
import type { OpenFile, Storage } from '../storage/storage.ts';
import { mountedFolder } from './folder.ts';

/**
 * What stands where the marker should be. `unclear`: empty or cut short, because somebody may be writing it, too long, or
 * no regular file.
 */
export type MarkerFound = { readonly kind: 'found'; readonly marker: string } | { readonly kind: 'none' } | { readonly kind: 'unclear' };

/**
 * Reads the marker of a destination. Its name is looked up once: whatever takes it at any moment, such as a link, a FIFO or a
 * file without an end, neither leads out of the destination nor holds up the read.
 *
 * @throws the errno of a call that leaves it open what stands there
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

/** How an open refuses a link, a socket (ENXIO), and anything else that is not a regular file. */
const notRegular = new Set(['ELOOP', 'EFTYPE', 'EISDIR', 'ENXIO']);

/**
 * Reads up to the end of a marker, or of the file. Of a larger file no more is read than shows that it is larger.
 *
 * @returns null where there is more than a marker has
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
    // A share that goes away may show the end of a file that it is in the middle of.
    if (length < Math.min(file.atOpen.sizeBytes, markerBytesLimit) && wholeMarkerIn(text) === null)
      throw errnoError('EIO', 'it ended before its end');
  } finally {
    void closeQuietly(file);
  }
  return text;
}

/** @returns null where the text is none of a marker, or cut short */
function wholeMarkerIn(text: string): string | null {
  return text.endsWith('\n') ? markerIn(text) : null;
}

/** A marker to be written. */
export interface MarkerOrder {
  readonly marker: string;
  /** First eight hex digits of the agent's UUID. */
  readonly agentId: string;
  /** The destination that was asked: a share that went away meanwhile shows an empty local folder. */
  readonly mount: DestinationMount;
  /** Re-checked before every call that creates or links. */
  readonly mayGoOn: () => boolean;
}

/** Why a marker cannot be left: the call that failed, by the errno of what it answered. */
export class MarkerRefused extends Error {
  override name = 'MarkerRefused';
  readonly operation: string;
  /** For `errnoOf`. */
  readonly code: string;

  constructor(operation: string, cause: unknown) {
    super(`${operation}: ${errnoOf(cause)}`, { cause });
    this.operation = operation;
    this.code = errnoOf(cause);
  }
}

/**
 * Writes the marker aside, syncs it and links it, so that it is never seen half-written and never replaces one. Who
 * loses the race adopts what stands there. Where the link fails, whatever its error, the marker is written under its own name,
 * exclusively.
 *
 * @param storage of the folder that the order names
 * @returns the UUID that stands there now; null where that is not known yet and has to be asked again
 * @throws MarkerRefused with the errno of what failed: REMOUNTED where the folder lies on another mount by now; ENDED
 */
export async function writeMarker(order: MarkerOrder, storage: Storage = mountedFolder(order.mount.path)): Promise<string | null> {
  await named('remove old files', () => removeStale(order, storage));
  await leave(order, markerName, storage);
  await named('sync the folder', () => storage.syncFolder(''));
  const there = await named('read the marker', () => readMarker(storage));
  return there.kind === 'found' ? there.marker : null;
}

/**
 * Makes every call that leaves a marker, for another name, and removes what it made. A `check` leaves no marker.
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
    // One that stays is removed first the next time, or that says why it cannot be.
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

/** Its own name each time: a late call of a dead process must not meet the file of its successor. */
function asideName(agentId: string): string {
  return `${markerName}-${agentId}-${randomUUID().slice(0, 8)}`;
}

/** What this agent left when it died in the middle; never what another one is writing. */
async function removeStale({ agentId, mount }: MarkerOrder, storage: Storage): Promise<void> {
  for await (const { name } of await opendir(mount.path)) {
    if (!name.startsWith(`${markerName}-${agentId}-`)) continue;
    try {
      await unlinkIfThere(() => storage.unlink(name));
    } catch (error) {
      if (!ofOthers.has(errnoOf(error))) throw error;
    }
  }
}

/** A folder that somebody else gave such a name, or a file where only its owner may remove it: nothing waits for its removal. */
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

/** Creates the file exclusively; leaves none behind where it cannot be written whole. @throws EEXIST where the name is taken */
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

/** Removes a file that Sluice made; none there is no error. */
export async function unlinkIfThere(unlink: () => Awaitable<void>): Promise<void> {
  try {
    await unlink();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
