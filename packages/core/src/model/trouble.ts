import type { DiskAmount } from './settings.ts';

/** What a person is called for, of a route. The journal keeps these names, so that none is ever renamed. */
export const routeTroubleNames = [
  'wrong_disk',
  'destination',
  'read_only',
  'source',
  'room',
  'source_nearly_full',
  'files_need_you',
  'files_lost',
  'removal_failing',
] as const;

/** One of {@linkcode routeTroubleNames}. */
export type RouteTroubleName = (typeof routeTroubleNames)[number];

/** A destination without room for what waits: what there is, what stays free, and what waits. */
export interface RoomShort {
  /** The destination has no room at all: it is below what stays free, or it refused an empty file. */
  readonly isFull: boolean;
  /** As the destination reports them; null where it does not. */
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
  /** `space.keep_free`, as it was configured. */
  readonly keepFree: DiskAmount;
  /** What running copies have yet to write. */
  readonly reservedBytes: number;
  /** Files that wait for room, and their sizes together. */
  readonly files: number;
  readonly bytes: number;
  /** Those of them that are larger than the whole destination without what stays free: they never fit. */
  readonly tooLarge: { readonly files: number; readonly source: string; readonly sizeBytes: number } | null;
}
