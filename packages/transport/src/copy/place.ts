import type { Place, RouteSettings } from '@sluice/core';
import type { OpenFile } from '../destination.ts';
import { codeOf, finding } from './failure.ts';
import type { LaneMeans } from './task.ts';

/** The mount that was probed and the one opened are the same, as far as anybody can tell. */
export function isOnPlace(file: OpenFile, place: Place, route: RouteSettings): boolean {
  return route.guard === 'none' || place.mountId === null || file.mountId === null || file.mountId === place.mountId;
}

/** Before a folder is made: a share that is gone shows an empty local one. @throws DIVERTED */
export async function assertRootOnPlace(means: LaneMeans, place: Place): Promise<void> {
  const root = await means.destination.open('', 'folder');
  root.close().catch(() => undefined);
  if (!isOnPlace(root, place, means.route)) throw diverted('open the destination');
}

/** Opens what we made, by its name. @throws LOST where it is not there any more, DIVERTED where it lies elsewhere. */
export async function openOwn(means: LaneMeans, place: Place, name: string, how: 'read' | 'read_direct' | 'write'): Promise<OpenFile> {
  try {
    const file = await means.destination.open(name, how);
    if (isOnPlace(file, place, means.route)) return file;
    file.close().catch(() => undefined);
    throw diverted(`open ${name}`);
  } catch (error) {
    throw codeOf(error) === 'ENOENT' ? lost(name) : error;
  }
}

export function diverted(operation: string): Error {
  return finding('destination', 'DIVERTED', operation, 'it lies on another mount than the destination that was probed');
}

export function lost(name: string): Error {
  return finding('destination', 'LOST', `open ${name}`, 'what was written here is not there any more');
}
