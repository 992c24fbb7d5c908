import { randomUUID } from 'node:crypto';
import { type FileHandle, link, lstat, open, opendir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type DestinationMount, markerName } from '@sluice/core/model';
import { errnoError, errnoOf, mountIdOfDescriptor } from '@sluice/platform';
import { syncFolder } from './folder.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** No marker is longer; a larger file of its name is not read into memory whole. */
export const markerBytesLimit = 4_096;

/** What stands where the marker should be. `unclear`: empty or cut short, somebody may be writing it. */
export type MarkerFound = { readonly kind: 'found'; readonly marker: string } | { readonly kind: 'none' } | { readonly kind: 'unclear' };

/** @throws the errno of the read, but for ENOENT */
export async function readMarker(root: string): Promise<MarkerFound> {
  const path = join(root, markerName);
  let text: string;
  try {
    const facts = await lstat(path);
    if (!facts.isFile() || facts.size > markerBytesLimit) return { kind: 'unclear' };
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { kind: 'none' };
    throw error;
  }
  const marker = markerIn(text);
  return marker === null ? { kind: 'unclear' } : { kind: 'found', marker };
}

/** @returns null where the text is none of a marker, or cut short */
export function markerIn(text: string): string | null {
  const marker = uuid.exec(text)?.[0];
  return marker !== undefined && text.endsWith('\n') ? marker : null;
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
 * @param linkFile refused by some storage
 * @returns the UUID that stands there now; null where that is not known yet and has to be asked again
 * @throws MarkerRefused with the errno of what failed: REMOUNTED where the folder lies on another mount by now; ENDED
 */
export async function writeMarker(order: MarkerOrder, linkFile: typeof link = link): Promise<string | null> {
  const root = order.mount.path;
  await named('remove old files', () => removeStale(root, order.agentId));
  await leave(order, join(root, markerName), linkFile);
  await named('sync the folder', () => syncFolder(root));
  const there = await named('read the marker', () => readMarker(root));
  return there.kind === 'found' ? there.marker : null;
}

/**
 * Makes every call that leaves a marker, for another name, and removes what it made. A `check` leaves no marker.
 *
 * @throws MarkerRefused
 */
export async function rehearseMarker(order: MarkerOrder, linkFile: typeof link = link): Promise<void> {
  const path = asidePath(order.mount.path, order.agentId);
  try {
    await leave(order, path, linkFile);
  } finally {
    await unlinkIfThere(path).catch(() => undefined);
  }
}

async function leave(order: MarkerOrder, path: string, linkFile: typeof link): Promise<void> {
  const aside = asidePath(order.mount.path, order.agentId);
  try {
    await named('create', () => writeSynced(aside, order));
    await linkUnlessThere(aside, path, order, linkFile);
  } finally {
    // One that stays is removed first the next time, or that says why it cannot be.
    await unlinkIfThere(aside).catch(() => undefined);
  }
}

async function named<Value>(operation: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MarkerRefused || !(error instanceof Error && 'code' in error)) throw error;
    throw new MarkerRefused(operation, error);
  }
}

/** Its own name each time: a late call of a dead process must not meet the file of its successor. */
function asidePath(root: string, agentId: string): string {
  return join(root, `${markerName}-${agentId}-${randomUUID().slice(0, 8)}`);
}

/** What this agent left when it died in the middle; never what another one is writing. */
async function removeStale(root: string, agentId: string): Promise<void> {
  for await (const { name } of await opendir(root)) {
    if (name.startsWith(`${markerName}-${agentId}-`)) await unlinkIfThere(join(root, name));
  }
}

async function linkUnlessThere(aside: string, path: string, order: MarkerOrder, linkFile: typeof link): Promise<void> {
  await named('link', async () => assertMayGoOn(order));
  try {
    await linkFile(aside, path);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return;
    await named(`link: ${errnoOf(error)}, then create`, () => writeUnlessThere(path, order));
  }
}

function contentOf(marker: string): string {
  return `Sluice knows this folder by this file. Please do not delete it.\n${marker}\n`;
}

async function writeUnlessThere(path: string, order: MarkerOrder): Promise<void> {
  try {
    await writeSynced(path, order);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

/** Creates the file exclusively; leaves none behind where it cannot be written whole. @throws EEXIST where the name is taken */
async function writeSynced(path: string, order: MarkerOrder): Promise<void> {
  assertMayGoOn(order);
  const file = await open(path, 'wx', 0o644);
  try {
    await fill(file, order);
  } catch (error) {
    await unlinkIfThere(path).catch(() => undefined);
    throw error;
  }
}

async function fill(file: FileHandle, { marker, mount }: MarkerOrder): Promise<void> {
  try {
    const mountId = mountIdOfDescriptor(file.fd);
    const isThere = mountId === null || mount.mountId === null || mountId === mount.mountId;
    if (!isThere) throw errnoError('REMOUNTED', `${mount.path} lies on another mount by now`);
    await file.writeFile(contentOf(marker));
    await file.sync();
  } finally {
    await file.close();
  }
}

function assertMayGoOn({ mayGoOn }: MarkerOrder): void {
  if (!mayGoOn()) throw errnoError('ENDED', 'Sluice is ending');
}

/** Removes a file that Sluice made; none there is no error. */
export async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
