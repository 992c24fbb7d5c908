import { amountBytes } from '@sluice/core';
import type { RoomShort } from '@sluice/core/model';
import { sizeLong, sizesApart } from '../figures/figures.ts';

/** Returns what a destination lacks: `1.99 GB free; space.keep_free = 2.00 GB must stay free; 3 files, 734 MB wait`. */
export function roomText(room: RoomShort): string {
  const { files, bytes } = room;
  const waiting = `${files} file${files === 1 ? '' : 's'}, ${sizeLong(bytes)} wait${files === 1 ? 's' : ''}`;
  return [...thereText(room), ...(files === 0 ? [] : [waiting]), ...tooLargeText(room)].join('; ');
}

/** Returns the same with what it means. */
export function noRoomText(room: RoomShort): string {
  const text = roomText(room);
  return `${room.isFull ? 'the destination is full' : 'no room at the destination'}${text === '' ? '' : `: ${text}`}`;
}

/** @returns what is free and why that is not enough; empty if neither is known */
function thereText({ freeBytes, totalBytes, keepFree, reservedBytes, isFull }: RoomShort): string[] {
  if (freeBytes === null) return [];
  const kept = keptFreeBytes({ keepFree, totalBytes });
  const [free, keep] = sizesApart(freeBytes, kept);
  const asShare = 'share' in keepFree ? `${Number((keepFree.share * 100).toPrecision(6))}%, ` : '';
  return [
    `${kept === 0 ? sizeLong(freeBytes) : free} free`,
    ...(kept === 0 ? [] : [`space.keep_free = ${asShare}${keep} must stay free`]),
    ...(reservedBytes === 0 ? [] : [`${sizeLong(reservedBytes)} are reserved for running copies`]),
    ...(isFull && freeBytes > kept ? ['it refuses new files anyway: a quota or its number of files may be used up'] : []),
  ];
}

function tooLargeText({ tooLarge, totalBytes }: RoomShort): string[] {
  if (tooLarge === null || totalBytes === null) return [];
  const { files, source, sizeBytes } = tooLarge;
  const which =
    files === 1
      ? `${source} (${sizeLong(sizeBytes)}) can never fit`
      : `${files} files can never fit, such as ${source} (${sizeLong(sizeBytes)})`;
  return [`${which}: the whole destination has ${sizeLong(totalBytes)}`];
}

/** Returns how many bytes new copies leave free; 0 for a share of a disk whose size is not known. */
export function keptFreeBytes({ keepFree, totalBytes }: Pick<RoomShort, 'keepFree' | 'totalBytes'>): number {
  return amountBytes(keepFree, totalBytes) ?? 0;
}
