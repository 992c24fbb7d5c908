import { markerName, type Place, type RouteSettings } from '@sluice/core';
import { closeQuietly, errnoOf } from '@sluice/platform';
import { markerIn, mostMarkerBytes } from '../mounted/marker.ts';
import { finding } from '../storage/failure.ts';
import type { OpenFile } from '../storage/storage.ts';
import type { LaneMeans } from './task.ts';

/** The mount that was probed and the one opened are the same, as far as anybody can tell. */
export function isOnPlace(file: OpenFile, place: Place, route: RouteSettings): boolean {
  return route.guard === 'none' || place.mountId === null || file.mountId === null || file.mountId === place.mountId;
}

/**
 * Before anything is made: a share that is gone shows an empty local folder, and another disk in its place often has its
 * mount id and its device number too.
 *
 * @throws DIVERTED
 */
export async function assertRootOnPlace(means: LaneMeans, place: Place): Promise<void> {
  const root = await means.destination.open('', 'folder');
  void closeQuietly(root);
  if (!isOnPlace(root, place, means.route)) throw diverted('open the destination');
  const isGuarded = place.marker !== undefined && means.route.guard !== 'none';
  if (isGuarded && place.marker !== (await readMarkerOf(means))) throw diverted('read the marker of the destination');
}

/** @returns null where there is none */
async function readMarkerOf({ destination }: LaneMeans): Promise<string | null> {
  try {
    const file = await destination.open(markerName, 'read');
    const bytes = new Uint8Array(mostMarkerBytes);
    const count = await file.read(bytes, 0).finally(() => void closeQuietly(file));
    return markerIn(new TextDecoder().decode(bytes.subarray(0, count)));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Opens what we made, by its name. @throws LOST where it is not there any more, DIVERTED where it lies elsewhere. */
export async function openOwn(means: LaneMeans, place: Place, name: string, how: 'read' | 'read_direct' | 'write'): Promise<OpenFile> {
  try {
    const file = await means.destination.open(name, how);
    if (isOnPlace(file, place, means.route)) return file;
    void closeQuietly(file);
    throw diverted(`open ${name}`);
  } catch (error) {
    throw errnoOf(error) === 'ENOENT' ? lost(name) : error;
  }
}

export function diverted(operation: string): Error {
  return finding('destination', 'DIVERTED', operation, 'it is not the destination that was probed');
}

export function lost(name: string): Error {
  return finding('destination', 'LOST', `open ${name}`, 'what was written here is not there any more');
}
