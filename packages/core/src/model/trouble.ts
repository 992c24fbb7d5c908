import type { DiskAmount } from './settings.ts';

/** A condition that stops the work of a whole route. The journal keeps these names. */
export type RouteTroubleName = 'wrong_disk' | 'destination' | 'source' | 'room';

/** The names of all troubles of a route. */
export const routeTroubleNames = ['wrong_disk', 'destination', 'source', 'room'] as const satisfies readonly RouteTroubleName[];

/** A destination without room for the waiting files: what is free, what stays free, and what waits. */
export interface RoomShort {
  /** The destination has no room at all: less is free than has to stay free, or it refused an empty file. */
  readonly isFull: boolean;
  /** As the destination reports them. Null: it does not. */
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
  /** `space.keep_free`, as it was configured. */
  readonly keepFree: DiskAmount;
  /** Bytes that running copies still have to write. */
  readonly reservedBytes: number;
  /** Number of files that wait for space, and their total size. */
  readonly files: number;
  readonly bytes: number;
  /** Those that are larger than the whole destination minus `keep_free`, and therefore never fit. */
  readonly tooLarge: { readonly files: number; readonly source: string; readonly sizeBytes: number } | null;
}
