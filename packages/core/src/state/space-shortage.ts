import type { RoomShort } from '../model/conditions.ts';
import { amountBytes, fits } from '../policy/space.ts';
import type { CoreState, RouteState } from './state.ts';

/** Returns how much room a destination lacks. Null if all waiting files have room, or if the destination is not online. */
export function roomShort(state: CoreState, route: RouteState): RoomShort | null {
  const { gate, roomWait, settings, space } = route;
  if (gate.state !== 'open') return null;
  const isFull = space.level === 'full';
  if (!isFull && roomWait.files() === 0) return null;
  const reserved = route.lanes.unwrittenBytes;
  const bytes = roomWait.bytes();
  // The waiting files fit now, and the next probe moves them on.
  if (!isFull && space.disk.freeBytes !== null && fits(bytes, reserved, space.disk, settings.space)) return null;
  return {
    isFull,
    freeBytes: space.disk.freeBytes,
    totalBytes: space.disk.totalBytes,
    keepFree: settings.space.keepFree,
    reservedBytes: reserved,
    files: roomWait.files(),
    bytes,
    tooLarge: tooLarge(state, route),
  };
}

/** Returns how many of the files that wait for space are larger than the whole destination minus `keep_free`. */
export function countTooLarge({ roomWait, settings, space }: RouteState): number {
  const { totalBytes } = space.disk;
  return totalBytes === null ? 0 : roomWait.countLarger(totalBytes - (amountBytes(settings.space.keepFree, totalBytes) ?? 0));
}

function tooLarge(state: CoreState, route: RouteState): RoomShort['tooLarge'] {
  const files = countTooLarge(route);
  const largest = route.roomWait.largest();
  if (files === 0 || largest === null) return null;
  return { files, source: state.files.get(largest.id)?.source ?? '', sizeBytes: largest.sizeBytes };
}
